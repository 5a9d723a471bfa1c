"""One table of a file: its header, and its records, read on demand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from ewarn.core.errors import BadInput

Record: TypeAlias = tuple[int, Sequence[str]]
# Names that a column has in older or edited copies of the same files.
OLDER_NAMES = {
    "best": ("best_est",),
    "no.troops": ("no_troops", "no troops"),
    "where_prec": ("where_precision",),
}


@dataclass(frozen=True)
class Table:
    """One table of a file: its header, and its records (row number, cells), read on demand.

    `noun` is what a person counts in such a file ("row", "feature"); `aliases` give columns
    another name, as a column map does. `separator` is that of a CSV file; `dates` is the order of
    dates such as 03/04/2020: "dmy", "mdy", or "" where it was not stated.
    """

    file: str
    columns: Sequence[str]
    records: Callable[[], Iterator[Record]]
    noun: str = "row"
    aliases: Mapping[str, str] = field(default_factory=dict)
    separator: str = ","
    dates: str = ""

    def called(self, column: str) -> str:
        """Return the name the file itself has for a column, in any case, or an older one."""
        if column in self.aliases:
            return self.aliases[column]
        return next(filter(None, map(self._own, (column, *OLDER_NAMES.get(column, ())))), column)

    def _own(self, name: str) -> str:
        if name in self.columns:
            return name
        return next((own for own in self.columns if own.lower() == name.lower()), "")

    def renamed(self, aliases: Mapping[str, str]) -> "Table":
        """Return the table with those aliases; raises BadInput where one points at no column."""
        for tidy, column in aliases.items():
            if column not in self.columns:
                found = f"no column {column!r}, which the column map gives for {tidy}"
                raise BadInput(self.file, found, f"one of {', '.join(self.columns)}")
        return replace(self, aliases=aliases)

    def has(self, column: str) -> bool:
        """Return whether the file has that column."""
        return self.called(column) in self.columns

    def place(self, column: str) -> int:
        """Return the position of a column; raises BadInput where the file has it twice."""
        name, columns = self.called(column), list(self.columns)
        if columns.count(name) > 1:
            raise BadInput(self.file, f"the column {name!r} twice", "each column once")
        return columns.index(name)

    def data(self) -> Iterator[Record]:
        """Yield the records below the header, without a row of HXL tags (#date, #geo+lat) under it.

        A record may have more or fewer cells than the header.
        """
        records = self.records()
        next(records)
        for place, (number, cells) in enumerate(records):
            if place > 0 or not _is_hxl(cells):
                yield number, cells


def _is_hxl(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(cell.startswith("#") for cell in filled)
