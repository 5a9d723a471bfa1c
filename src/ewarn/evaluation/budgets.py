"""Choose the threshold that keeps to an alert budget, and count what it would have given."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ewarn.core.errors import BadInput, Unknown

_ROUNDING = 1e-9  # what sums of draws' shares may be off by


@dataclass(frozen=True)
class Outcome:
    """What alerts at and above a threshold would have given, in counts over so many months."""

    threshold: float
    months: int
    hits: int
    misses: int
    false_alarms: int

    @property
    def alerts(self) -> int:
        """Hits and false alarms."""
        return self.hits + self.false_alarms

    @property
    def a_month(self) -> float:
        """Alerts a month, on average."""
        return self.alerts / self.months


def is_reached(risk: pd.Series, threshold: float) -> pd.Series:
    """Return whether each risk is at least the threshold; what rounding took off it does
    not count.
    """
    return risk >= threshold - _ROUNDING


def within(
    rows: pd.DataFrame, units: Collection[str] | None, leads: Collection[int] | None
) -> pd.DataFrame:
    """Return the rows of a hindcast of those units and leads, all where None is given.

    Raises Unknown for a unit that it has not, BadInput for a lead.
    """
    known, built = set(rows["unit"]), set(rows["lead"])
    for unit in units or ():
        if unit not in known:
            raise Unknown("unit", unit, known)
    for lead in leads or ():
        if lead not in built:
            raise BadInput("lead", lead, f"one of {', '.join(map(str, sorted(built)))}")
    chosen = rows["unit"].isin(known if units is None else list(units))
    return rows[chosen & rows["lead"].isin(built if leads is None else list(leads))]


def keep_to(rows: pd.DataFrame, a_month: float) -> Outcome:
    """Return the threshold that keeps to a budget of so many alerts a month, and what it would have
    given.

    An alert is for a unit and a target month: it is raised when the risk at any of the leads is at
    least the threshold, and counted once, at however many leads. The threshold is the smallest
    risk above 0 in `rows` with which the alerts, over all the target months there, are at most
    `a_month` times the number of those months: so on average, and not in each of them. Equal risks
    are taken all or none. Infinite, with no alert, where even the highest risk is shared by too
    many, or none is above 0.

    `rows` are those of a hindcast, of all the units and leads that count (see `within`), each unit
    and target month with each lead. Raises BadInput without rows, or for a budget not above 0.
    """
    if not a_month > 0:
        raise BadInput("alert budget", a_month, "alerts a month, more than 0")
    each = _unit_months(rows)
    months = each["target_month"].nunique()
    risks, times = np.unique(each["risk"].to_numpy(), return_counts=True)
    alerts = times[::-1].cumsum()[::-1]  # how many reach each risk
    stored = risks[(alerts <= a_month * months) & (risks > 0)]
    return at(rows, float(stored.min()) if len(stored) else float("inf"))


def at(rows: pd.DataFrame, threshold: float) -> Outcome:
    """Return what that threshold would have given: alerts as `keep_to` has them.

    A hit is an alert for a unit and month in which violence did escalate, a miss an escalation
    without an alert. Whether it escalated is seen from the last origin before it: the base is the
    mean of the 12 months to that of the smallest lead.
    """
    each = _unit_months(rows)
    alert, observed = is_reached(each["risk"], threshold), each["is_escalation"]
    return Outcome(
        threshold=threshold,
        months=each["target_month"].nunique(),
        hits=int((alert & observed).sum()),
        misses=int((~alert & observed).sum()),
        false_alarms=int((alert & ~observed).sum()),
    )


def _unit_months(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row a unit and target month: its highest risk at any lead, and whether it
    escalated.
    """
    if rows.empty:
        raise BadInput("hindcast", "no row of those units and leads", "some")
    narrow = rows[["unit", "target_month", "lead", "risk", "is_escalation"]]
    groups = narrow.sort_values("lead").groupby(["unit", "target_month"], observed=True)
    return groups.agg({"risk": "max", "is_escalation": "first"}).reset_index()
