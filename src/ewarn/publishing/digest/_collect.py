"""Collect the facts of a digest from an issue, from rows of alerts, and from scored forecasts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from ewarn.core import months
from ewarn.publishing.digest import _milestones, _moves, _record
from ewarn.publishing.digest._facts import Alerts, Facts, Place, Raised, Scope
from ewarn.publishing.issue import Card, Issue, due


@dataclass(frozen=True)
class Inputs:
    """What a digest needs beside the issue.

    `alerts` are rows of `columns.TABLES["alerts"]` that the issue raised or ended, None where no
    alert run of it is stored. `scored` are rows of `columns.TABLES["hindcasts"]`: what the issue
    before forecast for the newest month, beside the outcomes; where it is None, `no_record` is the
    reason, a key of the words. `overdue_margin` is how many days late an issue may be.
    """

    today: date
    overdue_margin: int = 0
    alerts: Iterable[Mapping[str, Any]] | None = None
    scored: pd.DataFrame | None = None
    scored_is_ahead: bool = True
    no_record: str = "record_first"


def collect(issue: Issue, scope: Scope, inputs: Inputs) -> Facts:
    """Return the facts of the digest of an issue for a watch list, or for all units."""
    card = issue.card
    places = _places(issue.table("units"))
    own = {code: place for code, place in places.items() if scope.holds(code)}
    moves = _moves.read(issue, scope, own)
    rises, falls = _moves.rises_and_falls(moves)
    start = card.as_of if card.simulated else max(card.as_of, inputs.today)
    late = (inputs.today - due(card)).days - inputs.overdue_margin
    record = _record.of(card, scope, places, inputs.scored, inputs.scored_is_ahead)
    return Facts(
        card=card,
        scope=scope,
        today=inputs.today,
        due=due(card),
        overdue_days=max(0, late),
        age_days=(inputs.today - months.last_day(months.parse(card.reference_month))).days,
        new_months=_new_months(card),
        units=len(own),
        not_in_issue=tuple(sorted((scope.units or set()) - set(places))),
        highest=_moves.highest(issue, scope, own),
        rises=rises,
        falls=falls,
        alerts=_alerts(inputs.alerts, card.issue),
        milestones_from=start,
        milestones=_milestones.coming(issue.table("milestones"), own, start),
        record=record,
        no_record=None if record else inputs.no_record,
    )


def _places(units: pd.DataFrame) -> dict[str, Place]:
    names = ["code", "name", "country", "country_name"]
    rows = units[names].astype("str").itertuples(index=False)
    return {row[0]: Place(*row) for row in rows}


def _new_months(card: Card) -> tuple[str, ...]:
    """Return the months observed since the issue before, whose id begins with its last month."""
    if card.last_issue is None:
        return ()
    first = months.parse(card.last_issue[:7]) + 1
    return tuple(months.label(one) for one in range(first, months.parse(card.reference_month) + 1))


def _alerts(rows: Iterable[Mapping[str, Any]] | None, issue_id: str) -> Alerts | None:
    if rows is None:
        return None
    every = list(rows)
    raised = [_raised(row) for row in every if row["issue"] == issue_id]
    raised.sort(key=lambda one: (one.target_month, -one.value, one.place.code))
    return Alerts(tuple(raised), sum(row["ended_by"] == issue_id for row in every))


def _raised(row: Mapping[str, Any]) -> Raised:
    names = ("admin1_code", "admin1_name", "location_code", "location_name")
    return Raised(
        place=Place(*(str(row[name]) for name in names)),
        target_month=row["target_month"],
        measure=row["measure"],
        value=row["measured"],
        threshold=row["threshold"],
        is_extreme=row["reason"] == "extreme",
    )
