"""Columns of violence, its tempo and the groups that took part, from events or monthly counts."""

from collections.abc import Iterator

import pandas as pd

from ewarn.data.panel import _groups, _tempo
from ewarn.data.panel._grid import Array, Grid

TYPES = {1: "state_based", 2: "non_state", 3: "one_sided"}


def from_counts(grid: Grid, counts: pd.DataFrame) -> Iterator[tuple[str, Array]]:
    """Yield the two columns that monthly counts can give."""
    counts = counts[counts["month"] <= grid.last]
    yield "events", grid.total(counts, counts["events"])
    yield "fatalities", grid.total(counts, counts["fatalities"])


def from_events(grid: Grid, events: pd.DataFrame) -> Iterator[tuple[str, Array]]:
    """Yield every column that events can give; by type, or by actor, only where they state it."""
    events = events[events["month"] <= grid.last]
    yield "events", grid.total(events)
    yield "fatalities", grid.total(events, events["fatalities"])
    if events["type_of_violence"].any():
        for code, name in TYPES.items():
            some = events[events["type_of_violence"] == code]
            yield f"events_{name}", grid.total(some)
            yield f"fatalities_{name}", grid.total(some, some["fatalities"])
    yield from _tempo.columns(grid, events)
    yield from _groups.columns(grid, events)
