"""Read files of events, deployments and milestones as tidy tables; one module a format."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from ewarn.core.errors import BadInput, Unknown
from ewarn.data.sources import _cells, _coverage, _dates, _files
from ewarn.data.sources._cells import ASIDE, Tidy
from ewarn.data.sources._column_map import column_map
from ewarn.data.sources._detection import KINDS, Source, recognised, sources

__all__ = ["KINDS", "Layout", "Rows", "Source", "in_order", "read", "sources"]

FEW = 0.001  # the share of rows with an impossible value that is set aside; more are refused
MAPPED = ("event_csv", "count_csv")  # the sources a column map is for
ONE_OF = 50  # rows, from which on a single such row is few in any case


@dataclass(frozen=True)
class Layout:
    """What a user states of how a file is written: its encoding ("": UTF-8), and the order of dates
    such as 03/04/2020 ("dmy" or "mdy"; "": to be found).
    """

    encoding: str = ""
    dates: str = ""

    def __post_init__(self) -> None:
        if self.dates not in ("", *_dates.ORDERS):
            raise Unknown("order of dates", self.dates, _dates.ORDERS)


@dataclass(frozen=True)
class Rows:
    """One file, read: tidy rows, the rows set aside, and the months the file speaks of.

    Every data row of the file is either in `table` or in `set_aside`. Their `row` is the line of
    the file that the row begins on (header: 1), or a feature's number in GeoJSON. `table` is in
    an order of its own, in which the order of the file's rows leaves no trace. `delay` is how many
    days after a month's end such a source has reported it. `faulty` of the rows set aside have an
    impossible value; `faulty_deaths` is their share of the file's deaths, as far as known.
    `beyond` of the rows set aside are of months that are not covered.
    Months after `final_through` are preliminary, those to `again_through` reported again; without
    them nothing is stated of that.
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
    faulty: int = 0
    faulty_deaths: float = 0.0
    beyond: int = 0
    final_through: int | None = None
    again_through: int | None = None


def read(
    path: Path | str,
    kind: str,
    columns: Path | str | Mapping[str, str] | None = None,
    layout: Layout | None = None,
    is_whole: bool = True,
) -> Rows:
    """Return the rows of a file of that kind, read by the source module that its columns fit.

    `columns` is a column map for a source of MAPPED: tidy name -> the file's name, or a TOML file
    of that. Without `is_whole` it is one of several releases, and rows of months that it only
    spills over into stay in the table. A few rows with an impossible value are set aside (see FEW).
    Raises BadInput for a file that cannot be used, or has more of them.
    """
    path, layout = Path(path), layout or Layout()
    known = sources(kind)
    data = _files.content(path)
    tables = [
        replace(table, dates=layout.dates)
        for table in _files.tables(path.name, data, layout.encoding)
    ]
    if columns is not None:
        if kind != "events":
            raise BadInput(path.name, f"a column map with {kind}", "a column map only with events")
        known = {name: known[name] for name in MAPPED}
        names = {name for source in known.values() for name in _wanted(source)}
        aliases = column_map(columns, names)
        tables = [table.renamed(aliases) for table in tables]
    name, table = recognised(tables, known)
    source = known[name]
    cells = _cells.of(table, _wanted(source))
    tidy = source.read(cells)
    return _rows(name, source, cells, tidy, path.name, _files.digest(data), is_whole)


def _wanted(source: Source) -> list[str]:
    named = [column for needed in source.COLUMNS for column in needed]
    return list(dict.fromkeys([*named, *source.OPTIONAL]))


def _rows(
    name: str,
    source: Source,
    cells: _cells.Cells,
    tidy: Tidy,
    file: str,
    digest: str,
    is_whole: bool,
) -> Rows:
    faults = _few(cells)
    good = tidy.months[~tidy.months.index.isin(faults["row"])]
    if good.empty:
        raise BadInput(file, "no date in any row", "at least one row with a date")
    stray = _coverage.stray(good) if source.SHAPE == "events" and is_whole else good.iloc[:0]
    good = good.drop(stray.index)
    beyond = _coverage.listed(stray, cells, int(good.min()), int(good.max()))
    aside = pd.concat([faults, tidy.set_aside, beyond]).drop_duplicates("row")
    aside = aside.sort_values("row", ignore_index=True)
    aside.insert(0, "file", pd.Series(file, aside.index, dtype="str"))
    used = tidy.table[~tidy.table.index.isin(aside["row"])].reset_index(names="row")
    return Rows(
        *(source.KIND, source.SHAPE, name, file, digest, in_order(used), aside),
        *(int(good.min()), int(good.max()), source.DELAY_DAYS),
        *(len(faults), _share_of_deaths(tidy.table, faults), len(beyond)),
    )


def _few(cells: _cells.Cells) -> pd.DataFrame:
    """Return the rows with a fault, each once (ASIDE); raises BadInput for the first of many."""
    if not cells.faults:
        return pd.DataFrame(columns=ASIDE).astype({"row": "int64"})
    found = pd.concat(cells.faults).drop_duplicates("row").sort_values("row", ignore_index=True)
    total = len(cells.rows)
    if len(found) > max(int(FEW * total), int(total >= ONE_OF)):
        first = found.iloc[0]
        where = cells.where(first["row"], first["column"])
        raise BadInput(where, first["found"], first["expected"])
    return found


def _share_of_deaths(table: pd.DataFrame, faults: pd.DataFrame) -> float:
    """Return the share of the deaths in rows with a fault; a number that cannot be read counts by
    its digits.
    """
    if faults.empty or "fatalities" not in table or not table["fatalities"].sum():
        return 0.0
    written = faults.set_index("row")["found"].str.replace(r"[^0-9]", "", regex=True)
    bad = table.loc[table.index.isin(faults["row"]), "fatalities"]
    dead = float(bad.fillna(pd.to_numeric(written, errors="coerce")).sum())
    return dead / (
        dead + float(table.loc[~table.index.isin(faults["row"]), "fatalities"].sum()) or 1
    )


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table by month and then by every other column, with the row number as its last."""
    columns = [str(column) for column in table if column != "row"]
    keys = sorted(columns, key=lambda column: column != "month")
    return table.sort_values([*keys, "row"], ignore_index=True)[[*columns, "row"]]
