"""Milestones as known by a day, and columns of when they became known."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.data.panel import _plans
from ewarn.data.panel._grid import Array, Grid

_TEXT = ("milestone_id", "country", "place", "mission", "kind", "ends", "confidence")
_DAYS = ("known_on", "effective_on")
NONE = pd.DataFrame(
    {
        "unit": pd.Series(dtype=int),
        "is_planned": pd.Series(dtype=bool),
        **{name: pd.Series(dtype="str") for name in _TEXT},
        **{name: pd.Series(dtype="datetime64[s]") for name in _DAYS},
    }
)


def known(rows: pd.DataFrame, as_of: date, last: int, delay: int = 0) -> pd.DataFrame:
    """Return the milestones known by `as_of`, with `known_month`, with which they may be used,
    `effective_month`, NaN where no date is stated, and `over_month`, with which they no longer hold
    (`_plans.over_on`), infinite where they still do.

    A month is known `delay` days after its end: what is learned by then counts with it, and
    what is learned between that day of the reference month and `as_of` with that month.
    """
    some = rows[rows["known_on"] <= pd.Timestamp(as_of)].reset_index(drop=True)
    late = pd.Timedelta(days=delay)
    some["known_month"] = np.minimum(_ordinal(some["known_on"] - late), last)
    some["effective_month"] = _ordinal(some["effective_on"])
    over = np.minimum(_ordinal(_plans.over_on(some) - late), last)
    some["over_month"] = np.where(np.isnan(over), np.inf, over)
    return some


def columns(grid: Grid, units: pd.DataFrame, milestones: pd.DataFrame) -> dict[str, Array]:
    """Return how many milestones became known in each unit-month: announced ahead, or taken
    effect.
    """
    counted = {}
    for name, is_planned in (("milestones_announced", True), ("milestones_effective", False)):
        cells = np.zeros(grid.shape, np.float32)
        some = milestones[(milestones["is_planned"] == is_planned)]
        month = some["known_month"].to_numpy(np.intp) - grid.first
        for concerned, column in zip(_concerns(units, some), month, strict=True):
            if column >= 0:
                cells[:, column] += concerned
        counted[name] = cells
    return counted


def exits(milestones: pd.DataFrame) -> "pd.Series[float]":
    """Return the month from which each mission was known to have left, by its name in lower
    case.
    """
    left = milestones[~milestones["is_planned"] & (milestones["ends"] == "mission")]
    known = left["known_month"]
    gone = (left["effective_month"] + 1).where(left["effective_month"] >= known, known)
    return gone.groupby(left["mission"].str.lower()).min()


def _concerns(units: pd.DataFrame, milestones: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which units each milestone concerns, (milestones, units): its own, or, where it names
    none (unit -1), every unit of its country.
    """
    unit = milestones["unit"].to_numpy(np.intp)[:, None]
    own = unit == np.arange(len(units))
    nation = milestones["country"].to_numpy()[:, None] == units["country"].to_numpy()
    return np.asarray(own | ((unit < 0) & nation))


def _ordinal(days: "pd.Series[pd.Timestamp]") -> NDArray[np.float64]:
    ordinal = (days.dt.year * 12 + days.dt.month - 1).astype("float64")
    return np.asarray(ordinal, np.float64)
