"""Events, or monthly counts, into columns of violence and of the groups that took part."""

from collections.abc import Iterator

import pandas as pd

from ewarn.panel._grid import Array, Grid

TYPES = {1: "state_based", 2: "non_state", 3: "one_sided"}
NAMED_ACTOR_EVENTS = 200  # an actor with at least this many events has a presence column


def from_counts(grid: Grid, counts: pd.DataFrame) -> Iterator[tuple[str, Array]]:
    """The two columns that monthly counts can give."""
    counts = counts[counts["month"] <= grid.last]
    yield "events", grid.total(counts, counts["events"])
    yield "fatalities", grid.total(counts, counts["fatalities"])


def from_events(grid: Grid, events: pd.DataFrame) -> Iterator[tuple[str, Array]]:
    """Every column that events can give; by type, or by actor, only where they say it."""
    events = events[events["month"] <= grid.last]
    yield "events", grid.total(events)
    yield "fatalities", grid.total(events, events["fatalities"])
    if events["type_of_violence"].any():
        for code, name in TYPES.items():
            some = events[events["type_of_violence"] == code]
            yield f"events_{name}", grid.total(some)
            yield f"fatalities_{name}", grid.total(some, some["fatalities"])
    yield from _actors(grid, events)


def _actors(grid: Grid, events: pd.DataFrame) -> Iterator[tuple[str, Array]]:
    keys = ["unit", "month", "actor"]
    sides = [events[["unit", "month", side]].set_axis(keys, axis=1) for side in _SIDES]
    taking_part = pd.concat(sides)
    taking_part = taking_part[~taking_part["actor"].str.match("$|Civilians")]
    if taking_part.empty:
        return
    present = taking_part.drop_duplicates()
    yield "active_groups", grid.total(present)
    often = taking_part["actor"].value_counts()
    for actor in sorted(often.index[often >= NAMED_ACTOR_EVENTS]):
        yield f"presence.{actor}", grid.total(present[present["actor"] == actor])


_SIDES = ("actor_a", "actor_b")
