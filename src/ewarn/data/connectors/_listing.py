"""Releases that a source has on a day, and those that are due by then and not there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.data.versions import Version

Count = Callable[[Version], int | None]


@dataclass(frozen=True)
class Listed:
    """A version that is there, and how many rows the source promises of it."""

    version: Version
    rows: int


@dataclass(frozen=True)
class Listing:
    """What a source had on a day: versions from the older to the newer; `absent` are candidates
    that were due and not there.
    """

    day: date
    there: tuple[Listed, ...]
    absent: tuple[Version, ...]

    @property
    def needed(self) -> tuple[Listed, ...]:
        """The fewest versions that cover all months: the newest yearly one, and all after it."""
        newest = max(each.version for each in self.there if each.version.is_final)
        return tuple(each for each in self.there if each.version >= newest)


def yearly_and_monthly(where: str, count: Count, day: date, delay: int) -> Listing:
    """Return the listing of a source that publishes yearly and, in between, monthly versions.

    `count` returns how many rows a version has, or None where there is none. A month is due `delay`
    days after its end. The first one that is neither there nor due ends the listing; one that is
    due and not there is absent, and the months after it are looked at all the same.
    """
    yearly = [Version.yearly(year) for year in (day.year - 1, day.year)]
    there = [Listed(each, rows) for each in yearly if (rows := count(each)) is not None]
    if not there:
        names = " nor ".join(map(str, yearly))
        raise BadInput(where, f"neither {names}", "one of these versions; is the URL right?")
    absent = []
    for month in range(there[-1].version.last_month + 1, months.of_day(day)):
        version = Version.candidate(month)
        rows = count(version)
        if rows is not None:
            there.append(Listed(version, rows))
        elif day > months.last_day(month) + timedelta(delay):
            absent.append(version)
        else:
            break
    return Listing(day, tuple(there), tuple(absent))
