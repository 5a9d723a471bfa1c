"""Read columns of days in the ways people and programs write them.

ISO 8601 with or without a time, "5 January 2016" as in exports of ACLED, serial numbers of Excel,
and 31/12/2020 or 12/31/2020 where the whole column can be read in one order only.
"""

import numpy as np
import pandas as pd

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.data.sources._cells import Cells, Column

ORDERS = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y"}
_CLOCK = r"(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?"
_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}" + _CLOCK
_LONG = r"[0-9]{1,2} [A-Za-z]+ [0-9]{4}"
_SERIAL = r"[2-6][0-9]{4}(?:\.[0-9]+)?"  # 1954-10-04 to 2091-03-05
_PARTS = r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})" + _CLOCK
_EPOCH = pd.Timestamp("1899-12-30")  # Excel's day 0, as it counts a 29 February 1900
_YEARS = range(months.FIRST // 12, months.LAST // 12 + 1)
EXPECTED = f"a date YYYY-MM-DD in the calendar, from {_YEARS[0]} to {_YEARS[-1]}"


def day(cells: Cells, column: str) -> Column:
    """Return a column of days, datetime64; a time of day after the date is left out.

    A cell that is no date is a fault, and NaT. Raises BadInput where the column could be read in
    two orders, which names the option that states it.
    """
    text = cells.text(column)
    days = _in_order(cells, column, text)
    for pattern, read in ((_ISO, _iso), (_LONG, _long), (_SERIAL, _serial)):
        matches = text.str.fullmatch(pattern)
        if matches.any():
            days = days.where(~matches, read(text.where(matches)))
    days = days.where(days.dt.year.between(_YEARS[0], _YEARS[-1]))
    cells.refuse(days.isna(), column, EXPECTED)
    return days


def _iso(text: Column) -> Column:
    return _parsed(text.str.slice(0, 10), "%Y-%m-%d")


def _long(text: Column) -> Column:
    return _parsed(text, "%d %B %Y").fillna(_parsed(text, "%d %b %Y"))


def _serial(text: Column) -> Column:
    days = pd.to_numeric(text, errors="coerce").apply(np.floor)
    return (_EPOCH + pd.to_timedelta(days, unit="D")).astype("datetime64[s]")


def _in_order(cells: Cells, column: str, text: Column) -> Column:
    """Return the days of cells such as 31/12/2020, NaT for all others."""
    parts = text.str.extract(f"^{_PARTS}$")
    if parts[0].isna().all():
        return pd.Series(pd.NaT, text.index, dtype="datetime64[s]")
    joined = parts[0] + "/" + parts[1] + "/" + parts[2]
    return _parsed(joined, ORDERS[cells.table.dates or _order(cells, column, parts)])


def _order(cells: Cells, column: str, parts: pd.DataFrame) -> str:
    first, second = (pd.to_numeric(parts[place]).max() for place in (0, 1))
    if first > 12 and second <= 12:
        return "dmy"
    if second > 12 and first <= 12:
        return "mdy"
    found = "dates in both orders" if first > 12 else "dates that can be read in two orders"
    where = f"{cells.table.file}, column {cells.table.called(column)}"
    expected = "the order stated: --dates dmy (31/12/2020) or --dates mdy (12/31/2020)"
    raise BadInput(where, found, expected)


def _parsed(text: Column, pattern: str) -> Column:
    return pd.to_datetime(text, format=pattern, errors="coerce").astype("datetime64[s]")
