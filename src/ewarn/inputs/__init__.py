"""The files a user names, or the simulated world, into panel inputs: every row put in a unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ewarn import months, panel, places, sources
from ewarn.inputs._place import Placed, place, refuse_lost
from ewarn.inputs._simulated import world
from ewarn.places import Units

MILESTONES = Path(__file__).parents[1] / "_data" / "withdrawal_milestones.csv"


@dataclass(frozen=True)
class Files:
    """What a user names; without events, the simulated world."""

    events: Path | None = None
    columns: Path | None = None
    deployments: Path | None = None
    milestones: Path | None = None
    places: Path | None = None
    countries: Sequence[str] = ()
    max_set_aside: float = 0.02


@dataclass(frozen=True)
class Loaded:
    """Inputs of panels, where they came from, and the rows that could not be used."""

    units: Units
    inputs: panel.Inputs
    sources: list[dict[str, Any]]
    set_aside: pd.DataFrame
    simulated: bool
    notes: list[str]


def load(files: Files) -> Loaded:
    """Everything read, and every row either in a unit or set aside.

    Raises BadInput for a file that cannot be used, and for events of which more than the share
    `files.max_set_aside` is in no unit; Unknown for a country that no unit is in.
    """
    units = places.read(files.places) if files.places else places.shipped()
    chosen = places.of_countries(units, files.countries) if files.countries else units
    milestones = place(sources.read(files.milestones or MILESTONES, "milestones"), units, chosen)
    others = _named(files) if files.events else world(chosen, milestones.table)
    placed = [milestones, *(place(rows, units, chosen) for rows in others)]
    by_kind = {one.rows.kind: one for one in placed}
    refuse_lost(by_kind["events"], files.max_set_aside)
    return Loaded(
        chosen,
        _inputs(chosen, by_kind),
        [_about(one) for one in placed],
        pd.concat([one.set_aside for one in placed], ignore_index=True),
        files.events is None,
        list(_notes(chosen, by_kind["events"])),
    )


def _named(files: Files) -> Iterator[sources.Rows]:
    if files.events:
        yield sources.read(files.events, "events", files.columns)
    if files.deployments:
        yield sources.read(files.deployments, "deployments")


def _inputs(units: Units, placed: dict[str, Placed]) -> panel.Inputs:
    events = placed["events"]
    deployments = placed.get("deployments")
    return panel.Inputs(
        units.table,
        units.neighbours,
        events.rows.first_month,
        events.rows.last_month,
        events=events.table if events.rows.shape == "events" else None,
        counts=events.table if events.rows.shape == "counts" else None,
        deployments=deployments.table if deployments else None,
        milestones=placed["milestones"].table,
    )


def _about(placed: Placed) -> dict[str, Any]:
    rows = placed.rows
    return {
        "kind": rows.kind,
        "source": rows.source,
        "file": rows.path,
        "digest": rows.digest,
        "first_month": months.label(rows.first_month),
        "last_month": months.label(rows.last_month),
        "rows": len(placed.table) + len(placed.set_aside),
        "set_aside": len(placed.set_aside),
    }


def _notes(units: Units, events: Placed) -> Iterator[str]:
    """What a user should know of the coverage: countries whose zeros nobody may have counted."""
    seen = set(units.table["country"].iloc[events.table["unit"].unique()])
    silent = sorted(set(units.table["country"]) - seen)
    if silent:
        names = ", ".join(silent[:8]) + (" ..." if len(silent) > 8 else "")
        yield (
            f"no event at all in {len(silent)} countries ({names}): they count as zeros;"
            " leave them out with --country if the file does not cover them"
        )
