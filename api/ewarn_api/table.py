"""A table of an issue into pages of its rows: kept by column, chosen by exact values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_FEW = 10
Filters = Mapping[str, Collection[Any]]


@dataclass(frozen=True)
class Column:
    """Values by row: codes into `values`, whose last one is None and stands for code -1."""

    codes: NDArray[np.integer[Any]]
    values: NDArray[np.object_]

    def at(self, rows: NDArray[np.intp]) -> list[Any]:
        """The values of these rows."""
        found: list[Any] = self.values[self.codes[rows]].tolist()
        return found

    def where(self, wanted: Collection[Any], rows: NDArray[np.intp] | None) -> NDArray[np.intp]:
        """Those of these rows, or of all, whose value is one of those wanted."""
        codes = self.codes if rows is None else self.codes[rows]
        chosen = [code for code, value in enumerate(self.values) if value in wanted]
        if len(chosen) <= _FEW:  # a comparison of small integers is fastest
            keep = np.zeros(len(codes), bool)
            for code in chosen:
                keep |= codes == code
        else:
            keep = np.isin(np.arange(len(self.values)), chosen)[codes]
        kept = np.flatnonzero(keep)
        return kept if rows is None else rows[kept]


@dataclass(frozen=True)
class Numbers:
    """Values by row: numbers or truths, NaN where there is none."""

    values: NDArray[Any]
    has_gaps: bool

    def at(self, rows: NDArray[np.intp]) -> list[Any]:
        """The values of these rows, None where there is none."""
        found: list[Any] = self.values[rows].tolist()
        return [None if isnan(value) else value for value in found] if self.has_gaps else found


@dataclass(frozen=True)
class Page:
    """Some rows, and how many there are on all pages."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    total: int


class Table:
    """The rows of a frame: `shown` says which columns, the others can be filtered on."""

    def __init__(self, frame: pd.DataFrame, shown: Sequence[str]) -> None:
        self.columns = {str(name): _kept(frame[name]) for name in frame.columns}
        self.shown = tuple(shown)
        self._length = len(frame)

    def page(self, filters: Filters, page: slice) -> Page:
        """A page of the rows that pass all filters, in the table's order."""
        rows = self._where(filters)
        total = self._length if rows is None else len(rows)
        some = np.arange(*page.indices(total))
        some = some if rows is None else rows[some]
        columns = [self.columns[name].at(some) for name in self.shown]
        return Page(self.shown, list(zip(*columns, strict=True)), total)

    def frame(self, names: Sequence[str]) -> pd.DataFrame:
        """Some of its columns, all rows."""
        every = np.arange(self._length)
        return pd.DataFrame({name: self.columns[name].at(every) for name in names})

    def _where(self, filters: Filters) -> NDArray[np.intp] | None:
        rows = None
        for name, wanted in filters.items():
            column = self.columns[name]
            if not isinstance(column, Column):
                raise TypeError(f"{name} is a measure; only codes and whole numbers are filtered")
            rows = column.where(wanted, rows)
        return rows


def of_rows(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], page: slice) -> Page:
    """The page of rows that are few and lie ready."""
    some = [tuple(row[name] for name in columns) for row in rows[page]]
    return Page(tuple(columns), some, len(rows))


def _kept(values: pd.Series) -> Column | Numbers:
    if pd.api.types.is_float_dtype(values) or pd.api.types.is_bool_dtype(values):
        return Numbers(values.to_numpy(), bool(values.isna().any()))
    coded = values.astype("category").cat
    distinct = np.array([*coded.categories, None], object)
    return Column(coded.codes.to_numpy(), distinct)
