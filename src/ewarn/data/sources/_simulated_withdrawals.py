"""Simulated bases of missions, and where and when a withdrawal has an effect, from milestones."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

EFFECT_MONTHS = 12
_CLOSING = ("base_handover", "base_closure", "operation_end")
_EXIT = "mission_exit"

Base = tuple[str, int]  # mission, position of the unit


def bases(milestones: pd.DataFrame) -> dict[Base, float]:
    """Return the base of each mission in each unit that any of its milestones names, and the month
    it closes: that of its last handover or closure, else of the mission's exit, else infinity.
    """
    exits = dict(_exits(milestones))
    named = milestones[milestones["unit"] >= 0]
    found = {}
    for keys, rows in named.groupby(["mission", "country", "unit"]):
        mission, country, unit = map(str, keys)
        closed = _month(rows[rows["kind"].isin(_CLOSING)]).dropna()
        closing = closed.max() if len(closed) else exits.get((mission, country), np.inf)
        found[mission, int(unit)] = float(closing)
    return found


def _exits(milestones: pd.DataFrame) -> Iterator[tuple[tuple[str, str], float]]:
    rows = milestones[(milestones["kind"] == _EXIT) & milestones["effective_on"].notna()]
    for (mission, country), some in rows.groupby(["mission", "country"]):
        yield (str(mission), str(country)), float(_month(some).max())


def effect(
    milestones: pd.DataFrame, units: pd.DataFrame, first_month: int, span: int
) -> NDArray[np.bool_]:
    """Return whether a unit is within the twelve months after the month of a withdrawal, (units,
    span).

    A withdrawal is a base closed or handed over, an operation ended, or a mission's exit. It bears
    on its unit or, if it names none, on the units of the country where the mission has a base.
    """
    found = np.zeros((len(units), span), bool)
    rows = milestones[milestones["kind"].isin([*_CLOSING, _EXIT])]
    rows = rows[rows["effective_on"].notna()]
    country = units["country"].to_numpy()
    stood = list(bases(milestones))
    columns = (rows["mission"], rows["country"], rows["unit"], _month(rows))
    for mission, nation, unit, month in zip(*columns, strict=True):
        own = [u for m, u in stood if m == mission and country[u] == nation] if unit < 0 else [unit]
        after = int(month) + 1 - first_month
        found[own, max(after, 0) : max(after + EFFECT_MONTHS, 0)] = True
    return found


def _month(rows: pd.DataFrame) -> "pd.Series[float]":
    day = rows["effective_on"]
    ordinal: pd.Series[float] = (day.dt.year * 12 + day.dt.month - 1).astype(float)
    return ordinal
