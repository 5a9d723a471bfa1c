"""Read files of events, deployments and milestones as tidy tables; one module a format."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ewarn.core.errors import BadInput
from ewarn.data.sources import _cells, _files, event_csv
from ewarn.data.sources._cells import Tidy
from ewarn.data.sources._detection import KINDS, Source, recognised, sources
from ewarn.data.sources._table import Table

__all__ = ["KINDS", "Rows", "Source", "read", "sources"]


@dataclass(frozen=True)
class Rows:
    """One file, read: tidy rows, the rows set aside, and the months the file speaks of.

    Every data row of the file is either in `table` or in `set_aside`. Their `row` is the line of
    the file that the row begins on (header: 1), or a feature's number in GeoJSON. `table` is in
    an order of its own, in which the order of the file's rows leaves no trace. `delay` is how many
    days after a month's end such a source has reported it.
    """

    kind: str
    shape: str
    source: str
    path: str
    digest: str
    table: pd.DataFrame
    set_aside: pd.DataFrame
    first_month: int
    last_month: int
    delay: int = 0


def read(
    path: Path | str, kind: str, columns: Path | str | Mapping[str, str] | None = None
) -> Rows:
    """Return the rows of a file of that kind, read by the source module that its columns fit.

    `columns` is a column map for `event_csv`: tidy name -> the file's name, or a TOML file of
    that. Raises BadInput for a file, or a value in it, that cannot be used.
    """
    path = Path(path)
    known = sources(kind)
    data = _files.content(path)
    tables = _files.tables(path.name, data)
    if columns is not None:
        if kind != "events":
            raise BadInput(path.name, f"a column map with {kind}", "a column map only with events")
        known = {"event_csv": known["event_csv"]}
        aliases = event_csv.column_map(columns)
        tables = [table.renamed(aliases) for table in tables]
    name, table = recognised(tables, known)
    source = known[name]
    return _rows(name, source, _tidy(source, table), path.name, _files.digest(data))


def _tidy(source: Source, table: Table) -> Tidy:
    wanted = [column for needed in source.COLUMNS for column in needed]
    tidy = source.read(_cells.of(table, list(dict.fromkeys([*wanted, *source.OPTIONAL]))))
    if tidy.months.empty:
        raise BadInput(table.file, "no date in any row", "at least one row with a date")
    return tidy


def _rows(name: str, source: Source, tidy: Tidy, file: str, digest: str) -> Rows:
    aside = tidy.set_aside.sort_values("row", ignore_index=True)
    aside.insert(0, "file", pd.Series(file, aside.index, dtype="str"))
    stored = _in_order(tidy.table[~tidy.table.index.isin(aside["row"])])
    covered = int(tidy.months.min()), int(tidy.months.max())
    days = source.DELAY_DAYS
    return Rows(source.KIND, source.SHAPE, name, file, digest, stored, aside, *covered, days)


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table by month and then by every other column, with the row number as its last."""
    columns = list(table.columns)
    keys = sorted(columns, key=lambda column: column != "month")
    ordered = table.reset_index(names="row").sort_values([*keys, "row"], ignore_index=True)
    return ordered[[*columns, "row"]]
