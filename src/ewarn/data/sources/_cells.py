"""Cells of text that carry their file, row and column, for messages about them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import pandas as pd

from ewarn.core.errors import BadInput
from ewarn.data.sources._table import Table

Column: TypeAlias = "pd.Series[Any]"
Mask: TypeAlias = "pd.Series[bool]"

ASIDE = ["row", "column", "found", "expected"]
# As R, pandas, spreadsheets and people write a missing value, in any case.
_NOTHING = ("na", "n/a", "#n/a", "n.a.", "nan", "null", "none", "-", "--", ".", "..")


class Tidy(NamedTuple):
    """What a source makes of its cells: a tidy row for every row of the file, the list of those
    that must be left out with the reason (columns ASIDE), and the months the rows speak of.
    """

    table: pd.DataFrame
    set_aside: pd.DataFrame
    months: Column


@dataclass(frozen=True)
class Cells:
    """Stripped text cells of a table, indexed by row number.

    `faults` collects rows with an impossible value (columns ASIDE), as checks find them.
    """

    table: Table
    frame: pd.DataFrame
    faults: list[pd.DataFrame] = field(default_factory=list)

    @property
    def rows(self) -> "pd.Index[int]":
        """The row numbers."""
        return self.frame.index

    def text(self, column: str) -> Column:
        """Return the cells of a column as they are; blank where the file has no such column."""
        if column in self.frame:
            return self.frame[column]
        return pd.Series("", index=self.rows, dtype="str")

    def refuse(self, bad: Mask, column: str, expected: "str | Column") -> None:
        """Note the bad rows as faults, to be set aside if they are few, or else refused."""
        if bad.any():
            self.faults.append(self.aside(bad, column, expected))

    @property
    def faulty(self) -> "set[int]":
        """The numbers of the rows that have a fault."""
        return {row for fault in self.faults for row in fault["row"]}

    def where(self, row: object, column: str) -> str:
        """Return the words for one cell: file, row, column; for a row alone without a column."""
        named = f", column {self.table.called(column)}" if column else ""
        return f"{self.table.file}, {self.table.noun} {row}{named}"

    def refuse_repeats(self, keys: pd.DataFrame, columns: Sequence[str], expected: str) -> None:
        """Raise BadInput, naming both rows, where a row of `keys` repeats an earlier one; the
        message quotes the cells of `columns`, the last of which it names. Rows with a fault are no
        repeats: they are left out anyway.
        """
        keys = keys[~keys.index.isin(self.faulty)]
        again = keys.index[keys.duplicated().to_numpy()]
        if len(again):
            alike = keys.eq(keys.loc[again[0]]).all(axis=1).to_numpy()
            first, second = keys.index[alike][:2]
            quoted = " ".join(filter(None, (self.text(column)[first] for column in columns)))
            noun = f"{self.table.noun}s {first} and {second}"
            where = f"{self.table.file}, {noun}, column {self.table.called(columns[-1])}"
            raise BadInput(where, f"{quoted!r} twice", expected)

    def aside(self, out: Mask, column: str, expected: "str | Column") -> pd.DataFrame:
        """Return the set-aside list (ASIDE) of the rows where `out` holds."""
        reason = expected if isinstance(expected, str) else expected[out].to_numpy()
        found = [shown(cell) for cell in self.text(column)[out]]
        cells = {"row": self.rows[out.to_numpy()], "column": self.table.called(column)}
        return pd.DataFrame(cells | {"found": found, "expected": reason}, columns=ASIDE)


def of(table: Table, wanted: Sequence[str]) -> Cells:
    """Return the cells of those of the wanted columns that a table has.

    Raises BadInput where there is no row, or what `Table.data` and `Table.place` refuse.
    """
    present = [column for column in wanted if table.has(column)]
    places = [table.place(column) for column in present]
    width = max(n for n, name in enumerate(table.columns, 1) if name or n == 1)
    numbers, rows, misfits = [], [], []
    for number, record in table.data():
        numbers.append(number)
        cells = record if any(record[width:]) else record[:width]
        if len(cells) == width:
            rows.append([cells[place] for place in places])
        else:
            rows.append([""] * len(places))
            expected = f"{width}, as in the header"
            misfits.append((number, "", f"{len(cells)} cells", expected))
    if not rows:
        raise BadInput(table.file, "a header and no rows", "at least one row of data")
    frame = pd.DataFrame(rows, pd.Index(numbers, name="row"), present, dtype="str")
    text = frame.apply(lambda column: column.str.strip())
    blank = text.mask(text.apply(lambda column: column.str.lower().isin(_NOTHING)), "")
    return Cells(table, blank, [pd.DataFrame(misfits, columns=ASIDE)] if misfits else [])


def shown(cell: str) -> str:
    """Return a cell as messages quote it."""
    return repr(cell) if cell else "an empty cell"
