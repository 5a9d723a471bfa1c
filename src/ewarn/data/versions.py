"""The version of a UCDP release: what it covers, and which of two is the newer one."""

import re
from dataclasses import dataclass
from functools import total_ordering
from pathlib import PurePath
from typing import Literal, Self

from ewarn.core import months
from ewarn.core.errors import BadInput

FIRST_MONTH = months.of(1989, 1)  # of every yearly release
_WORDS = re.compile(r"v?(\d{2}([._]\d{1,2}){1,3})", re.IGNORECASE | re.ASCII)
# GEDEvent_v26_0_10.csv, and ged261-csv.zip: two digits of the year and one of the release.
_IN_NAME = (
    re.compile(r"gedevent_v(\d+(?:_\d+)*)(?!\d)", re.IGNORECASE | re.ASCII),
    re.compile(r"(?<![a-z0-9])ged(\d{2}(?=\d(?!\d)))(\d)", re.IGNORECASE | re.ASCII),
)
_EXPECTED = (
    "a version such as 26.1 (yearly), 26.0.10 (candidate events of October 2026) or 26.01.26.06"
    " (of January to June 2026)"
)


@total_ordering
@dataclass(frozen=True)
class Version:
    """One release of UCDP GED; versions are ordered from the older to the newer.

    Of two, the newer covers a later last month. Of releases up to the same month a yearly one is
    newer than candidates, which it replaces, and one of several months newer than one of a month.

    >>> yearly, month, half = map(Version.parse, ("26.1", "26.0.6", "26.01.26.06"))
    >>> Version.parse("25.0.12") < yearly < month < half
    True
    """

    name: str
    kind: Literal["yearly", "candidate"]
    first_month: int
    last_month: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the version of that name; raises BadInput for anything else.

        >>> half = Version.parse("v26_01_26_06")
        >>> str(half), half.kind, months.label(half.first_month), months.label(half.last_month)
        ('26.01.26.06', 'candidate', '2026-01', '2026-06')
        """
        found = _WORDS.fullmatch(text.strip())
        parts = [int(part) for part in re.split(r"[._]", found[1])] if found else []
        match parts:
            case [year, release] if 1 <= release <= 9:
                return cls.yearly(year, release)
            case [year, 0, month] if 1 <= month <= 12:
                return cls.candidate(months.of(2000 + year, month))
            case [year, month, until, last] if 1 <= month <= 12 and 1 <= last <= 12:
                ends = months.of(2000 + year, month), months.of(2000 + until, last)
                if ends[0] <= ends[1]:
                    return cls.cumulative(*ends)
        raise BadInput("version", repr(text), _EXPECTED)

    @classmethod
    def yearly(cls, year: int, release: int = 1) -> Self:
        """Return the final release of a year (26 or 2026), which ends with the year before.

        >>> months.label(Version.yearly(26).last_month)
        '2025-12'
        """
        short = year % 100
        last_month = months.of(2000 + short - 1, 12)
        return cls(f"{short}.{release}", "yearly", FIRST_MONTH, last_month)

    @classmethod
    def candidate(cls, month: int) -> Self:
        """Return the candidate events of a month, given as an ordinal."""
        return cls(f"{month // 12 % 100}.0.{month % 12 + 1}", "candidate", month, month)

    @classmethod
    def cumulative(cls, first_month: int, last_month: int) -> Self:
        """Return the candidate events of several months in one release."""
        ends = (
            f"{month // 12 % 100:02d}.{month % 12 + 1:02d}" for month in (first_month, last_month)
        )
        return cls(".".join(ends), "candidate", first_month, last_month)

    @classmethod
    def of_file(cls, name: str | PurePath) -> Self | None:
        """Return the version that an official file name states; None for any other name.

        >>> [str(Version.of_file(name)) for name in ("GEDEvent_v26_0_10.csv.gz", "ged261-csv.zip")]
        ['26.0.10', '26.1']
        >>> Version.of_file("ged2610.csv") is None  # 26.10, 26.1.0 or 2.610: not to be guessed
        True
        """
        last = PurePath(name).name
        for pattern in _IN_NAME:
            if found := pattern.search(last):
                try:
                    return cls.parse("_".join(found.groups()))
                except BadInput:
                    return None
        return None

    @property
    def is_final(self) -> bool:
        """Whether it is a yearly release, which replaces candidates of its months."""
        return self.kind == "yearly"

    @property
    def file_name(self) -> str:
        """The official name of its file.

        >>> Version.parse("26.0.10").file_name
        'GEDEvent_v26_0_10.csv'
        """
        return f"GEDEvent_v{self.name.replace('.', '_')}.csv"

    def covers(self, month: int) -> bool:
        """Return whether a month, given as an ordinal, lies in the release."""
        return self.first_month <= month <= self.last_month

    def __str__(self) -> str:
        return self.name

    def __lt__(self, other: "Version") -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[int, bool, int, str]:
        span = self.last_month - self.first_month
        return self.last_month, self.is_final, span, self.name
