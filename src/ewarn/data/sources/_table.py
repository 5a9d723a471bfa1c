"""One table of a file: its header, and its records, read on demand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from ewarn.core.errors import BadInput

Record: TypeAlias = tuple[int, Sequence[str]]


@dataclass(frozen=True)
class Table:
    """One table of a file: its header, and its records (row number, cells), read on demand.

    `noun` is what a person counts in such a file ("row", "feature"); `aliases` give columns
    another name, as a column map does.
    """

    file: str
    columns: Sequence[str]
    records: Callable[[], Iterator[Record]]
    noun: str = "row"
    aliases: Mapping[str, str] = field(default_factory=dict)

    def called(self, column: str) -> str:
        """Return the name the file itself has for a column."""
        return self.aliases.get(column, column)

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

        Raises BadInput where a record has more or fewer cells than the header.
        """
        records = self.records()
        next(records)
        width = len(self.columns)
        for place, (number, cells) in enumerate(records):
            if len(cells) != width:
                where = f"{self.file}, {self.noun} {number}"
                raise BadInput(where, f"{len(cells)} cells", f"{width}, as in the header")
            if place > 0 or not _is_hxl(cells):
                yield number, cells


def _is_hxl(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(cell.startswith("#") for cell in filled)
