"""Months: "2024-03" in files and messages, an ordinal (months since January of year 0) in code."""

import re
from calendar import monthrange
from datetime import date

from ewarn.core.errors import BadInput

FIRST, LAST = 1900 * 12, 2200 * 12 - 1
_VIEWS_ZERO = 1980 * 12 - 1
_LABEL = re.compile(r"(\d{4})-(\d{2})")

NAMES = (
    "January February March April May June July August September October November December"
).split()


def of(year: int, month: int) -> int:
    """Return the ordinal of a calendar month.

    >>> of(2024, 3) - of(2023, 12)
    3
    """
    ordinal = year * 12 + month - 1
    if not (1 <= month <= 12 and FIRST <= ordinal <= LAST):
        raise BadInput("month", f"{year}-{month:02d}", "a month from 1900-01 to 2199-12")
    return ordinal


def parse(label: str) -> int:
    """Return the ordinal of a "YYYY-MM" label; raises BadInput for anything else.

    >>> label(parse("2024-03"))
    '2024-03'
    """
    match = _LABEL.fullmatch(label)
    if match is None:
        raise BadInput("month", repr(label), "YYYY-MM, such as 2024-03")
    return of(int(match[1]), int(match[2]))


def label(ordinal: int) -> str:
    """Return the "YYYY-MM" label of an ordinal."""
    return f"{ordinal // 12:04d}-{ordinal % 12 + 1:02d}"


def of_day(day: date) -> int:
    """Return the ordinal of the month a day lies in."""
    return of(day.year, day.month)


def first_day(ordinal: int) -> date:
    """Return the first day of a month."""
    return date(ordinal // 12, ordinal % 12 + 1, 1)


def last_day(ordinal: int) -> date:
    """Return the last day of a month.

    >>> last_day(parse("2024-02")).isoformat()
    '2024-02-29'
    """
    year, month = ordinal // 12, ordinal % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def is_over(ordinal: int, on: date) -> bool:
    """Return whether a month had ended before that day.

    >>> is_over(parse("2024-02"), date(2024, 2, 29)), is_over(parse("2024-02"), date(2024, 3, 1))
    (False, True)
    """
    return on > last_day(ordinal)


def last_complete(day: date) -> int:
    """Return the last month that has ended by the evening of `day`.

    >>> label(last_complete(date(2020, 12, 31))), label(last_complete(date(2020, 12, 30)))
    ('2020-12', '2020-11')
    """
    ordinal = of_day(day)
    return ordinal if day == last_day(ordinal) else ordinal - 1


def views_id(ordinal: int) -> int:
    """Return the month_id that VIEWS users know: 1 is January 1980."""
    return ordinal - _VIEWS_ZERO
