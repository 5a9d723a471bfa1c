"""Gather what a digest needs from the database and from the issue before."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.database import Database, alerts, ledger, watchlists
from ewarn.database.watchlists import Watchlist
from ewarn.evaluation import verification
from ewarn.publishing import issue as issues
from ewarn.publishing.digest import Inputs, Scope
from ewarn.publishing.issue import Issue


@dataclass(frozen=True)
class Subject:
    """What a digest is about: the id of a watch list, empty for all units, and its scope."""

    watchlist_id: str
    scope: Scope
    inputs: Inputs


def subject(database: Database, issue: Issue, name: str | None, inputs: Inputs) -> Subject:
    """Return the subject of a digest: a watch list by its id or name, or all units.

    Raises Unknown or BadInput for a name that is not that of one list of the issue's world.
    """
    if name is None:
        return Subject("", Scope(), inputs)
    with database.reading() as session:
        stored = watchlists.named(session, name, issue.card.simulated)
        was_run = watchlists.evaluated(session, stored.id, issue.id)
        rows = alerts.of_issue(session, stored, issue.id) if was_run else None
    return Subject(stored.id, _scope(stored), replace(inputs, alerts=rows))


def _scope(stored: Watchlist) -> Scope:
    level = stored.thresholds.get("risk")
    return Scope(stored.name, frozenset(stored.units), tuple(stored.leads), level)


def inputs(mlruns: Path, database: Database, issue: Issue, today: date, margin: int) -> Inputs:
    """Return what any digest of an issue needs: the day, and how the issue before did."""
    start = Inputs(today, overdue_margin=margin)
    before = issue.card.last_issue
    if before is None:
        return start
    with database.reading() as session:
        void = ledger.read(session, issue.card.simulated).void_issues()
    if before in void:
        return replace(start, no_record="record_void")
    try:
        was = issues.read(mlruns / "issues" / before)
    except BadInput:
        return replace(start, no_record="record_gone")
    scored = _scored(was, issue)
    if scored is None:
        return replace(start, no_record="record_unobserved")
    month = months.parse(issue.card.reference_month)
    is_ahead = not months.is_over(month, was.card.created_at.date())
    return replace(start, scored=scored, scored_is_ahead=is_ahead)


def _scored(was: Issue, issue: Issue) -> pd.DataFrame | None:
    """Return the forecast that the issue before made for the newest month, beside the counts that
    the issue reports; None where there is no such forecast.
    """
    target = was.card.target
    gap = months.parse(issue.card.reference_month) - months.parse(was.card.reference_month)
    if gap not in was.card.leads or target not in issue.table("history"):
        return None
    counts = verification.counts(issue.table("history"), target)[issue.card.reference_month]
    facts = verification.read_forecast(was)
    known = counts[counts.index.isin(set(facts.risks["unit"]))]
    return facts.beside(gap, known) if known.notna().any() else None
