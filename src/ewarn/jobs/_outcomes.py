"""Read the observed outcome of a month from later issues and newer files."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from ewarn.core import months
from ewarn.data.ingest import Loaded
from ewarn.data.panel import Panel
from ewarn.database import now
from ewarn.evaluation import verification
from ewarn.publishing import tables
from ewarn.publishing.issue import Issue


@dataclass(frozen=True)
class Report:
    """A report of the past: an issue, or files that were read; `counts` gives the count of each
    unit and month, (unit, month), of a column of the history.
    """

    id: str
    as_of: date
    at: datetime
    last_month: str
    simulated: bool
    units: frozenset[str]
    counts: Callable[[str], pd.DataFrame]


def of_issue(one: Issue) -> Report:
    """Return the outcomes in the history of an issue."""
    card, units = one.card, frozenset(one.table("units")["code"])
    last = card.reference_month
    return Report(
        one.id,
        card.as_of,
        card.created_at,
        last,
        card.simulated,
        units,
        lambda target: verification.counts(one.table("history"), target),
    )


def of_files(loaded: Loaded, known: Panel) -> Report:
    """Return the outcomes in files that were read, without an issue made from them."""
    events = next(one for one in loaded.sources if one["kind"] == "events")
    last, units = months.label(known.reference_month), frozenset(known.units["code"])
    return Report(
        f"{events['digest']}"[:40],
        known.as_of,
        now(),
        last,
        loaded.simulated,
        units,
        lambda target: verification.counts(tables.history(known), target),
    )


class Sources:
    """Tellings of one world, that of the earliest knowledge first; of each, what it counts is read
    once, and kept are only the months from `since` on.
    """

    def __init__(self, reports: Iterable[Report], since: str) -> None:
        self._tellings = sorted(reports, key=lambda one: (one.as_of, one.at))
        self._since = since
        self._tables: dict[tuple[str, str], pd.DataFrame] = {}

    def of(self, units: frozenset[str], month: str) -> list[Report]:
        """Return those that know a month, and have each of the units."""
        later = [one for one in self._tellings if one.last_month >= month]
        return [one for one in later if units <= one.units]

    def outcome(
        self, one: Report, units: frozenset[str], month: str, target: str
    ) -> "pd.Series[float]":
        """Return the counts of a month in the units, by unit, by one report; NaN where it does
        not.
        """
        if (one.id, target) not in self._tables:
            every = one.counts(target)
            self._tables[one.id, target] = every.loc[:, every.columns >= self._since]
        reported = self._tables[one.id, target]
        return reported.reindex(index=sorted(units), columns=[month])[month]
