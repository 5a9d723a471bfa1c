"""Find the first thing in which two issues differ that should be the same."""

import json
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ewarn.core import files
from ewarn.publishing.issue import _card, _parquet


class Difference(NamedTuple):
    """Where two issues differ first: the table or file, row, column, and the two values."""

    table: str
    row: str
    column: str
    was: object
    now: object

    def __str__(self) -> str:
        where = ", ".join(filter(None, (self.table, self.row, self.column)))
        return f"{where}: was {self.was!r:.200}, is {self.now!r:.200}"


def between(was: Path, now: Path) -> Difference | None:
    """Return the first difference of the issues in two folders, table by table, then of their
    cards.
    """
    for name in _parquet.NAMES:
        one, two = (files.content(folder / f"{name}.parquet") for folder in (was, now))
        if one != two:
            return _of_tables(name, *(_parquet.frame(name, table) for table in (one, two)))
    one, two = (json.loads(files.content(folder / "issue.json")) for folder in (was, now))
    return _of_facts("issue.json", _card.facts(one), _card.facts(two))


def _of_tables(name: str, was: pd.DataFrame, now: pd.DataFrame) -> Difference:
    shared, keys = min(len(was), len(now)), list(_parquet.key(name))
    one, two = (_cells(table[:shared]) for table in (was, now))
    other = (one != two) & ~(one.isna() & two.isna())
    if other.to_numpy().any():
        row = int(np.argmax(other.any(axis=1)))
        column = str(other.columns[int(np.argmax(other.iloc[row]))])
        cells = (table[column].iloc[row] for table in (one, two))
        return Difference(name, _row(one[keys].iloc[row]), column, *cells)
    longer = was if len(was) > shared else now
    reported = f"{len(was):,} rows", f"{len(now):,} rows"
    return Difference(
        name, _row(longer[keys].iloc[shared]) if len(longer) > shared else "", "", *reported
    )


def _cells(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with cells that can be compared: lists where there were arrays."""
    built = table.astype(object)
    return built.assign(draws=built["draws"].map(list)) if "draws" in built else built


def _row(cells: "pd.Series[Any]") -> str:
    return " ".join(f"{key}={value}" for key, value in cells.dropna().items())


def _of_facts(path: str, was: Any, now: Any) -> Difference | None:
    if isinstance(was, dict) and isinstance(now, dict):
        pairs = [(key, was.get(key), now.get(key)) for key in sorted(was | now)]
    elif isinstance(was, list) and isinstance(now, list):
        pairs = [(place, *pair) for place, pair in enumerate(zip_longest(was, now))]
    else:
        return None if was == now else Difference(path, "", "", was, now)
    found = (_of_facts(f"{path} {key}", one, two) for key, one, two in pairs)
    return next((one for one in found if one), None)
