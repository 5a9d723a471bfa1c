"""Columns of organised groups: how many took part, which, and what they do elsewhere."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ewarn.core import transforms
from ewarn.data.panel._grid import Array, Grid

NAMED_ACTOR_EVENTS = 200  # an actor with at least this many events has a presence column
_SIDES = ("actor_a", "actor_b")


def columns(grid: Grid, events: pd.DataFrame) -> Iterator[tuple[str, Array]]:
    """Yield every column that actors can give; none where no organised group is named."""
    part = taking_part(events)
    if part.empty:
        return
    present = part.drop_duplicates(["unit", "month", "actor"])
    yield "active_groups", grid.total(present)
    yield from _elsewhere(grid, part)
    often = part["actor"].value_counts()
    for actor in sorted(often.index[often >= NAMED_ACTOR_EVENTS]):
        yield f"presence.{actor}", grid.total(present[present["actor"] == actor])


def taking_part(events: pd.DataFrame) -> pd.DataFrame:
    """Return a row an event and side: unit, month, actor, fatalities; without those that are no
    group.
    """
    keys = ["unit", "month", "actor", "fatalities"]
    sides = [
        events[["unit", "month", side, "fatalities"]].set_axis(keys, axis=1) for side in _SIDES
    ]
    rows = pd.concat(sides)
    return rows[~rows["actor"].str.match("$|Civilians")]


def _elsewhere(grid: Grid, part: pd.DataFrame) -> Iterator[tuple[str, Array]]:
    """Yield what the groups known in a unit do everywhere, as far as they do it here.

    A group's events and fatalities everywhere, decayed, are shared out among units as its own
    events lately were; so a unit hears of a group that grows, moves or goes silent elsewhere.
    """
    pairs = part[["unit", "actor"]].drop_duplicates().sort_values(["unit", "actor"])
    actor = pairs["actor"].astype("category").cat.codes.to_numpy()
    rows = part.assign(unit=pd.MultiIndex.from_frame(pairs).get_indexer(_keys(part)))
    here = Grid(len(pairs), grid.first, grid.last)
    events, fatalities = here.total(rows), here.total(rows, rows["fatalities"])
    groups = _membership(actor)
    units = _membership(pairs["unit"].to_numpy(), grid.units)
    for name, cells, memory, lately in (
        ("groups_fatalities", fatalities, 12, 1),
        ("groups_events", events, 60, 6),
    ):
        share = _share(transforms.decay(events, memory), groups)
        everywhere = groups.T @ transforms.decay(groups @ cells, lately)
        yield name, np.asarray(units @ (share * everywhere), np.float32)


def _share(values: NDArray[np.floating], groups: csr_array) -> NDArray[np.float64]:
    """Return each pair's share of its group's sum, 0 where that is 0."""
    whole = groups.T @ (groups @ values)
    share: NDArray[np.float64] = np.where(whole > 0, values / np.where(whole > 0, whole, 1), 0)
    return share


def _membership(of: NDArray[np.integer], number: int | None = None) -> csr_array:
    """Return the matrix that adds up rows by what they belong to, (number, rows)."""
    shape = (int(of.max()) + 1 if number is None else number, len(of))
    return csr_array((np.ones(len(of)), (of, np.arange(len(of)))), shape=shape)


def _keys(part: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(part[["unit", "actor"]])
