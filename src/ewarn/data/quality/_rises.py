"""Findings about numbers that leap: a few rows, or the last month of a unit or country."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.core import months
from ewarn.data.ingest import Loaded
from ewarn.data.panel import Panel
from ewarn.data.quality._finding import Finding

TIMES = 20  # how many times the largest of before a number has to be
HUGE = 1_000  # deaths in one row, below which nothing is suspicious
FEW = 20  # rows that may be huge at once
UNIT, COUNTRY = 5_000, 10_000  # the same for the month of a unit, and of a country
USUAL = 10  # deaths a month that count as the largest of before, where there were fewer
BACK = 60  # months of before


def findings(loaded: Loaded, known: Panel) -> Iterator[Finding]:
    """Yield what rises beyond belief: each is to be looked at, and accepted if it is right."""
    yield from _rows(loaded)
    deaths = pd.DataFrame(known.columns["fatalities"], index=known.units["code"])
    yield from _leaps(deaths, UNIT, known)
    yield from _leaps(deaths.groupby(known.units["country"].to_numpy()).sum(), COUNTRY, known)


def _rows(loaded: Loaded) -> Iterator[Finding]:
    """Rows of TIMES the deaths of the largest row beside them, HUGE or more: one, or up to FEW."""
    table = loaded.events.table
    noun = "event" if loaded.events.rows.shape == "events" else "count"
    largest = table.nlargest(FEW + 1, "fatalities")
    deaths = largest["fatalities"].to_numpy()
    some = huge(deaths)
    if not some:
        return
    row = largest.iloc[0]
    yield Finding(
        f"huge-{noun}",
        (f"{some} rows have {deaths[some - 1]:,.0f} deaths or more; " if some > 1 else "")
        + f"row {row['row']} has {deaths[0]:,.0f} deaths in {months.label(int(row['month']))}; the"
        f" largest {noun} beside {'them' if some > 1 else 'it'} has {deaths[some]:,.0f}",
    )


def huge(largest: NDArray[np.floating]) -> int:
    """Return how many of the largest numbers, in falling order, are HUGE or more and TIMES all that
    follow; 0 where none is.

    >>> huge(np.array([90_000.0, 70_000, 12, 9]))
    2
    """
    leaps = largest[:-1] >= np.maximum(HUGE, TIMES * np.maximum(largest[1:], 1))
    return int(np.flatnonzero(leaps)[-1]) + 1 if leaps.any() else 0


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
