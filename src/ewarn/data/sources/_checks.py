"""Convert text cells to typed columns; an impossible value is refused by file, row and column."""

import numpy as np
import pandas as pd

from ewarn.core import months
from ewarn.data.sources._cells import Cells, Column

_WHOLE = r"\+?[0-9]{1,9}(?:\.0*)?"
_GROUPED = r"\+?[0-9]{1,3}(?:[SEP][0-9]{3})+"  # 1,234, of whole numbers
_SCIENTIFIC = r"[0-9](?:\.[0-9]+)?[eE]\+?0?[0-8]"  # 1e+05, as R writes 100000
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_YEARS = range(months.FIRST // 12, months.LAST // 12 + 1)
_MONTHS = {
    word.lower(): str(number)
    for number, name in enumerate(months.NAMES, start=1)
    for word in (name, name[:3])
}
_CALENDAR = f"in the calendar, from {_YEARS[0]} to {_YEARS[-1]}"


def count(cells: Cells, column: str, unknown: tuple[str, ...] = ()) -> Column:
    """Return a column of counts, float; NaN where the cell is one of the words for unknown."""
    text = cells.text(column)
    is_unknown = text.str.lower().isin(unknown)
    values = _numbers(cells, text)
    is_count = values.notna()
    words = "".join(f" or {word!r}" for word in unknown if word)
    cells.refuse(~(is_count | is_unknown), column, f"a whole number, 0 or more{words}")
    return values


def _numbers(cells: Cells, text: Column) -> Column:
    """Return whole numbers, 0 or more, float; NaN for any other text."""
    plain = _ungrouped(cells, text)
    is_number = plain.str.fullmatch(_WHOLE) | plain.str.fullmatch(_SCIENTIFIC)
    values = pd.to_numeric(plain.where(is_number)).astype(np.float64)
    return values.where(values % 1 == 0)


def _ungrouped(cells: Cells, text: Column) -> Column:
    """Return whole numbers without marks between thousands, and with a decimal point.

    In a file separated by semicolons 2,000 and 2.000 may be two thousand, or two: they stay as they
    are, with a mark that makes them no number.
    """
    marks = " '\u2019\u00a0\u202f"
    is_comma_decimal = cells.table.separator == ";"
    grouped = _GROUPED.replace("SEP", marks if is_comma_decimal else marks + ",")
    plain = text.where(~text.str.fullmatch(grouped), text.str.replace(r"[^0-9+]", "", regex=True))
    if not is_comma_decimal:
        return plain
    is_unclear = text.str.fullmatch(_GROUPED.replace("SEP", ".,"))
    return _decimal_points(cells, plain).mask(is_unclear, text + "?")


def _decimal_points(cells: Cells, text: Column) -> Column:
    """Return numbers with a decimal point where a file separated by semicolons has a comma."""
    if cells.table.separator != ";":
        return text
    return text.str.replace(r"^(-?[0-9]+),([0-9]+)$", r"\1.\2", regex=True)


def whole(cells: Cells, column: str, low: int, high: int, meaning: str = "") -> Column:
    """Return a column of whole numbers from low to high, int; `meaning` is what the numbers stand
    for.
    """
    text = cells.text(column)
    values = _numbers(cells, text)
    is_good = values.between(low, high)
    expected = meaning or f"a whole number from {low} to {high}"
    cells.refuse(~is_good, column, expected)
    return values.where(is_good, low).astype(np.int64)


def name(cells: Cells, column: str, meaning: str) -> Column:
    """Return a column of text with no blank cell."""
    text = cells.text(column)
    cells.refuse(text == "", column, meaning)
    return text


def coordinates(cells: Cells) -> tuple[Column, Column]:
    """Return latitude and longitude in degrees, float; NaN where both are blank. A row with one of
    them alone is a fault.
    """
    latitude = _degrees(cells, "latitude", 90)
    longitude = _degrees(cells, "longitude", 180)
    blank = [cells.text(column) == "" for column in ("latitude", "longitude")]
    cells.refuse(blank[0] & longitude.notna(), "latitude", "a latitude, as for longitude")
    cells.refuse(blank[1] & latitude.notna(), "longitude", "a longitude, as for latitude")
    return latitude, longitude


def _degrees(cells: Cells, column: str, limit: int) -> Column:
    text = cells.text(column)
    plain = _decimal_points(cells, text)
    values = pd.to_numeric(plain, errors="coerce").astype(np.float64)
    values = values.where(values.between(-limit, limit))
    bad = (text != "") & values.isna()
    cells.refuse(bad, column, f"degrees from {-limit} to {limit}")
    return values


def last_day(cells: Cells, column: str) -> Column:
    """Return a column of days, datetime64: a partial date (2021-07, 2021) is the last day it can
    mean, and a blank cell is NaT.
    """
    text = cells.text(column)
    is_year, is_month = text.str.fullmatch("[0-9]{4}"), text.str.fullmatch("[0-9]{4}-[0-9]{2}")
    whole_days = text.mask(is_month, text + "-01").mask(is_year, text + "-12-01")
    days = _parsed(whole_days.where(whole_days.str.fullmatch(_DAY)))
    days = days.mask(is_month | is_year, days + pd.offsets.MonthEnd(0))
    bad = days.isna() & (text != "")
    cells.refuse(bad, column, f"a date YYYY-MM-DD, YYYY-MM or YYYY {_CALENDAR}")
    return days


def precision(cells: Cells, column: str) -> Column:
    """Return how much of a date each cell gives: "day", "month", "year", or "" where it is
    blank.
    """
    return cells.text(column).str.len().map({10: "day", 7: "month", 4: "year", 0: ""})


def _parsed(text: Column) -> Column:
    days = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    return days.where(days.dt.year.between(_YEARS[0], _YEARS[-1]))


def month_of(days: Column) -> Column:
    """Return the month ordinals of days, int; a missing day is the first month there is."""
    days = days.fillna(pd.Timestamp(_YEARS[0], 1, 1))
    return (days.dt.year * 12 + days.dt.month - 1).astype(np.int64)


def month_number(cells: Cells, column: str) -> Column:
    """Return months from 1 to 12, int, of numbers or English month names."""
    text = cells.text(column)
    numbers = text.str.lower().map(_MONTHS)
    named = Cells(cells.table, cells.frame.assign(**{column: numbers.fillna(text)}), cells.faults)
    return whole(named, column, 1, 12, "a month from 1 to 12, or its English name")


def month(cells: Cells, year_column: str, month_of_year: Column) -> Column:
    """Return month ordinals, int, of a column of years and the months (1 to 12) beside it."""
    meaning = f"a year from {_YEARS[0]} to {_YEARS[-1]}"
    years = whole(cells, year_column, _YEARS[0], _YEARS[-1], meaning)
    return years * 12 + month_of_year - 1


def choice(cells: Cells, column: str, known: tuple[str, ...]) -> Column:
    """Return a column of words out of a known list."""
    text = cells.text(column)
    cells.refuse(~text.isin(known), column, f"one of {', '.join(sorted(known))}")
    return text
