"""Collect what a model card holds, from a trained model and its held-out scores, ready for JSON."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ewarn.core import months
from ewarn.core.specs import ModelSpec, Protocol
from ewarn.data.panel import Panel
from ewarn.evaluation import backtest, scores
from ewarn.evaluation.report import _figures, _sentences
from ewarn.evaluation.report._numbers import Numbers, Subject, numbers, records
from ewarn.evaluation.report.card import _limits
from ewarn.forecasting import features
from ewarn.forecasting.features import groups
from ewarn.forecasting.model import WARM_UP, Model

RULES = Protocol(name="held-out", why="Origins held out in training.")
_SHARES = ("share", "share_low", "share_high")
IMPORTANCE = (
    "The rise of the mean CRPS of log(1 + count) when the features of a group are permuted together"
    " among units, once an origin and lead, seeded (Breiman 2001): how much worse the forecast gets"
    " without them. The calendar, which units share, is permuted among leads. A unit's past that a"
    " family reads itself goes with its own history. Shares are of the model's own mean score."
)


@dataclass(frozen=True)
class Learned:
    """What a card is about: a model, the panel and the files it learned from, and the code."""

    model: Model
    panel: Panel
    sources: list[dict[str, Any]]
    code_version: str


def document(learned: Learned, rows: pd.DataFrame, importance: pd.DataFrame) -> dict[str, Any]:
    """Return the card, from the scored rows of the held-out origins, the model's and the
    baseline's, and what `importance.of` gave for each. It lacks only what the registry calls the
    model.
    """
    spec, found = learned.model.spec, numbers(rows, RULES)
    subject = Subject(
        key="",
        protocol=RULES,
        specs=backtest.beside_baseline([spec]),
        sources=learned.sources,
        simulated=learned.model.simulated,
        as_of=learned.panel.as_of,
        code_version=learned.code_version,
    )
    missing = features.build(learned.panel, spec.feature_sets, spec.columns).missing
    about = _about(learned)
    most = about["coverage"]["largest"]["count"]
    limits = _limits.sentences(rows, found, subject, learned.model, most, missing)
    return about | {
        "missing_features": list(missing),
        "compared_with": backtest.BASELINE,
        "origins": found.origins,
        "summary": [_sentences.headline(found, subject), *_sentences.sentences(found, subject)],
        "scores": {
            name: records(getattr(found, name))
            for name in ("average", "by_lead", "by_stratum", "by_onset")
        },
        "differences": _differences(rows, found),
        "calibration": _calibration(rows),
        "importance": _importance(importance),
        "limits": list(limits),
    }


def _about(learned: Learned) -> dict[str, Any]:
    """Return the facts of a model that do not depend on scores."""
    model, panel = learned.model, learned.panel
    own = {
        group: [name for name in model.names if groups.of(name) == group] for group in groups.GROUPS
    }
    return {
        "model": model.spec.name,
        "target": model.spec.target,
        "leads": list(model.spec.leads),
        "simulated": model.simulated,
        "as_of": panel.as_of.isoformat(),
        "reference_month": months.label(panel.reference_month),
        "code_version": learned.code_version,
        "spec": model.spec.model_dump(mode="json"),
        "coverage": _coverage(panel, model.spec),
        "sources": learned.sources,
        "features": own,
    }


def _coverage(panel: Panel, spec: ModelSpec) -> dict[str, Any]:
    """Return the panel, and the months of it whose outcomes were learned from."""
    since = max(WARM_UP + min(spec.leads), panel.shape[1] - spec.train_months)
    counts = panel.columns[spec.target][:, since:]
    unit, month = np.unravel_index(int(np.argmax(counts)), counts.shape)
    return {
        "units": len(panel.units),
        "countries": int(panel.units["country"].nunique()),
        "first_month": months.label(panel.first_month),
        "last_month": months.label(panel.reference_month),
        "columns": sorted(panel.columns),
        "outcomes_from": months.label(panel.first_month + since),
        "largest": {
            "unit": str(panel.units["code"].iloc[int(unit)]),
            "month": months.label(panel.first_month + since + int(month)),
            "count": float(counts.max()),
        },
    }


def _differences(rows: pd.DataFrame, found: Numbers) -> dict[str, Any]:
    """Paired differences from the baseline, with intervals by bootstrap over origins."""
    base = backtest.BASELINE
    strata = [
        backtest.against_on_average(own, base, RULES.seed, RULES.level).assign(stratum=str(name))
        for name, own in rows.groupby("stratum", observed=True)
    ]
    near = found.against_near_withdrawals.get(base)
    return {
        "level": RULES.level,
        "seed": RULES.seed,
        "average": records(found.against_on_average[base]),
        "by_lead": records(found.against[base]),
        "by_stratum": records(pd.concat(strata)),
        "near_withdrawals": [] if near is None else records(near),
    }


def _calibration(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the points of the reliability diagrams, a line a model and event."""
    return [
        {"model": str(name), "event": event, "forecast": said.tolist(), "observed": came.tolist()}
        for name, own in rows.groupby("model", observed=True)
        for event, (said, came) in backtest.reliability(own, fewest=_figures.FEWEST).items()
    ]


def _importance(table: pd.DataFrame) -> dict[str, Any]:
    """Rises, means over origins, by group and lead; and over leads too, with intervals."""
    by_lead = table.groupby(["group", "lead"])[["rise", "crps_log1p"]].mean().reset_index()
    by_origin = table.groupby(["group", "origin"])["rise"].mean()
    base = float(table["crps_log1p"].mean()) or np.nan
    average = [
        {"group": group, "rise": own.mean()}
        | dict(zip(_SHARES, np.array([own.mean(), low, high]) / base, strict=True))
        for group in groups.GROUPS
        for own in [by_origin.loc[group].to_numpy()]
        for low, high in [scores.paired_interval(own, RULES.seed, RULES.level)]
    ]
    share = by_lead["rise"] / by_lead.pop("crps_log1p").replace(0, np.nan)
    return {
        "how": IMPORTANCE,
        "average": records(pd.DataFrame(average)),
        "by_lead": records(by_lead.assign(share=share)),
    }
