"""Build the panel of an issue as it would be in a scenario."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ewarn.core import months
from ewarn.core.errors import BadInput, Unknown
from ewarn.data import panel, places
from ewarn.data.panel import Array, Inputs, Panel
from ewarn.data.places import Units
from ewarn.data.sources import milestones as source
from ewarn.explain.scenarios.request import CHANGEABLE, Change, Milestone, Scenario

_FROM_A_MONTH_ON = ("troops", "bases")  # what stands stays; events are of one month


def build(asked: Scenario, known: Panel, inputs: Inputs, units: Units) -> Panel:
    """Return the panel of a scenario; what the scenario does not change is as it was.

    Raises BadInput, naming the field, for a change of a unit or month that does not exist, what
    would not have been known on the panel's day, and a count that would fall below 0.
    """
    new = known
    if asked.milestones:
        rows = [_row(i, one, known.as_of, units) for i, one in enumerate(asked.milestones)]
        leaves = any(row["ends"] == "mission" and not row["is_planned"] for row in rows)
        maps = inputs.deployments if leaves else None  # nothing else moves what stands
        milestones = _added(inputs.milestones, rows)
        new = panel.revised(known, replace(inputs, milestones=milestones, deployments=maps))
    columns = dict(new.columns)
    for name in (key for one in CHANGEABLE if asked.changes(one) for key in _parts(one, columns)):
        columns[name] = columns[name].copy()
    for where, name, one in asked.changes(*CHANGEABLE):
        _change(columns, new, where, name, one)
    for name in _FROM_A_MONTH_ON:
        if asked.changes(name):
            before = np.float32(np.nan)
            columns[f"{name}_change"] = np.diff(columns[name], axis=1, prepend=before)
    return replace(new, columns=columns)


def unit_of(where: str, code: str, known: Panel) -> int:
    """Return the position of a unit; raises BadInput, with the nearest ones, where there is
    none.
    """
    codes = list(known.units["code"])
    if code not in codes:
        near = Unknown("unit", code, codes)
        raise BadInput(where, repr(code), f"a unit of the issue, such as {_few(near)}")
    return codes.index(code)


def _few(near: Unknown) -> str:
    return ", ".join((near.nearest or near.known)[:5])


def _change(columns: dict[str, Array], known: Panel, where: str, name: str, one: Change) -> None:
    unit = unit_of(f"{where}.admin1_code", one.admin1_code, known)
    column = months.parse(one.month) - known.first_month
    if not 0 <= column < known.shape[1]:
        span = (months.label(known.first_month), months.label(known.reference_month))
        raise BadInput(f"{where}.month", one.month, f"a month observed, {span[0]} to {span[1]}")
    cells = columns.get(name)
    stop = None if name in _FROM_A_MONTH_ON else column + 1
    if cells is None or np.isnan(cells[unit, column:stop]).any():
        raise BadInput(f"{where}.month", f"no number of {name} known", "a month with a number")
    there = cells[unit, column:stop].min()
    if there + one.change < 0:
        raise BadInput(f"{where}.change", one.change, f"no more taken away than the {there:.0f}")
    if name not in _FROM_A_MONTH_ON:
        _share_out(columns, name, unit, column, one.change)
    cells[unit, column:stop] += one.change


def _share_out(columns: dict[str, Array], name: str, unit: int, column: int, change: int) -> None:
    """Add to the parts of a count their share of the change, as they had of the month's count;
    where that is 0 of the unit's in all months, and where that is 0 of everybody's.
    """
    whole = columns[name]
    cell = (slice(unit, unit + 1), slice(column, column + 1))
    like = next((at for at in (cell, (unit,), ()) if whole[at].sum() > 0), ())
    for part in _parts(name, columns):
        if part != name and whole[like].sum() > 0:
            columns[part][unit, column] += change * columns[part][like].sum() / whole[like].sum()


def _parts(name: str, columns: dict[str, Array]) -> list[str]:
    """Return the column of that number, and those of its parts."""
    return [key for key in columns if key in (name, f"late_{name}") or key.startswith(f"{name}_")]


def _added(rows: pd.DataFrame | None, new: list[dict[str, Any]]) -> pd.DataFrame:
    built = pd.DataFrame(new)
    for name in ("announced_on", "effective_on"):
        built[name] = pd.to_datetime(built[name]).astype("datetime64[s]")
    days = (built["announced_on"], built["effective_on"])
    built["known_on"] = source.known_on(built["is_planned"], *days)
    return built if rows is None else pd.concat([rows, built], ignore_index=True)


def _row(place: int, one: Milestone, as_of: date, units: Units) -> dict[str, Any]:
    """Return the milestone as a tidy row; raises BadInput where it was not known on the day."""
    where = f"milestones.{place}"
    is_planned = one.kind in source.PLANNED
    if one.announced_on > as_of:
        need = f"a day up to {as_of}, whose knowledge the forecast uses"
        raise BadInput(f"{where}.announced_on", one.announced_on, need)
    if not is_planned and one.effective_on and one.effective_on > as_of:
        need = f"a day up to {as_of} for {one.kind}, which is known once it has happened"
        raise BadInput(f"{where}.effective_on", one.effective_on, f"{need}; plans are {_plans()}")
    return {
        "milestone_id": f"scenario-{place}",
        "country": one.location_code,
        "admin1": one.admin1 or "",
        "unit": _unit(where, one, units),
        "place": one.place or one.admin1 or "(national)",
        "mission": one.mission,
        "kind": one.kind,
        "ends": (source.PLANNED | source.RECORDED)[one.kind],
        "announced_on": one.announced_on,
        "effective_on": one.effective_on,
        "is_planned": is_planned,
        "source": "scenario",
        "confidence": "high",
    }


def _plans() -> str:
    return ", ".join(sorted(source.PLANNED))


def _unit(where: str, one: Milestone, units: Units) -> int:
    """Return the unit a milestone names, -1 for a whole country."""
    own = units.table["country"] == one.location_code
    if not own.any():
        near = Unknown("country", one.location_code, units.table["country"].unique())
        need = f"a country of the issue, such as {_few(near)}"
        raise BadInput(f"{where}.location_code", repr(one.location_code), need)
    found = places.resolve(units, one.location_code, one.admin1) if one.admin1 else -1
    if one.admin1 and found < 0:
        near = Unknown("unit", one.admin1, units.table["name"][own])
        need = f"a unit of {one.location_code}, by name or code, such as {_few(near)}"
        raise BadInput(f"{where}.admin1", repr(one.admin1), need)
    return found
