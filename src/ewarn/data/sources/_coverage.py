"""Find the rows dated outside the months that a release covers."""

import numpy as np
import pandas as pd

from ewarn.core import months
from ewarn.data.sources._cells import Cells, Column

SPILL, BACK, BULK = 0.05, 12, 40  # see _last and _first
YEARS_APART, OLD = 10, 0.01  # see _first
_DATED = ("date_end", "event_date", "date")


def stray(found: Column) -> Column:
    """Return those of the rows' months that lie before the first or after the last one covered."""
    counts = found.value_counts().sort_index()
    outside: Column = found[(found < _first(counts)) | (found > _last(counts))]
    return outside


def _last(counts: Column) -> int:
    """Return the last month that a release covers, given the rows of each month.

    A release spills over into months it does not cover: by fewer than SPILL of the median of the
    BACK months before, which was BULK or more.
    """
    while len(counts) > 1:
        usual = counts.iloc[-BACK - 1 : -1].median()
        if usual < BULK or counts.iloc[-1] >= SPILL * usual:
            break
        counts = counts.iloc[:-1]
    return int(counts.index[-1])


def _first(counts: Column) -> int:
    """Return the first month that a release covers, given the rows of each month.

    One of a few months spills over into those before it as at its end. Of any, at most the share
    OLD of the rows, dated YEARS_APART or more before all others, is a slip such as 1900.
    """
    apart = np.flatnonzero(np.diff(counts.index) >= 12 * YEARS_APART)
    few = [n + 1 for n in apart if counts.iloc[: n + 1].sum() <= OLD * counts.sum()]
    counts = counts.iloc[max(few, default=0) :]
    while 1 < len(counts) <= BACK:
        usual = counts.iloc[1:].median()
        if usual < BULK or counts.iloc[0] >= SPILL * usual:
            break
        counts = counts.iloc[1:]
    return int(counts.index[0])


def listed(outside: Column, cells: Cells, first: int, last: int) -> pd.DataFrame:
    """Return the list (ASIDE) of the rows set aside because the release does not cover their
    month.
    """
    column = next((name for name in _DATED if name in cells.frame), "")
    covered = f"{months.label(first)} to {months.label(last)}, the months that the file covers"
    return cells.aside(cells.rows.to_series().isin(outside.index), column, f"a date from {covered}")
