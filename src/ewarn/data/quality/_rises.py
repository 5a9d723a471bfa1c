"""Findings about numbers that leap: a single event, or the last month of a unit or country."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ewarn.core import months
from ewarn.data.ingest import Loaded
from ewarn.data.panel import Panel
from ewarn.data.quality._finding import Finding

TIMES = 20  # how many times the largest of before a number has to be
HUGE = 1_000  # deaths in one event, below which nothing is suspicious
UNIT, COUNTRY = 5_000, 10_000  # the same for the month of a unit, and of a country
USUAL = 10  # deaths a month that count as the largest of before, where there were fewer
BACK = 60  # months of before


def findings(loaded: Loaded, known: Panel) -> Iterator[Finding]:
    """Yield what rises beyond belief: each is to be looked at, and accepted if it is right."""
    yield from _event(loaded)
    deaths = pd.DataFrame(known.columns["fatalities"], index=known.units["code"])
    yield from _leaps(deaths, UNIT, known)
    yield from _leaps(deaths.groupby(known.units["country"].to_numpy()).sum(), COUNTRY, known)


def _event(loaded: Loaded) -> Iterator[Finding]:
    """One event with TIMES the deaths of any other event of the file, HUGE or more."""
    table = loaded.events.table
    if loaded.events.rows.shape != "events" or len(table) < 2:
        return
    largest = table.nlargest(2, "fatalities")
    first, second = largest["fatalities"].to_numpy()
    if first >= HUGE and first >= TIMES * max(second, 1):
        row = largest.iloc[0]
        yield Finding(
            "huge-event",
            f"row {row['row']} has {first:,.0f} deaths in {months.label(int(row['month']))}; the"
            f" largest event beside it has {second:,.0f}",
        )


def _leaps(deaths: pd.DataFrame, least: float, known: Panel) -> Iterator[Finding]:
    """The last month of a place with TIMES the deaths of any of the BACK months before."""
    if deaths.shape[1] < 2:
        return
    last, before = deaths.iloc[:, -1], deaths.iloc[:, -BACK - 1 : -1].max(axis=1)
    most = np.maximum(before.fillna(0), USUAL)
    for place in deaths.index[(last >= least) & (last >= TIMES * most)]:
        month = months.label(known.reference_month)
        span = f"at most {before[place]:,.0f} in any of the {BACK} months before"
        yield Finding(f"leap-{place}", f"{last[place]:,.0f} deaths in {month}, {span}")
