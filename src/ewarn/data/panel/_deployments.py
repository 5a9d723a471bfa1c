"""Troops and bases standing in each unit and month, from maps of deployments."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ewarn.data.panel._grid import Array, Grid

CARRY_MONTHS = 12  # a map stands for this many months after its own, unless a newer one comes
# A mission has taken over another when its first map has this share of the other's places. In
# Geo-PKO those that did have 0.43 or more (MONUSCO of MONUC 0.97), and the others 0.33 at most.
TAKEN_OVER = 0.4


def columns(grid: Grid, maps: pd.DataFrame, exits: "pd.Series[float]") -> dict[str, Array]:
    """Troops and bases and their change on the month before, (units, months) each.

    Looks back only: a mission is gone from the month `exits` gives for its name in lower case, when
    another has taken it over, or when nobody has mapped it for CARRY_MONTHS. Months
    before the first map of any mission, or too long after the last, are missing; so are the troops
    of a unit where the number at one of its bases is unknown.
    """
    maps = _until(maps[maps["month"] <= grid.last], exits)
    known = _standing(grid, maps, maps["troops"].fillna(0))
    untold = _standing(grid, maps, maps["troops"].isna()) > 0
    standing = {
        "troops": np.where(untold, np.float32(np.nan), known),
        "bases": _standing(grid, maps, np.ones(len(maps))),
    }
    changes = {f"{name}_change": _change(cells) for name, cells in standing.items()}
    return standing | changes


def _until(maps: pd.DataFrame, exits: "pd.Series[float]") -> pd.DataFrame:
    """Return the maps with the month in which each stops standing, as `end`."""
    dates = maps[["mission", "month"]].drop_duplicates().sort_values(["mission", "month"])
    newer = dates.groupby("mission")["month"].shift(-1).fillna(np.inf)
    gone = dates["mission"].str.lower().map(exits).astype(float)
    ends = [newer, dates["month"] + CARRY_MONTHS + 1, gone.where(gone > dates["month"])]
    dates["end"] = pd.concat(ends, axis=1).min(axis=1).astype(int)
    return _taken_over(maps.merge(dates, on=["mission", "month"]))


def _taken_over(maps: pd.DataFrame) -> pd.DataFrame:
    """Return the maps, those of a mission that another took over ending with the first map
    of that.
    """
    for mission, begin in maps.groupby("mission")["month"].min().items():
        places = maps.loc[(maps["mission"] == mission) & (maps["month"] == begin), "place"]
        standing = maps[(maps["month"] < begin) & (begin < maps["end"])]
        share = standing["place"].isin(set(places)).groupby(standing["mission"]).mean()
        chosen = standing.index[standing["mission"].isin(share.index[share >= TAKEN_OVER])]
        maps.loc[chosen, "end"] = begin
    return maps


def _standing(grid: Grid, maps: pd.DataFrame, values: ArrayLike) -> Array:
    units, span = grid.shape
    unit, begin, end = (maps[name].to_numpy(np.intp) for name in ("unit", "month", "end"))
    steps = np.zeros((units, span + 1))
    np.add.at(steps, (unit, np.clip(begin - grid.first, 0, span)), np.asarray(values, float))
    np.add.at(steps, (unit, np.clip(end - grid.first, 0, span)), -np.asarray(values, float))
    month: NDArray[np.intp] = np.arange(grid.first, grid.last + 1)
    seen = (month >= begin.min(initial=grid.last + 1)) & (month < end.max(initial=0))
    return np.where(seen, np.cumsum(steps[:, :span], axis=1), np.nan).astype(np.float32)


def _change(cells: Array) -> Array:
    return np.diff(cells, axis=1, prepend=np.float32(np.nan))
