"""Differences between the vintages of a source, and the rows that each reported, with two dates."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.data.vintages._record import Vintage

_OWN = ["key", "change"]
_WHERE = ["row", "file"]  # where a row was read, which is no part of what it states
_IDS = ("event_id", "milestone_id")


class Step(NamedTuple):
    """A vintage, and its changes on the one before it (see `difference`)."""

    vintage: Vintage
    changes: pd.DataFrame


def difference(before: pd.DataFrame | None, after: pd.DataFrame) -> pd.DataFrame:
    """Return what a vintage changed since the one before it, a row a change: the tidy
    columns, `key` (see `keys`) and `change`: added, changed (as it is now) or vanished (as it was).
    """
    tidy = after.drop(columns=_WHERE, errors="ignore")
    if before is None:
        return tidy.assign(key=keys(tidy), change="added")
    shared = [name for name in tidy if name in before]  # those of other versions of ewarn aside
    then = before[shared].astype(tidy[shared].dtypes.to_dict())
    was = pd.Series(_hashes(then), keys(then).to_numpy())
    is_ = pd.Series(_hashes(tidy[shared]), keys(tidy[shared]).to_numpy())
    now = tidy.assign(key=is_.index)
    known = is_.index.isin(was.index)
    same = was.reindex(is_.index, fill_value=0).to_numpy() == is_.to_numpy()
    gone = then.assign(key=was.index)[~was.index.isin(is_.index)]
    parts = {"added": now[~known], "changed": now[known & ~same], "vanished": gone}
    built = [rows.assign(change=name) for name, rows in parts.items()]
    every: pd.DataFrame = pd.concat(built, ignore_index=True)
    return every


def current_rows(steps: Sequence[Step]) -> pd.DataFrame:
    """Return the rows of the last of those vintages."""
    every = pd.concat([step.changes for step in steps], ignore_index=True)
    last = every.drop_duplicates("key", keep="last")
    return last[last["change"] != "vanished"].drop(columns=_OWN)


def history(steps: Sequence[Step]) -> pd.DataFrame:
    """Return every version of every row, with the days it was reported: `known_on` <= day <
    `gone_on`.

    A row first reported with its month has no `known_on` (NaT): it is known with that month. A row
    changed, or added to a month an earlier vintage had covered, is known from the day its vintage
    was fetched. `gone_on` is NaT for rows of the last vintage.
    """
    every = pd.concat([_dated(steps, place) for place in range(len(steps))], ignore_index=True)
    versions = every.sort_values(["key", "_step"], ignore_index=True)
    versions["gone_on"] = versions.groupby("key")["_on"].shift(-1)
    versions["known_on"] = versions["_on"].where(~versions["_is_first"])
    some = versions[versions["change"] != "vanished"]
    stored = some.drop(columns=["change", "_step", "_on", "_is_first"])
    return stored.reset_index(drop=True)


def _dated(steps: Sequence[Step], place: int) -> pd.DataFrame:
    vintage, changes = steps[place]
    earlier = [step.vintage.covered for step in steps[:place]]
    first, last = (min(e[0] for e in earlier), max(e[1] for e in earlier)) if earlier else (0, -1)
    is_first = (changes["change"] == "added") & ~changes["month"].between(first, last)
    on = pd.Series(pd.Timestamp(vintage.day), changes.index, dtype="datetime64[s]")
    return changes.assign(_step=place, _on=on, _is_first=is_first)


def keys(table: pd.DataFrame) -> "pd.Series[Any]":
    """Return the identity of a row: its id, or else its contents, counted where they
    repeat.
    """
    own = [name for name in _IDS if name in table]
    ids = table[own[0]].astype(str) if own else pd.Series("", table.index, dtype="str")
    contents = pd.Series(_hashes(table), table.index)
    again = contents.groupby(contents).cumcount()
    built = contents.map("#{:016x}".format) + "." + again.astype(str)
    return ids.mask(ids == "", built)


def _hashes(table: pd.DataFrame) -> NDArray[np.uint64]:
    plain = table.drop(columns=_WHERE, errors="ignore")
    return np.asarray(pd.util.hash_pandas_object(plain, index=False), np.uint64)
