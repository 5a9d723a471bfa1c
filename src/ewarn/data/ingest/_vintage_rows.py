"""Read a file as it was at hand on a day, and note what to keep of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import pandas as pd

from ewarn.core import files, months
from ewarn.core.errors import BadInput
from ewarn.data import vintages
from ewarn.data.ingest._found import Found, How, found, stored
from ewarn.data.sources import Rows
from ewarn.data.vintages import Step, Store, Vintage


@dataclass(frozen=True)
class Reading:
    """A file, or several releases, read beside the vintages that are kept of the series.

    `found` is what the user names, `read` the newest vintage at hand. `chain` are the vintages
    admitted before the file was fetched, the oldest first, and at its end the file's own.
    """

    found: Found
    store: Store
    chain: tuple[Vintage, ...]
    at_hand: tuple[Vintage, ...]
    newest: Vintage | None
    read: Found

    @property
    def rows(self) -> Rows:
        """The rows of the newest vintage at hand."""
        return self.read.rows

    @property
    def table(self) -> pd.DataFrame:
        """The rows of the file that the user names."""
        return self.found.rows.table

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
        for one in self.found.releases:
            self.store.keep_part(one.part.path, one.part.digest)
        self.store.keep(self.found.content, self.named, self.changes if admit and is_next else None)


def read(
    paths: Sequence[Path],
    how: How,
    store: Store,
    as_of: date | None,
    delay: int | None = None,
    names: Sequence[str] = (),
) -> Reading:
    """Return the file, or the releases of those names, and the vintages of the series that were at
    hand on the day (see `_at_hand`), or, where no day is requested, all up to the file; `delay` in
    place of the source's own.

    Raises BadInput for a file, or a vintage, that cannot be used.
    """
    named = found(paths, how, names)
    vintage = _vintage(named, how, store)
    admitted = store.admitted(vintage.series)
    chain = (*(one for one in admitted if one.fetched_at < vintage.fetched_at), vintage)
    days = named.rows.delay if delay is None else delay
    at_hand = _at_hand(chain, as_of, days) if as_of else chain
    newest = admitted[-1] if admitted else None
    used = named if at_hand[-1] == vintage else stored(store, at_hand[-1], how)
    return Reading(named, store, chain, at_hand, newest, used)


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


def _vintage(named: Found, how: How, store: Store) -> Vintage:
    rows = named.rows
    mapped = files.digest(files.content(how.columns, "a column map")) if how.columns else ""
    series = vintages.series(rows.source, rows.path, mapped)
    known = store.find(series, rows.digest)
    if known:
        return known.model_copy(update={"file": rows.path})
    built = Vintage(
        kind=rows.kind,
        source=rows.source,
        series=series,
        file=rows.path,
        fetched_at=named.fetched_at,
        digest=rows.digest,
        first_month=months.label(rows.first_month),
        last_month=months.label(rows.last_month),
        rows=len(rows.table) + len(rows.set_aside),
        final_through=_label(rows.final_through),
        again_through=_label(rows.again_through),
    )
    first, last = built.covered
    if rows.kind == "events" and last < first:
        raise BadInput(rows.path, f"no month that had ended on {built.day}", "months that had")
    return built


def _label(month: int | None) -> str | None:
    return None if month is None else months.label(month)
