"""Findings about the data: signs that a source stopped, shrank or was cut."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.data.ingest import Loaded, Reading
from ewarn.data.panel import Panel
from ewarn.data.quality import _actors, _places, _rises
from ewarn.data.quality._finding import Finding
from ewarn.data.quality._rises import FEW, huge

__all__ = ["FEW", "Finding", "check", "huge", "months_behind", "split", "stale"]

YEAR = 12
LEAST = 24  # earlier months a fall is compared with, at the very least
HALF = 0.5  # no smaller fall of all units together is suspicious
USUAL = 3  # events in each month of a year make a country's silence suspicious
STRAY = 0.1  # of these may still be reported
SHRUNK = 0.95  # of the rows that releases had; a yearly one drops some of the candidates
WEEK = 7  # days; where a longer time without events is usual, one at the end is no sign


def months_behind(loaded: Loaded) -> int:
    """Return how many months that should be known on the day, by the reporting delay, are not
    covered.
    """
    due = months.last_complete(loaded.day - timedelta(days=loaded.inputs.delay))
    return max(0, due - loaded.inputs.reference_month(loaded.day))


def stale(loaded: Loaded, behind: int) -> BadInput:
    """Return the refusal of a forecast as of a day on which so many more months should be known."""
    last = loaded.inputs.reference_month(loaded.day)
    file = next(one["file"] for one in loaded.sources if one["kind"] == "events")
    due = f"{months.label(last + 1)} to {months.label(last + behind)}"
    what = f"{loaded.day}, when {due} should be known; {file} ends with {months.label(last)}"
    return BadInput("as_of", what, "a newer file, an earlier day, or --from-last-covered")


def check(loaded: Loaded, known: Panel) -> list[Finding]:
    """Return everything suspicious about the files and about the end of the panel."""
    files = (one for reading in loaded.readings for one in _file(reading))
    ends = (*_fall(known), *_silent(known), *_cut_short(loaded, known))
    return [
        *files,
        *ends,
        *_rises.findings(loaded, known),
        *_places.findings(loaded),
        *_actors.findings(loaded),
    ]


def split(found: Sequence[Finding], accept: Collection[str]) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that hold an issue, and those that a user accepts by name."""
    held = [one for one in found if one.name not in accept]
    return held, [one for one in found if one.name in accept]


def _file(reading: Reading) -> Iterator[Finding]:
    """Against the newest vintage: older, if it covers or holds less; rewritten, if more than half
    of the rows reported before are different now. Releases may drop a few rows of earlier ones.
    """
    named, newest = reading.named, reading.newest
    if newest is None or newest.digest == named.digest:
        return
    least = SHRUNK * newest.rows if reading.found.releases else newest.rows
    if (named.last_month or "") < (newest.last_month or "") or named.rows < least:
        now, then = (f"{one.rows:,} rows to {one.last_month}" for one in (named, newest))
        yield Finding(f"older-{named.kind}", f"{named.file} has {now}; {newest.file} had {then}")
    if reading.before is not None and named.kind == "events":
        reported, other = len(reading.before), int((reading.changes["change"] != "added").sum())
        if other > HALF * reported:
            what = f"{other:,} of {reported:,} earlier rows are gone or changed in {named.file}"
            yield Finding("rewritten-events", what)


def _fall(known: Panel) -> Iterator[Finding]:
    """Yield a finding where the events of all units fell by half or more, and more than ever
    before.

    ratio[t] = (x[t] + 1) / (median(x[t-12], ..., x[t-1]) + 1), x the monthly total; a finding if
    ratio[T] < 1/2 and ratio[T] < ratio[t] for all t < T, of which there are LEAST or more.
    """
    total = known.columns["events"].sum(axis=0, dtype=np.float64)
    if len(total) < YEAR + LEAST + 1:
        return
    median = np.median(sliding_window_view(total, YEAR)[:-1], axis=1)
    ratio = (total[YEAR:] + 1) / (median + 1)
    if ratio[-1] < min(HALF, ratio[:-1].min()):
        month = months.label(known.reference_month)
        yield Finding(
            "fall",
            f"{total[-1]:,.0f} events in {month}, after a median of {median[-1]:,.0f} in the twelve"
            f" months before: the deepest fall of {len(ratio)} months",
        )


def _silent(known: Panel) -> Iterator[Finding]:
    """Countries that had, in each of the last k months, k from 1 to 12, at most STRAY of the least
    of the twelve months before, which is USUAL or more: none, or those that neighbours' events
    put across the border.
    """
    events = pd.DataFrame(known.columns["events"]).groupby(known.units["country"].to_numpy()).sum()
    for country, counts in zip(events.index, events.to_numpy(), strict=True):
        for silent in range(min(YEAR, len(counts) - YEAR), 0, -1):
            last, least = counts[-silent:].max(), counts[-silent - YEAR : -silent].min()
            if least >= USUAL and last <= STRAY * least:
                first = months.label(known.reference_month - silent + 1)
                now = f"at most {last:.0f} a month" if last else "no event"
                median = f"{least:.0f} or more in each of the twelve months before"
                yield Finding(f"silent-{country}", f"{now} in {country} since {first}, {median}")
                break


def _cut_short(loaded: Loaded, known: Panel) -> Iterator[Finding]:
    """Yield a finding where the last month ends with more days without an event than any time in
    the two years before it, where a week without one did not occur.
    """
    rows = loaded.as_known.events
    if rows is None:
        return
    end = pd.Timestamp(months.last_day(known.reference_month))
    days = rows.loc[rows["day"] <= end, "day"].drop_duplicates().sort_values()
    days = days[days > end - pd.DateOffset(years=2)]
    longest = days.diff().max()
    silent = end - days.max()
    if longest < silent and longest <= pd.Timedelta(days=WEEK):
        last = f"{days.max():%Y-%m-%d}"
        what = f"the last event is of {last}; never since {days.min():%Y-%m} were"
        yield Finding("cut-short", f"{what} there more than {longest.days} days without one")
