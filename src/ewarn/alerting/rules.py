"""Decide which alerts an issue raises and ends for a watch list."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from ewarn.core import months

MEASURES = ("risk", "p_large_increase", "p_ge_1", "p_ge_25", "p_ge_100", "risk_change")
_ROUNDING = 1e-9  # what sums of draws' shares may be off by

Reason = Literal["threshold", "extreme"]
Place = tuple[str, str]  # a unit and a target month


@dataclass(frozen=True)
class Rule:
    """When to raise an alert for a unit and target month.

    `thresholds` are by measure (MEASURES): one reached is an alert. `extremes`, too, are by
    measure, and raised in spite of the cooldown. An alert ends when each measure is below
    `ends_below` times what would raise one. After an alert for a month, none is raised for that
    unit for `cooldown` months before and after it.
    """

    thresholds: Mapping[str, float]
    extremes: Mapping[str, float] = field(default_factory=dict)
    ends_below: float = 1.0
    cooldown: int = 0


@dataclass(frozen=True)
class Earlier:
    """An alert of an earlier issue of the same world: whether it is open still."""

    id: str
    unit: str
    target_month: str
    reason: Reason
    is_open: bool


@dataclass(frozen=True)
class Raised:
    """An alert to raise: the measure, its threshold, and its value."""

    unit: str
    target_month: str
    reason: Reason
    measure: str
    value: float
    threshold: float


@dataclass(frozen=True)
class Ended:
    """An earlier alert that is over: its risk fell, or its month is past."""

    id: str
    why: Literal["fell", "past"]


def decide(
    rule: Rule, risks: pd.DataFrame, reference_month: str, earlier: Iterable[Earlier]
) -> tuple[list[Raised], list[Ended]]:
    """Return the alerts that an issue raises for a list, by unit and month, and those it ends.

    An alert is for a unit and a target month, as `budgets` counts them: while one is open there is
    no second, unless the first was none for an extreme and the second is. `risks` has a row a unit
    and target month of the list: `unit`, `target_month`, and the measures of the rule, missing
    where not known; months up to `reference_month`, the last that is over, raise nothing. The
    order of rows and of `earlier` changes nothing.
    """
    known = list(earlier)
    every = {(str(row["unit"]), str(row["target_month"])): row for row in _rows(rule, risks)}
    last = months.parse(reference_month)
    rows = {place: row for place, row in every.items() if months.parse(place[1]) > last}
    ended = sorted(_ended(rule, rows, reference_month, known), key=lambda one: one.id)
    over = {one.id for one in ended}
    reported: dict[str, dict[str, set[str]]] = {}  # unit -> month -> reasons of the open ones
    for one in known:
        reasons = reported.setdefault(one.unit, {}).setdefault(one.target_month, set())
        if one.is_open and one.id not in over:
            reasons.add(one.reason)
    raised = []
    for unit, month in sorted(rows):
        found = _reached(rule, rows[unit, month])
        if found and _is_new(rule, found.reason, month, reported.setdefault(unit, {})):
            reported[unit].setdefault(month, set()).add(found.reason)
            raised.append(found)
    return raised, ended


def _is_new(rule: Rule, reason: Reason, month: str, told: Mapping[str, set[str]]) -> bool:
    """Return whether an alert may be raised for a month, given earlier alerts of its unit."""
    open_now = told.get(month, set())
    if reason == "extreme":
        return "extreme" not in open_now
    if open_now:
        return False
    at = months.parse(month)
    return not rule.cooldown or all(abs(months.parse(m) - at) > rule.cooldown for m in told)


def _reached(rule: Rule, row: Mapping[str, object]) -> Raised | None:
    """Return the alert that a row is reason for: an extreme first, then by the order of
    MEASURES.
    """
    tiers: tuple[tuple[Reason, Mapping[str, float]], ...] = (
        ("extreme", rule.extremes),
        ("threshold", rule.thresholds),
    )
    for reason, levels in tiers:
        for measure in sorted(levels, key=MEASURES.index):
            value = float(str(row[measure]))
            if value >= levels[measure] - _ROUNDING:  # never where it is missing
                where = (str(row["unit"]), str(row["target_month"]))
                return Raised(*where, reason, measure, value, levels[measure])
    return None


def _ended(
    rule: Rule,
    rows: Mapping[Place, Mapping[str, object]],
    reference_month: str,
    known: Iterable[Earlier],
) -> Iterator[Ended]:
    """Yield the alerts that are over. One whose unit is not in the issue stays open until its month
    ends.
    """
    for one in known:
        row = rows.get((one.unit, one.target_month))
        if not one.is_open:
            continue
        if months.parse(one.target_month) <= months.parse(reference_month):
            yield Ended(one.id, "past")
        elif row is not None and not _holds(rule, row):
            yield Ended(one.id, "fell")


def _holds(rule: Rule, row: Mapping[str, object]) -> bool:
    """Return whether a measure is still as high as an open alert needs."""
    return any(
        float(str(row[measure])) >= rule.ends_below * level - _ROUNDING
        for levels in (rule.extremes, rule.thresholds)
        for measure, level in levels.items()
    )


def _rows(rule: Rule, risks: pd.DataFrame) -> list[dict[str, object]]:
    names = ["unit", "target_month", *sorted({*rule.thresholds, *rule.extremes})]
    return [dict(zip(names, row, strict=True)) for row in risks[names].itertuples(index=False)]
