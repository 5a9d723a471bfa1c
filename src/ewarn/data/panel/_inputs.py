"""The tidy rows that a panel is built from, with the days on which they were reported."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd
from scipy.sparse import csr_array

from ewarn.core import months

_DATES = ["known_on", "gone_on"]


class Fetched(NamedTuple):
    """A day on which a file was fetched, the last month it covers, and to which months it was final
    and reported again (None where nothing states it).
    """

    day: date
    last_month: int
    final_through: int | None = None
    again_through: int | None = None


@dataclass(frozen=True)
class Inputs:
    """Everything a panel is made of: tidy tables whose column `unit` is a row of `units`.

    Exactly one of `events` (a row an event) and `counts` (a row a place and month) is given; it
    covers `first_month` to `last_month`. A milestone of a whole country has unit -1.

    A month is known `delay` days after its end, or on an earlier day on which a file was fetched
    that covers it: `fetched` lists such days, the oldest first. Events that were
    revised have `known_on`, the first day they were reported (NaT: with their month), and
    `gone_on`, the first day they no longer were. Months after `final_through` are preliminary,
    and those to `again_through` were reported again. `reports` are the deaths of country-months as
    once reported and as final (`panel.reports`).
    """

    units: pd.DataFrame
    neighbours: csr_array
    first_month: int
    last_month: int
    events: pd.DataFrame | None = None
    counts: pd.DataFrame | None = None
    deployments: pd.DataFrame | None = None
    milestones: pd.DataFrame | None = None
    delay: int = 0
    fetched: tuple[Fetched, ...] = ()
    final_through: int | None = None
    again_through: int | None = None
    reports: pd.DataFrame | None = None

    def reference_month(self, as_of: date) -> int:
        """Return the last covered month that was known on the evening of a day."""
        punctual = months.last_complete(as_of - timedelta(days=self.delay))
        at_hand = [one.last_month for one in self.fetched if one.day <= as_of]
        return min(self.last_month, max([punctual, *at_hand]))

    def known_from(self, month: int) -> date:
        """Return the day by which a month is known, if it is reported in time."""
        return months.last_day(month) + timedelta(days=self.delay)

    def states(self, as_of: date) -> tuple[int | None, int | None]:
        """Return to which months events were final, and reported again, on a day: by the newest
        file fetched by then; before the first was, by the newest of all.
        """
        at_hand = [one for one in self.fetched if one.day <= as_of]
        if not at_hand or at_hand[-1] is self.fetched[-1]:
            return self.final_through, self.again_through
        return at_hand[-1].final_through, at_hand[-1].again_through

    def as_reported(self, as_of: date | None) -> "Inputs":
        """Return these inputs with the events as reported on a day, or in the newest vintage."""
        fetched = self.fetched
        if as_of is None:
            newest = (self.final_through, self.again_through)
            fetched = tuple(Fetched(one.day, one.last_month, *newest) for one in fetched)
        return replace(
            self,
            events=_as_reported(self.events, as_of),
            counts=_as_reported(self.counts, as_of),
            fetched=fetched,
        )


def _as_reported(rows: pd.DataFrame | None, as_of: date | None) -> pd.DataFrame | None:
    if rows is None or "gone_on" not in rows:
        return rows
    if as_of is None:
        stored = rows["gone_on"].isna()
    else:
        day = pd.Timestamp(as_of)
        stored = ~(rows["known_on"] > day) & ~(rows["gone_on"] <= day)
    return rows[stored].drop(columns=_DATES).reset_index(drop=True)
