"""The files a user names, or the simulated world, into panel inputs: every row put in a unit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from ewarn import months, panel, places
from ewarn.inputs import _about, _reading
from ewarn.inputs._place import Placed, place, refuse_lost
from ewarn.inputs._reading import Reading
from ewarn.inputs._revised import versions
from ewarn.inputs._simulated import world
from ewarn.places import Units
from ewarn.vintages import Store, Vintage

__all__ = ["MILESTONES", "Files", "Loaded", "Reading", "load"]

MILESTONES = Path(__file__).parents[1] / "_data" / "withdrawal_milestones.csv"
_NOTHING = Store(Path("no-vintages"), only=())  # the store of those who keep none


@dataclass(frozen=True)
class Files:
    """What a user names; without events, the simulated world.

    `delay` is in how many days after a month's end its events are known, in place of the source's.
    """

    events: Path | None = None
    columns: Path | None = None
    deployments: Path | None = None
    milestones: Path | None = None
    places: Path | None = None
    countries: Sequence[str] = ()
    max_set_aside: float = 0.02
    delay: int | None = None


@dataclass(frozen=True)
class Loaded:
    """Inputs of panels, where they came from, and the rows that could not be used.

    `day` is the day whose knowledge is used: the one asked for (`is_asked`), with the vintages at
    hand on it, or else the one on which the newest file named has told of its last month.
    """

    units: Units
    inputs: panel.Inputs
    sources: list[dict[str, Any]]
    set_aside: pd.DataFrame
    simulated: bool
    notes: list[str]
    day: date
    is_asked: bool
    countries: tuple[str, ...]
    readings: tuple[Reading, ...]
    others: tuple[tuple[Path, Vintage], ...]

    @property
    def told(self) -> panel.Inputs:
        """The inputs as told on the day if that was asked for, or else by the newest vintage."""
        return self.inputs.told(self.day if self.is_asked else None)

    def keep(self, store: Store, admit: bool) -> None:
        """Keeps every file that was read, with `admit` as the newest vintage of its series."""
        for reading in self.readings:
            reading.keep(admit)
        for path, vintage in self.others:
            store.keep(path, vintage, None)


def load(files: Files, store: Store = _NOTHING, as_of: date | None = None) -> Loaded:
    """Everything read, and every row either in a unit or set aside; nothing is written.

    Raises BadInput for a file that cannot be used, and for events of which more than the share
    `files.max_set_aside` is in no unit; Unknown for a country that no unit is in.
    """
    units = places.read(files.places) if files.places else places.shipped()
    chosen = places.of_countries(units, files.countries) if files.countries else units
    readings = _read(files, store, as_of)
    placed = _placed(readings, units, chosen)
    events = placed["events"]
    refuse_lost(events, files.max_set_aside)
    delay = events.rows.delay if files.delay is None else files.delay
    made = _inputs(chosen, placed, versions(events, readings.get("events"), units, chosen), delay)
    made = _covered(made, readings.get("events"))
    day = as_of or _day(made)
    others = _others(files, store, len(units.table))
    about = [
        _about.of_rows(one, readings.get(kind), delay, day, as_of is not None)
        for kind, one in placed.items()
    ]
    return Loaded(
        chosen,
        made,
        about + [_about.of_other(vintage) for _, vintage in others],
        pd.concat([one.set_aside for one in placed.values()], ignore_index=True),
        files.events is None,
        list(_about.notes(chosen, events, readings.get("events"))),
        day,
        as_of is not None,
        tuple(files.countries),
        tuple(readings.values()),
        others,
    )


def _read(files: Files, store: Store, as_of: date | None) -> dict[str, Reading]:
    named = {"milestones": files.milestones or MILESTONES}
    if files.events:
        named["events"] = files.events
        named |= {"deployments": files.deployments} if files.deployments else {}
    return {
        kind: _reading.read(path, kind, files.columns if kind == "events" else None, store, as_of)
        for kind, path in named.items()
    }


def _placed(readings: dict[str, Reading], units: Units, chosen: Units) -> dict[str, Placed]:
    placed = {kind: place(one.rows, units, chosen) for kind, one in readings.items()}
    if "events" not in placed:
        made = world(chosen, placed["milestones"].table)
        placed |= {rows.kind: place(rows, units, chosen) for rows in made}
    return placed


def _inputs(
    units: Units, placed: dict[str, Placed], told: pd.DataFrame, delay: int
) -> panel.Inputs:
    rows = placed["events"].rows
    deployments = placed.get("deployments")
    return panel.Inputs(
        units.table,
        units.neighbours,
        rows.first_month,
        rows.last_month,
        events=told if rows.shape == "events" else None,
        counts=told if rows.shape == "counts" else None,
        deployments=deployments.table if deployments else None,
        milestones=placed["milestones"].table,
        delay=delay,
    )


def _covered(made: panel.Inputs, events: Reading | None) -> panel.Inputs:
    """The inputs with what each vintage at hand covers, none beyond the months that had ended."""
    if events is None:
        return made
    fetched = tuple((one.day, one.covered[1]) for one in events.at_hand)
    last = min(made.last_month, events.used.covered[1])
    return replace(made, last_month=last, fetched=fetched)


def _day(made: panel.Inputs) -> date:
    """The first day on which the last month covered is known."""
    punctual = months.last_day(made.last_month) + timedelta(days=made.delay)
    return min([punctual, *(day for day, last in made.fetched if last >= made.last_month)])


def _others(files: Files, store: Store, units: int) -> tuple[tuple[Path, Vintage], ...]:
    """The files that are no tables of rows, each with its vintage."""
    named = (("columns", files.columns, 0), ("places", files.places, units))
    return tuple(
        (path, _reading.other(path, kind, store, rows)) for kind, path, rows in named if path
    )
