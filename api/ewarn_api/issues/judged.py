"""Judgements beside the model: what is stored with one, and scores once outcomes are known."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ewarn.core.specs import thresholds_of
from ewarn.database.judgements import LEVELS, Judgement
from ewarn.forecasting import escalation
from ewarn_api.issues.snapshot import Snapshot

Named = Sequence[tuple[Judgement, str]]


def beside(known: Snapshot, level: str, code: str, target_month: str) -> dict[str, Any]:
    """Return the columns of a judgement that state what the issue forecasts for the area.

    The base of a country is the sum of its units'; it has no risk of the model. Raises Unknown
    for an area or a month that the issue has not.
    """
    units = _units(known, level, code)
    known.known_months([target_month], [])
    filters = {"admin1_code": units, "target_month": {target_month}}
    rows = known.table("risks").page(filters, slice(None)).dicts
    base = float(sum(row["baseline"] for row in rows))
    thresholds = thresholds_of(known.card.model.spec)
    return {
        "simulated": known.card.simulated,
        "issue_id": known.card.issue,
        "target": known.card.target,
        "model_risk": float(rows[0]["risk"]) if level == "unit" else None,
        "baseline": base,
        "escalates_at": int(escalation.least_increase(np.array([base]), thresholds)[0]),
    }


def scores(known: Snapshot, some: Named) -> list[dict[str, Any]]:
    """Return the scores of judgements (`columns.TABLES["judgement_scores"]`): a row an analyst and
    level, and one a level for the team, without an analyst.

    Scored are those whose month the issue's history has a count for, in all units of the area.
    """
    observed = [(one, name, _happened(known, one)) for one, name in some]
    found = []
    for level in LEVELS:
        of_level = [row for row in observed if row[0].area_level == level]
        names = sorted({name for _, name, _ in of_level})
        for name in (*names, *([None] if names else [])):
            own = [(one, up) for one, by, up in of_level if name in (by, None) and up is not None]
            found.append({"analyst": name, "area_level": level} | _line(own))
    return found


def _line(rows: Sequence[tuple[Judgement, bool]]) -> dict[str, Any]:
    risks = [one.model_risk for one, _ in rows if one.model_risk is not None]
    ups = np.array([up for _, up in rows], float)
    own = _brier([one.probability for one, _ in rows], ups)
    # A level either has a risk of the model in every row, or in none.
    model = _brier(risks, ups) if risks else None
    difference = own - model if own is not None and model is not None else None
    return {
        "scored": len(rows),
        "brier": own,
        "model_brier": model,
        "brier_difference": difference,
    }


def _brier(probabilities: Sequence[float], ups: Any) -> float | None:
    """Return the mean squared error (as `ewarn.evaluation.scores.brier`); None without any."""
    return float(np.mean((np.array(probabilities) - ups) ** 2)) if len(probabilities) else None


def _happened(known: Snapshot, one: Judgement) -> bool | None:
    """Return whether an area escalated; None while the issue has no count of all of it."""
    if one.target != known.card.target:
        return None
    units = _within(known, one.area_level, one.area_code)
    months = known.table("history").values("month")
    if not units or one.target_month not in months:
        return None
    filters = {"admin1_code": units, "month": {one.target_month}}
    rows = known.table("history").page(filters, slice(None)).dicts
    counts = [row[one.target] for row in rows]
    if len(counts) < len(units) or None in counts:
        return None
    return bool(sum(counts) >= one.escalates_at)


def _units(known: Snapshot, level: str, code: str) -> set[str]:
    """Return the units of an area; raises Unknown."""
    if level == "country":
        known.known_countries([code])
    return _within(known, level, code) or known.known_units([code])


def _within(known: Snapshot, level: str, code: str) -> set[str]:
    """Return the units of an area that the issue has, which may be none."""
    area_of = known.country_of if level == "country" else str
    return {unit for unit in known.units if area_of(unit) == code}
