"""Write the known limits of a model as sentences."""

from collections.abc import Iterator, Sequence

import pandas as pd

from ewarn.evaluation import scores
from ewarn.evaluation.report import _sentences
from ewarn.evaluation.report._numbers import Numbers, Subject
from ewarn.forecasting import strata
from ewarn.forecasting.features import groups
from ewarn.forecasting.model import Model

_OFF = 0.03  # by how much the share of outcomes in the 90 % interval may be off unsaid


def sentences(
    rows: pd.DataFrame,
    found: Numbers,
    subject: Subject,
    model: Model,
    most: float,
    missing: Sequence[str],
) -> Iterator[str]:
    """Yield the known limits, those of the evidence first, each with its numbers; `most` is the
    largest count learned from, `missing` are features without data.
    """
    if model.simulated:
        yield "It learned from simulated events: its forecasts are not of the real world."
    yield (
        "The scores are of fits at the held-out origins, each on what was known then: this model"
        " itself has learned from those months, and cannot be scored on them."
    )
    if few := _sentences.origins(found):
        yield few
    yield _sentences.caveat(found, subject)
    own = rows[rows["model"] == model.spec.name]
    yield from _calibration(own)
    yield from _quiet(own)
    yield from _data(model, most, missing, subject)
    yield from _knowledge(model)


def _calibration(own: pd.DataFrame) -> Iterator[str]:
    share = float(own["pit"].between(0.05, 0.95).mean())
    if abs(share - 0.9) > _OFF:
        what = "too narrow" if share < 0.9 else "too wide"
        yield f"Its 90 % interval is {what}: it holds {share:.1%} of outcomes (PIT)."


def _quiet(own: pd.DataFrame) -> Iterator[str]:
    quiet = own[own["stratum"] == strata.QUIET]
    observed = quiet["outcome"].to_numpy() >= 1
    if not observed.any():
        return
    error = quiet["crps_log1p"].sum() / own["crps_log1p"].sum()
    found = scores.average_precision(quiet["p_ge_1"].to_numpy(float), observed)
    yield (
        f"Units without a fatality in 24 months are {len(quiet) / len(own):.0%} of unit-months and"
        f" {error:.0%} of its CRPS of log(1 + count); among them it ranks where violence begins"
        f" with an average precision of {found:.3f}, where chance gives {observed.mean():.3f}."
    )


def _data(model: Model, most: float, missing: Sequence[str], subject: Subject) -> Iterator[str]:
    yield (
        f"The largest monthly count it has learned from is {most:,.0f}: forecasts above it rest"
        " on the form of its distribution."
    )
    if missing:
        lost = sorted({groups.of(name).replace("_", " ") for name in missing})
        number = f"{len(missing)} of its features ({', '.join(lost)})"
        yield f"The data had no column for {number}: it does without."
    for one in subject.sources:
        if one["set_aside"]:
            yield f"Of {one['rows']:,} rows of {one['kind']}, {one['set_aside']:,} are set aside."
        last = one["last_month"]
        if last and last < model.trained_to:
            yield f"Its {one['kind']} end in {last}, the months observed in {model.trained_to}."


def _knowledge(model: Model) -> Iterator[str]:
    known = [name.replace("_", " ") for name in groups.GROUPS if _has(model, name)]
    yield (
        f"It uses its features alone ({', '.join(known) or 'own history'}), as reported:"
        " nothing of elections, economies, weather, talks or ceasefires, nor of a withdrawal that"
        " was not announced."
    )
    yield f"It has learned nothing since {model.trained_to}; trained again, it is another version."
    yield (
        "A group of features that matters is no cause, and groups that carry the same information"
        " hide each other, because permuting one leaves the others."
    )


def _has(model: Model, group: str) -> bool:
    return any(groups.of(name) == group for name in model.names)
