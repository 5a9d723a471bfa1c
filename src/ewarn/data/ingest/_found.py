"""Read the file that a user names, or several releases of one source, as one table of rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from ewarn.core import files, months
from ewarn.core.errors import BadInput
from ewarn.data import releases, sources, vintages
from ewarn.data.releases import Part, Release
from ewarn.data.sources import Layout, Rows
from ewarn.data.vintages import Store, Vintage


@dataclass(frozen=True)
class How:
    """How files of a kind are read: their kind, a column map, the layout."""

    kind: str
    columns: Path | None = None
    layout: Layout | None = None

    def rows(self, path: Path, is_whole: bool = True) -> Rows:
        """Return the rows of one file."""
        return sources.read(path, self.kind, self.columns, self.layout, is_whole=is_whole)


@dataclass(frozen=True)
class Found:
    """What was read: `content` is what a vintage keeps, the file or the list of `releases`."""

    content: Path | bytes
    rows: Rows
    fetched_at: datetime
    releases: tuple[Release, ...] = ()


def found(
    paths: Sequence[Path], how: How, names: Sequence[str] = (), day: date | None = None
) -> Found:
    """Return the rows of a file, or of several releases joined (see `ewarn.data.releases`); `day`
    is when the file was fetched, where it does not lie beside its manifest.
    """
    first = paths[0]
    if len(paths) == 1 and not first.is_dir() and not releases.is_list(first):
        rows = how.rows(first)
        fetched = vintages.fetched_at(first, rows.digest)
        return Found(first, _without_future(rows, day or fetched.date()), fetched)
    parts = releases.listed(first) if releases.is_list(first) else releases.parts(paths, names)
    return _joined(parts, how)


def stored(store: Store, vintage: Vintage, how: How) -> Found:
    """Return what was read as that vintage, from the store; raises BadInput where it is gone."""
    return found([store.path(vintage.digest, vintage.file)], how, day=vintage.day)


def _without_future(rows: Rows, fetched: date) -> Rows:
    """Return the rows without events dated after the month in which the file was fetched, which are
    set aside, unless all are.
    """
    table, last = rows.table, months.of(fetched.year, fetched.month)
    if rows.kind != "events" or rows.last_month <= last or rows.first_month > last:
        return rows
    is_future = table["month"] > last
    found = [months.label(month) for month in table["month"][is_future]]
    expected = f"a date up to {fetched}, when the file was fetched"
    late = pd.DataFrame({"file": rows.path, "row": table["row"][is_future], "column": "date"})
    late = late.assign(found=found, expected=expected)
    aside = pd.concat([rows.set_aside, late]).sort_values("row", ignore_index=True)
    past = table[~is_future]
    return replace(
        rows,
        table=past.reset_index(drop=True),
        set_aside=aside,
        last_month=int(past["month"].max()),
        faulty=rows.faulty + len(late),
    )


def _joined(parts: Sequence[Part], how: How) -> Found:
    each = releases.current(_each(parts, how))
    name, text = releases.as_list([one.part for one in each])
    rows = releases.join(each, name, files.digest(text))
    fetched = max(vintages.fetched_at(one.part.path, one.part.digest) for one in each)
    return Found(text, rows, fetched, tuple(each))


def _each(parts: Sequence[Part], how: How) -> list[Release]:
    """Return the releases; one that its manifest gives no row has none, and covers its months."""
    rows = {
        part.name: how.rows(part.path, is_whole=part.version is None)
        for part in parts
        if part.rows != 0
    }
    if not rows:
        raise BadInput(parts[0].path, "no event in any release", "at least one")
    some = next(iter(rows.values()))
    return [
        Release.of(part, rows[part.name] if part.name in rows else _empty(part, some))
        for part in parts
    ]


def _empty(part: Part, like: Rows) -> Rows:
    return replace(
        like,
        path=part.path.name,
        digest=part.digest,
        table=like.table.iloc[:0],
        set_aside=like.set_aside.iloc[:0],
        faulty=0,
        faulty_deaths=0.0,
        beyond=0,
    )
