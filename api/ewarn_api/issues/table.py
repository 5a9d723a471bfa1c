"""A table of an issue, stored by column, filtered by exact values, read page by page."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

_FEW = 10
Filters = Mapping[str, Collection[Any]]
Rows = NDArray[np.intp]


class Kept(Protocol):
    """The values of a column, by row."""

    def at(self, rows: Rows) -> list[Any]:
        """Return the values of these rows, None where there is none."""

    def array(self, rows: Rows, kind: pa.DataType) -> pa.Array:
        """Return the same as an array of that type."""


@dataclass(frozen=True)
class Column:
    """Values by row, as codes of `values`, of which the last is None, for code -1."""

    codes: NDArray[np.integer[Any]]
    values: NDArray[np.object_]

    def at(self, rows: Rows) -> list[Any]:
        """Return the values of these rows, None where there is none."""
        found: list[Any] = self.values[self.codes[rows]].tolist()
        return found

    def array(self, rows: Rows, kind: pa.DataType) -> pa.Array:
        """Return the same as an array of that type."""
        codes = self.codes[rows]
        return pa.array(self.values, kind).take(pa.array(codes, mask=codes < 0))

    def where(self, wanted: Collection[Any], rows: Rows | None) -> Rows:
        """Return those of these rows, or of all, whose value is one of those wanted."""
        codes = self.codes if rows is None else self.codes[rows]
        chosen = [code for code, value in enumerate(self.values) if value in wanted]
        if len(chosen) <= _FEW:  # a comparison of small integers is fastest
            keep = np.zeros(len(codes), bool)
            for code in chosen:
                keep |= codes == code
        else:
            keep = np.isin(np.arange(len(self.values)), chosen)[codes]
        stored = np.flatnonzero(keep)
        return stored if rows is None else rows[stored]


@dataclass(frozen=True)
class Numbers:
    """Values by row: numbers or truths, NaN where there is none."""

    values: NDArray[Any]
    has_gaps: bool

    def at(self, rows: Rows) -> list[Any]:
        """Return the values of these rows, None where there is none."""
        found: list[Any] = self.values[rows].tolist()
        return [None if isnan(value) else value for value in found] if self.has_gaps else found

    def array(self, rows: Rows, kind: pa.DataType) -> pa.Array:
        """Return the same as an array of that type."""
        return pa.array(self.values[rows], kind, from_pandas=True)


@dataclass(frozen=True)
class Computed:
    """Values by row that are few and lie ready."""

    values: Sequence[Any]

    def at(self, rows: Rows) -> list[Any]:
        """Return the values of these rows, None where there is none."""
        return [self.values[row] for row in rows]

    def array(self, rows: Rows, kind: pa.DataType) -> pa.Array:
        """Return the same as an array of that type."""
        return pa.array(self.at(rows), kind)


@dataclass(frozen=True)
class Page:
    """Some rows of a table, `chosen`, that are read on demand; `total` are on all pages. `of`
    is the table's name where its columns have a sense of their own (see `fields.of`).
    """

    kept: Mapping[str, Kept]
    chosen: range | Rows
    total: int
    of: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(self.kept)

    @property
    def places(self) -> Rows:
        """Where its rows lie in the table."""
        rows = self.chosen
        return np.arange(rows.start, rows.stop) if isinstance(rows, range) else rows

    @property
    def dicts(self) -> list[dict[str, Any]]:
        """Its rows, each by the names of its columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """Its rows."""
        places = self.places
        return list(zip(*(column.at(places) for column in self.kept.values()), strict=True))

    def __len__(self) -> int:
        return len(self.chosen)

    def parts(self, size: int) -> Iterator["Page"]:
        """Yield the rows in order, so many at a time; one empty part if there are none."""
        for start in range(0, max(len(self), 1), size):
            yield replace(self, chosen=self.chosen[start : start + size])


class Table:
    """The rows of a frame: `shown` are the columns shown, the others can be filtered on."""

    def __init__(self, frame: pd.DataFrame, shown: Sequence[str]) -> None:
        self.columns = {str(name): _kept(frame[name]) for name in frame.columns}
        self.shown = tuple(shown)
        self._length = len(frame)

    def page(self, filters: Filters, page: slice) -> Page:
        """Return a page of the rows that pass all filters, in the table's order."""
        rows = self._where(filters)
        every = range(self._length) if rows is None else rows
        stored = {name: self.columns[name] for name in self.shown}
        return Page(stored, every[page], len(every))

    def values(self, name: str) -> list[Any]:
        """Return the values there are in a column of codes or whole numbers."""
        return [value for value in self._coded(name).values.tolist() if value is not None]

    def frame(self, names: Sequence[str]) -> pd.DataFrame:
        """Return some of its columns, all rows."""
        every = np.arange(self._length)
        return pd.DataFrame({name: self.columns[name].at(every) for name in names})

    def _where(self, filters: Filters) -> Rows | None:
        rows = None
        for name, wanted in filters.items():
            rows = self._coded(name).where(wanted, rows)
        return rows

    def _coded(self, name: str) -> Column:
        column = self.columns[name]
        if not isinstance(column, Column):
            raise TypeError(f"{name} is a measure; only codes and whole numbers are filtered")
        return column


def of_rows(
    columns: Sequence[str], rows: Sequence[Mapping[str, Any]], page: slice, of: str = ""
) -> Page:
    """Return the page of rows that are few and lie ready, of the table of that name."""
    stored = {name: Computed([row[name] for row in rows]) for name in columns}
    return Page(stored, range(len(rows))[page], len(rows), of)


def _kept(values: pd.Series) -> Column | Numbers:
    if pd.api.types.is_float_dtype(values) or pd.api.types.is_bool_dtype(values):
        return Numbers(values.to_numpy(), bool(values.isna().any()))
    coded = values.astype("category").cat
    distinct = np.array([*coded.categories, None], object)
    return Column(coded.codes.to_numpy(), distinct)
