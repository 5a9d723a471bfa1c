"""Read a file as it was at hand on a day, and note what to keep of it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import pandas as pd

from ewarn.core import files, months
from ewarn.core.errors import BadInput
from ewarn.data import sources, vintages
from ewarn.data.sources import Layout, Rows
from ewarn.data.vintages import Step, Store, Vintage


@dataclass(frozen=True)
class Reading:
    """A file, read beside the vintages that are kept of its series.

    `rows` are those of the newest vintage at hand. `chain` are the vintages admitted before the
    file was fetched, the oldest first, and at its end the file's own, with the rows `table`.
    """

    path: Path
    store: Store
    table: pd.DataFrame
    chain: tuple[Vintage, ...]
    at_hand: tuple[Vintage, ...]
    newest: Vintage | None
    rows: Rows

    @property
    def named(self) -> Vintage:
        """The file's own vintage."""
        return self.chain[-1]

    @property
    def used(self) -> Vintage:
        """The vintage that `rows` are of."""
        return self.at_hand[-1]

    @cached_property
    def before(self) -> pd.DataFrame | None:
        """The rows of the vintage before the file, if there is one."""
        steps = [Step(one, self.store.changes(one)) for one in self.chain[:-1]]
        return vintages.current_rows(steps) if steps else None

    @cached_property
    def changes(self) -> pd.DataFrame:
        """How the file differs from the vintage before it."""
        return vintages.difference(self.before, self.table)

    def history(self) -> pd.DataFrame:
        """Return every version of every row that was at hand (see `vintages.history`)."""
        own = [Step(one, self.changes) for one in self.at_hand if one == self.named]
        stored = [Step(one, self.store.changes(one)) for one in self.at_hand if one != self.named]
        return vintages.history(stored + own)

    def keep(self, admit: bool) -> None:
        """Keep the file as it was read; with `admit` as the newest vintage of its series too."""
        is_next = self.newest is None or self.newest.fetched_at < self.named.fetched_at
        self.store.keep(self.path, self.named, self.changes if admit and is_next else None)


def read(
    path: Path,
    kind: str,
    store: Store,
    as_of: date | None,
    columns: Path | None = None,
    delay: int | None = None,
    layout: Layout | None = None,
) -> Reading:
    """Return the file, and the vintages of its series that were at hand on the day (see
    `_at_hand`), or, where no day is requested, all up to the file; `delay` in place of the source's
    own.

    Raises BadInput for a file, or a vintage, that cannot be used.
    """
    rows = sources.read(path, kind, columns, layout)
    named = _vintage(path, rows, columns, store)
    rows = _without_future(rows, named.day)
    if kind == "events":
        named = named.model_copy(update={"last_month": months.label(rows.last_month)})
    admitted = store.admitted(named.series)
    chain = (*(one for one in admitted if one.fetched_at < named.fetched_at), named)
    days = rows.delay if delay is None else delay
    at_hand = _at_hand(chain, as_of, days) if as_of else chain
    newest = admitted[-1] if admitted else None
    used = rows
    if at_hand[-1] != named:
        earlier = store.path(at_hand[-1].digest, at_hand[-1].file)
        used = _without_future(sources.read(earlier, kind, columns, layout), at_hand[-1].day)
    return Reading(path, store, rows.table, chain, at_hand, newest, used)


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


def _at_hand(chain: tuple[Vintage, ...], as_of: date, delay: int) -> tuple[Vintage, ...]:
    """Return those fetched by the day. Before the first was, the reporting delay stands in for
    them: then as many of the first as cover the months that were due, for no later one adds to them
    of these.
    """
    fetched = tuple(one for one in chain if one.day <= as_of)
    due = months.last_complete(as_of - timedelta(days=delay))
    enough = (place for place, one in enumerate(chain, start=1) if one.covered[1] >= due)
    return fetched or chain[: next(enough, len(chain))]


def other(path: Path, kind: str, store: Store, rows: int = 0) -> Vintage:
    """Return the vintage of a file that is no table of rows: units, or a column map."""
    digest = files.digest(files.content(path, f"the file of {kind}"))
    series = vintages.series(kind, path.name)
    return store.find(series, digest) or Vintage(
        kind=kind,
        source=kind,
        series=series,
        file=path.name,
        fetched_at=vintages.fetched_at(path, digest),
        digest=digest,
        first_month=None,
        last_month=None,
        rows=rows,
    )


def _vintage(path: Path, rows: Rows, columns: Path | None, store: Store) -> Vintage:
    mapped = files.digest(files.content(columns, "a column map")) if columns else ""
    series = vintages.series(rows.source, rows.path, mapped)
    found = store.find(series, rows.digest)
    if found:
        return found.model_copy(update={"file": rows.path})
    built = Vintage(
        kind=rows.kind,
        source=rows.source,
        series=series,
        file=rows.path,
        fetched_at=vintages.fetched_at(path, rows.digest),
        digest=rows.digest,
        first_month=months.label(rows.first_month),
        last_month=months.label(rows.last_month),
        rows=len(rows.table) + len(rows.set_aside),
    )
    first, last = built.covered
    if rows.kind == "events" and last < first:
        raise BadInput(path.name, f"no month that had ended on {built.day}", "months that had")
    return built
