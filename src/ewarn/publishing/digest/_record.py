"""Count hits, false alarms and misses of the forecast of the newest month."""

from collections.abc import Mapping

import pandas as pd

from ewarn.publishing.digest._facts import TOP, Place, Record, Scope
from ewarn.publishing.issue import Card

_ROUNDING = 1e-9  # what sums of draws' shares may be off by


def of(
    card: Card,
    scope: Scope,
    places: Mapping[str, Place],
    scored: pd.DataFrame | None,
    is_ahead: bool,
) -> Record | None:
    """Return how the issue before forecast the newest month, in the scope's units.

    `scored` has a row a unit, of one lead: `unit`, `lead`, `target_month`, `risk`, `expected` and
    `is_escalation`. The TOP are those of all units, also where the scope is a watch list.
    """
    if scored is None or scored.empty or card.last_issue is None:
        return None
    rows = _flagged(scored.astype({"unit": str, "is_escalation": bool}), scope.threshold)
    rows = rows[rows["unit"].map(lambda unit: scope.holds(unit) and unit in places)]
    if rows.empty:
        return None
    hit = rows["is_flagged"] & rows["is_escalation"]

    def named(chosen: "pd.Series[bool]") -> tuple[Place, ...]:
        return tuple(places[unit] for unit in rows.loc[chosen, "unit"])

    return Record(
        issue=card.last_issue,
        target_month=str(rows["target_month"].iloc[0]),
        lead=int(rows["lead"].iloc[0]),
        threshold=scope.threshold,
        scored=len(rows),
        hits=named(hit),
        false_alarms=named(rows["is_flagged"] & ~rows["is_escalation"]),
        misses=named(~rows["is_flagged"] & rows["is_escalation"]),
        is_ahead=is_ahead,
    )


def _flagged(scored: pd.DataFrame, threshold: float | None) -> pd.DataFrame:
    """Return the rows from the highest risk down, with whether each is flagged."""
    rows = scored.sort_values(
        ["risk", "expected", "unit"], ascending=[False, False, True], kind="stable"
    )
    if threshold is None:
        return rows.assign(is_flagged=[place < TOP for place in range(len(rows))])
    return rows.assign(is_flagged=rows["risk"] >= threshold - _ROUNDING)
