"""Join the rows of releases: which of them counts, and which are set aside."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.data import sources
from ewarn.data.releases._release import Release, covered
from ewarn.data.sources import Rows

Mask = NDArray[np.bool_]
_PLACE = "_place"


def join(releases: Sequence[Release], path: str, digest: str) -> Rows:
    """Return the rows of the releases that count, of the newest ones last, with their `file`.

    `releases` are in order, the oldest first, with one yearly release at most; `path` and `digest`
    are those of their list. Events of months that no release covers are set aside; those replaced
    by a newer release are not listed.
    """
    _refuse_several_sources(releases)
    first, last = covered(releases)
    every = pd.concat(
        [
            one.rows.table.assign(file=one.rows.path, **{_PLACE: place})
            for place, one in enumerate(releases)
        ],
        ignore_index=True,
    )
    counting = every[~_is_replaced(every, releases) & _is_newest(every, releases)]
    is_out = ~counting["month"].between(first, last).to_numpy()
    aside = [one.rows.set_aside for one in releases] + [_aside(counting[is_out], first, last)]
    return replace(
        releases[-1].rows,
        path=path,
        digest=digest,
        table=sources.in_order(counting[~is_out].drop(columns=_PLACE)),
        set_aside=pd.concat(aside, ignore_index=True),
        first_month=first,
        last_month=last,
        faulty=sum(one.rows.faulty for one in releases),
        faulty_deaths=_faulty_deaths(releases),
        beyond=sum(one.rows.beyond for one in releases) + int(is_out.sum()),
        final_through=_final_through(releases),
        again_through=_again_through(releases),
    )


def _final_through(releases: Sequence[Release]) -> int | None:
    """Return the last month that a yearly release covers; None where there is none."""
    return max((one.last_month for one in releases if one.is_final), default=None)


def _again_through(releases: Sequence[Release]) -> int | None:
    """Return the last month that a release of several months reports again."""
    several = [one for one in releases if not one.is_final and one.last_month > one.first_month]
    return max((one.last_month - 1 for one in several), default=None)


def _is_replaced(every: pd.DataFrame, releases: Sequence[Release]) -> Mask:
    """Return which rows are of a month that a newer release, or the yearly one, covers."""
    place, month = every[_PLACE].to_numpy(), every["month"]
    found = np.zeros(len(every), bool)
    for at, one in enumerate(releases):
        is_older = (place != at) if one.is_final else (place < at) & ~_is_final(every, releases)
        found |= is_older & month.between(one.first_month, one.last_month).to_numpy()
    return found


def _is_newest(every: pd.DataFrame, releases: Sequence[Release]) -> Mask:
    """Return which rows are the newest with their id; one of the yearly release is, always.

    Rows without an id are all.
    """
    if "event_id" not in every:
        return np.ones(len(every), bool)
    rank = every[_PLACE].mask(_is_final(every, releases), len(releases))
    newest = rank.groupby(every["event_id"]).transform("max")
    return ((every["event_id"] == "") | (rank == newest)).to_numpy()


def _is_final(every: pd.DataFrame, releases: Sequence[Release]) -> Mask:
    return np.array([one.is_final for one in releases], bool)[every[_PLACE]]


def _aside(rows: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return the list (ASIDE) of rows of months that no release covers."""
    found = [months.label(month) for month in rows["month"]]
    expected = f"a month from {months.label(first)} to {months.label(last)}, which releases cover"
    listed = rows[["file", "row"]].assign(column="date", found=found, expected=expected)
    return listed.reset_index(drop=True)


def _faulty_deaths(releases: Sequence[Release]) -> float:
    deaths = [float(one.rows.table["fatalities"].sum()) for one in releases]
    faulty = [one.rows.faulty_deaths * total for one, total in zip(releases, deaths, strict=True)]
    return sum(faulty) / sum(deaths) if sum(deaths) else 0.0


def _refuse_several_sources(releases: Sequence[Release]) -> None:
    kinds = sorted({(one.rows.source, one.rows.shape) for one in releases})
    if len(kinds) > 1 or kinds[0][1] != "events":
        names = ", ".join(f"{source} ({shape})" for source, shape in kinds)
        raise BadInput("releases", names, "releases of one source, of events")
