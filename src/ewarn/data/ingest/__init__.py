"""Read the files a user names, or the simulated world, and place every row in a unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.data import panel, places
from ewarn.data.ingest import _rules, _spread, _vintage_rows
from ewarn.data.ingest._found import How
from ewarn.data.ingest._panel_inputs import made
from ewarn.data.ingest._placement import Placed, place, refuse_lost
from ewarn.data.ingest._revisions import versions
from ewarn.data.ingest._rules import rules
from ewarn.data.ingest._simulated import world
from ewarn.data.ingest._source_facts import notes, of_other, of_rows
from ewarn.data.ingest._vintage_rows import Reading
from ewarn.data.places import Units
from ewarn.data.sources import Layout
from ewarn.data.vintages import Store, Vintage

__all__ = ["MILESTONES", "Files", "Loaded", "Reading", "load"]

MILESTONES = Path(__file__).parents[2] / "_data" / "withdrawal_milestones.csv"
_NOTHING = Store(Path("no-vintages"), only=())  # the store of those who keep none


@dataclass(frozen=True)
class Files:
    """What a user names; without events, the simulated world.

    `events` may be several releases of one source, or a folder of them (`ewarn.data.releases`);
    `releases` are their names, from the oldest on, where nothing else states them.
    `delay` is in how many days after a month's end its events are known, in place of the source's.
    `encoding` and `dates` state how the file of events is written (`sources.Layout`). `long_events`
    are shared out over the months they span ("spread"), or count in their last ("last month").
    `country_events`, known to their country alone, are in no unit ("apart"), or are shared out over
    its units by recent deaths ("spread").
    `place_fields` names the fields of a border file, where it is of no known publisher.
    """

    events: Path | Sequence[Path] | None = None
    releases: Sequence[str] = ()
    columns: Path | None = None
    deployments: Path | None = None
    milestones: Path | None = None
    places: Path | None = None
    countries: Sequence[str] = ()
    max_set_aside: float = 0.02
    delay: int | None = None
    encoding: str = ""
    dates: str = ""
    long_events: Literal["spread", "last month"] = "spread"
    country_events: Literal["apart", "spread"] = "apart"
    place_fields: str = ""

    @property
    def event_files(self) -> tuple[Path, ...]:
        """The files, or folders, of events."""
        named = self.events or ()
        return (named,) if isinstance(named, Path) else tuple(named)

    @property
    def layout(self) -> Layout:
        """How the file of events is written."""
        return Layout(self.encoding, self.dates)


@dataclass(frozen=True)
class Loaded:
    """Inputs of panels, where they came from, and the rows that could not be used.

    `day` is the day whose knowledge is used: the one requested (`is_asked`), with the vintages at
    hand on it, or else the one by which the newest file's last month is known.
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
    store: Store
    events: Placed

    @property
    def as_known(self) -> panel.Inputs:
        """The inputs as known on the day if one was requested, else as of the newest vintage."""
        return self.inputs.as_reported(self.day if self.is_asked else None)

    def keep(self, admit: bool) -> None:
        """Keep every file that was read, with `admit` as the newest vintage of its series."""
        for reading in self.readings:
            reading.keep(admit)
        for path, vintage in self.others:
            self.store.keep(path, vintage, None)


def load(files: Files, store: Store = _NOTHING, as_of: date | None = None) -> Loaded:
    """Return everything read, and every row either in a unit or set aside; nothing is written.

    Raises BadInput for a file that cannot be used, and for events of which more than the share
    `files.max_set_aside` is in no unit; Unknown for a country that no unit is in.
    """
    units = places.read(files.places, files.place_fields) if files.places else places.shipped()
    chosen = places.of_countries(units, files.countries) if files.countries else units
    readings = _read(files, store, as_of)
    _refuse_one_month(readings)
    placed = _placed(readings, units, chosen)
    events = placed["events"]
    refuse_lost(events, files.max_set_aside)
    delay = events.rows.delay if files.delay is None else files.delay
    reported = versions(events, readings.get("events"), units, chosen)
    if files.country_events == "spread":
        countries = chosen.table["country"].to_numpy()
        reported = _spread.over_units(reported, events.national, countries)
    if "start" in reported and files.long_events == "spread":
        reported = _spread.by_days(reported, events.rows.first_month)
    inputs, named_day = made(chosen, placed, reported, readings.get("events"), delay)
    day, is_asked = as_of or named_day, as_of is not None
    others = _others(files, store, len(units.table))
    about = [
        *(
            of_rows(one, readings.get(kind), delay, day, is_asked)
            | ({"rules": rules(files, one)} if kind == "events" and files.event_files else {})
            for kind, one in placed.items()
        ),
        *(of_other(vintage) for _, vintage in others),
    ]
    return Loaded(
        units=chosen,
        inputs=inputs,
        sources=about,
        set_aside=pd.concat([one.set_aside for one in placed.values()], ignore_index=True),
        simulated=not files.event_files,
        notes=[
            *units.notes,
            *notes(chosen, events, readings),
            *_rules.learned(inputs.reports),
            *_rules.notes(files, events),
        ],
        day=day,
        is_asked=is_asked,
        countries=tuple(files.countries),
        readings=tuple(readings.values()),
        others=others,
        store=store,
        events=events,
    )


def _read(files: Files, store: Store, as_of: date | None) -> dict[str, Reading]:
    read = partial(_vintage_rows.read, store=store, as_of=as_of)
    readings = {"milestones": read([files.milestones or MILESTONES], How("milestones"))}
    if files.event_files:
        how = How("events", files.columns, files.layout)
        readings["events"] = read(files.event_files, how, delay=files.delay, names=files.releases)
        if files.deployments:
            readings["deployments"] = read([files.deployments], How("deployments"))
    return readings


def _refuse_one_month(readings: dict[str, Reading]) -> None:
    """A candidate release of one month is refused alone: nothing can be learned from it."""
    events = readings["events"].rows if "events" in readings else None
    if events and events.source == "ucdp_ged" and events.first_month == events.last_month:
        raise BadInput(
            events.path,
            f"one month, {months.label(events.first_month)}",
            "the years before it too: a candidate release goes beside the yearly release",
        )


def _placed(readings: dict[str, Reading], units: Units, chosen: Units) -> dict[str, Placed]:
    placed = {kind: place(one.rows, units, chosen) for kind, one in readings.items()}
    if "events" not in placed:
        simulated = world(chosen, placed["milestones"].table)
        placed |= {rows.kind: place(rows, units, chosen) for rows in simulated}
    return placed


def _others(files: Files, store: Store, units: int) -> tuple[tuple[Path, Vintage], ...]:
    """Return the files that are no tables of rows, each with its vintage."""
    named = (("columns", files.columns, 0), ("places", files.places, units))
    return tuple(
        (path, _vintage_rows.other(path, kind, store, rows)) for kind, path, rows in named if path
    )
