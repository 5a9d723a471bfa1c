"""Read columns of days in the ways people and programs write them.

ISO 8601 with or without a time, 2016/1/5, 20160105, "5 January 2016" as in exports of ACLED,
5-Jan-2016, "January 5, 2016", serial numbers of Excel, and 31/12/2020 or 12/31/2020 where the whole
column can be read in one order only.
"""

import numpy as np
import pandas as pd

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.data.sources._cells import Cells, Column

ORDERS = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y"}
_CLOCK = r"(?:[T ][0-9:.]+(?: ?[AP]M|Z|[+-][0-9:]+)?)?"
_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}" + _CLOCK
_YEAR_FIRST = r"[0-9]{4}[/.-][0-9]{1,2}[/.-][0-9]{1,2}" + _CLOCK
_COMPACT = r"[0-9]{8}"
_LONG = r"[0-9]{1,2}[ -][A-Za-z]+[ -][0-9]{4}"
_MONTH_FIRST = r"[A-Za-z]+ [0-9]{1,2},? [0-9]{4}"
_SERIAL = r"[2-6][0-9]{4}(?:\.[0-9]+)?"  # 1954-10-04 to 2091-03-05
_PARTS = r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})" + _CLOCK
ENOUGH = 10  # cells of both kinds, from which on a pattern in them is no chance
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
    in_order = days.notna()
    for pattern, read in _READERS:
        matches = text.str.fullmatch(pattern) & days.isna()
        if matches.any():
            days = days.where(~matches, read(text.where(matches)))
    _refuse_half_read(cells, column, days, in_order)
    days = days.where(days.dt.year.between(_YEARS[0], _YEARS[-1]))
    cells.refuse(days.isna(), column, EXPECTED)
    return days


def _refuse_half_read(cells: Cells, column: str, days: Column, in_order: "pd.Series[bool]") -> None:
    """Raise BadInput for a column that a spreadsheet has read in the wrong order: cells such as
    31/12/2020 only for days after the 12th, and only earlier days in all others.
    """
    as_written, converted = days[in_order].dt.day, days[~in_order & days.notna()].dt.day
    enough = min(len(as_written), len(converted)) >= ENOUGH
    if enough and as_written.min() > 12 and converted.max() <= 12:
        where = f"{cells.table.file}, column {cells.table.called(column)}"
        found = "dates such as 31/12/2020 for days after the 12th alone, and others up to it"
        raise BadInput(where, found, "one way of writing; a program has exchanged day and month")


def _iso(text: Column) -> Column:
    return _parsed(text.str.slice(0, 10), "%Y-%m-%d")


def _year_first(text: Column) -> Column:
    return _parsed(
        text.str.extract(r"^([0-9/.-]+)")[0].str.replace(r"[/.]", "-", regex=True), "%Y-%m-%d"
    )


def _compact(text: Column) -> Column:
    return _parsed(text, "%Y%m%d")


def _long(text: Column) -> Column:
    plain = text.str.replace("-", " ")
    return _parsed(plain, "%d %B %Y").fillna(_parsed(plain, "%d %b %Y"))


def _month_first(text: Column) -> Column:
    plain = text.str.replace(",", "")
    return _parsed(plain, "%B %d %Y").fillna(_parsed(plain, "%b %d %Y"))


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


_READERS = (
    (_ISO, _iso),
    (_LONG, _long),
    (_SERIAL, _serial),
    (_YEAR_FIRST, _year_first),
    (_COMPACT, _compact),
    (_MONTH_FIRST, _month_first),
)
