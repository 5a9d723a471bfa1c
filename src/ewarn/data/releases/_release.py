"""Releases of a source: the rows of each file, and the months it covers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.data.releases._part import Part
from ewarn.data.sources import Rows
from ewarn.data.versions import Version


@dataclass(frozen=True)
class Release:
    """One release, read: its rows, those beyond its months among them, and what it covers."""

    part: Part
    rows: Rows
    first_month: int
    last_month: int
    is_final: bool

    @classmethod
    def of(cls, part: Part, rows: Rows) -> Self:
        """Return the release of a file. A version covers its months; without a manifest, which
        attests that the file is whole, a yearly one does to the last month in the file at most.
        """
        version = part.version
        if version is None:
            return cls(part, rows, rows.first_month, rows.last_month, is_final=False)
        last = version.last_month
        if version.is_final and part.rows is None:
            last = min(last, rows.last_month)
        first = max(version.first_month, rows.first_month) if version.is_final else None
        return cls(part, rows, first or version.first_month, last, version.is_final)


def current(releases: Sequence[Release]) -> list[Release]:
    """Return the releases without the yearly ones that a newer yearly one replaces."""
    finals = [one for one in releases if one.is_final]
    return [one for one in releases if one not in finals[:-1]]


def covered(releases: Sequence[Release]) -> tuple[int, int]:
    """Return the first and the last month that the releases cover together; raises BadInput for a
    month between that none covers, with the release that is missing.
    """
    first = min(one.first_month for one in releases)
    last = max(one.last_month for one in releases)
    for month in range(first, last + 1):
        if not any(one.first_month <= month <= one.last_month for one in releases):
            missing = _missing(month, releases)
            raise BadInput("releases", f"none covers {months.label(month)}", missing)
    return first, last


def _missing(month: int, releases: Iterable[Release]) -> str:
    if any(one.part.version is None for one in releases):
        return f"a release that covers {months.label(month)}"
    version = Version.candidate(month)
    return f"the release {version} ({version.file_name}) too"
