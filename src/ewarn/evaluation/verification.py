"""Score an issue's forecasts on the observed outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.core import columns, months
from ewarn.core.specs import Thresholds, thresholds_of
from ewarn.evaluation import scores
from ewarn.forecasting import escalation, strata
from ewarn.forecasting.distribution import Distribution
from ewarn.forecasting.families import conflictology
from ewarn.publishing.issue import Card, Issue

TOP = 20  # units a watch list has room for
ALL = "all"  # the stratum of every row
BINS = 10
_EVENTS = {"ge_1": "p_ge_1", "ge_25": "p_ge_25", "escalation": "risk"}
_MONTHS = 24  # of the past, which determine the stratum


@dataclass(frozen=True)
class IssuedForecast:
    """The forecast of an issue, to be scored lead by lead: risks, draws, and the counts
    known then.
    """

    card: Card
    risks: pd.DataFrame
    draws: pd.DataFrame
    past: pd.DataFrame

    def beside(self, lead: int, outcome: "pd.Series[float]") -> pd.DataFrame:
        """Return scored rows (`columns.TABLES["hindcasts"]`), a row a unit, of the units that
        `outcome` has a count for.
        """
        observed = outcome.dropna()
        units = self.risks.loc[self.risks["lead"] == lead].set_index("unit").loc[observed.index]
        count, base = np.asarray(observed, np.float64), units["baseline"].to_numpy()
        thresholds = thresholds_of(self.card.model.spec)
        past = self.past.loc[observed.index].to_numpy(np.float32)
        facts = _scored(_distribution(self.draws, lead, observed.index), count)
        baseline_draws = conflictology.draws(past[:, -escalation.BASE_MONTHS :])
        naive = _scored(baseline_draws, count) | _chances(baseline_draws, base, thresholds)
        found: dict[str, object] = {
            "unit": observed.index.to_numpy(str),
            "reference_month": self.card.reference_month,
            "lead": lead,
            "target_month": target_month(self.card, lead),
            "count": count,
            "is_escalation": escalation.is_escalation(count, base, thresholds),
            "stratum": strata.strata(past),
        }
        found |= {name: units[name].to_numpy() for name in _AS_ISSUED} | facts
        found |= {f"conflictology_{name}": values for name, values in naive.items()}
        return pd.DataFrame(found)[list(columns.TABLES["hindcasts"])]


_AS_ISSUED = ("risk", "p_ge_1", "p_ge_25", "expected", "q05", "q95", "baseline", "is_onset")


def read_forecast(was: Issue) -> IssuedForecast:
    """Read the forecast of an issue; raises BadInput where a file of it was changed."""
    risks = was.table("risks").astype({"unit": str})
    return IssuedForecast(was.card, risks, was.table("draws").astype({"unit": str}), _past(was))


def target_month(card: Card, lead: int) -> str:
    """Return the month that an issue forecast at a lead."""
    return months.label(months.parse(card.reference_month) + lead)


def counts(history: pd.DataFrame, target: str) -> pd.DataFrame:
    """Return a column of a history (`columns.TABLES`) by unit and month, (unit, month)."""
    wide = history.pivot(index="unit", columns="month", values=target)
    return wide.set_axis(wide.index.astype(str)).set_axis(wide.columns.astype(str), axis=1)


def lines(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the scores of scored rows, a line a lead and stratum, and one a lead for all strata.

    A line has lead, stratum and the fields of `columns.VERIFICATION`. The top are the TOP rows of
    highest risk from one origin at one lead; of equal risks, first the higher expected count.
    """
    top = rows.assign(is_top=_is_top(rows))
    found = []
    for lead in sorted(set(rows["lead"])):
        own = top[top["lead"] == lead]
        parts = [(ALL, own), *((name, own[own["stratum"] == name]) for name in strata.STRATA)]
        found += [{"lead": int(lead), "stratum": name} | _line(part) for name, part in parts]
    return found


def _line(rows: pd.DataFrame) -> dict[str, Any]:
    if rows.empty:
        return dict.fromkeys(columns.VERIFICATION) | {"n": 0}
    observed = {
        "ge_1": rows["count"].to_numpy() >= 1,
        "ge_25": rows["count"].to_numpy() >= 25,
        "escalation": rows["is_escalation"].to_numpy(bool),
    }
    hits = int((rows["is_top"] & rows["is_escalation"]).sum())
    return {
        "n": len(rows),
        **_means(rows, "", observed),
        **_means(rows, "conflictology_", observed),
        "escalations": int(observed["escalation"].sum()),
        "top_20_hits": hits,
        "top_20_false_alarms": int(rows["is_top"].sum()) - hits,
        "reliability": {
            name: _bins(rows[_EVENTS[name]].to_numpy(), happened)
            for name, happened in observed.items()
        },
    }


def _means(
    rows: pd.DataFrame, whose: str, came: Mapping[str, NDArray[np.bool_]]
) -> dict[str, float]:
    means = {f"{whose}{name}": float(rows[f"{whose}{name}"].mean()) for name in _CRPS}
    for name, happened in came.items():
        probability = rows[f"{whose}{_EVENTS[name]}"].to_numpy()
        means[f"{whose}brier_{name}"] = float(scores.brier(probability, happened).mean())
    return means


_CRPS = ("crps", "crps_log1p")


def _bins(probability: NDArray[np.float64], came: NDArray[np.bool_]) -> list[list[float]]:
    """For each of BINS of equal width: how many, the sum of probabilities, how often it came."""
    place = np.minimum((probability * BINS + 1e-9).astype(int), BINS - 1)
    sums = (np.bincount(place, weights, BINS) for weights in (None, probability, came))
    number, total, happened = sums
    return [
        [int(n), round(float(p), 6), int(y)]
        for n, p, y in zip(number, total, happened, strict=True)
    ]


def _is_top(rows: pd.DataFrame) -> "pd.Series[bool]":
    ordered = rows.assign(unit=rows["unit"].astype(str)).sort_values(
        ["risk", "expected", "unit"], ascending=[False, False, True], kind="stable"
    )
    place = ordered.groupby(["reference_month", "lead"], observed=True).cumcount()
    return (place < TOP).reindex(rows.index)


def _scored(draws: Distribution, count: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    return {"crps": scores.crps(draws, count), "crps_log1p": scores.crps_log1p(draws, count)}


def _chances(
    draws: Distribution, base: NDArray[np.float64], thresholds: Thresholds
) -> dict[str, NDArray[np.float64]]:
    classes = escalation.probabilities(draws, base, thresholds)
    return {"risk": escalation.risk(classes), "p_ge_1": draws.p_ge(1), "p_ge_25": draws.p_ge(25)}


def _distribution(table: pd.DataFrame, lead: int, units: pd.Index) -> Distribution:
    """Return the draws of an issue at a lead, in the order of those units."""
    some = table[table["lead"] == lead].set_index("unit")["draws"]
    return Distribution.of(np.stack(some.loc[units].to_list()))


def _past(was: Issue) -> pd.DataFrame:
    """Return the target in the 24 months to the reference month, (unit, month); NaN where not
    known.
    """
    last = months.parse(was.card.reference_month)
    labels = [months.label(last - back) for back in reversed(range(_MONTHS))]
    return counts(was.table("history"), was.card.target).reindex(columns=labels)
