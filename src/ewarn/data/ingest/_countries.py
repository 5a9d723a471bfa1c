"""Compare the country that a row states with the country of the unit it lies in."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.core.errors import BadInput
from ewarn.data import places
from ewarn.data.places import Units
from ewarn.data.sources import Rows

# Stated -> unit's: older files name the state of the time, or the one that claims the land.
_SUCCESSORS = {("SDN", "SSD"), ("ETH", "ERI"), ("MAR", "ESH")}
FEW = 0.01  # share of the rows outside their country, below which no slip is looked for
MOST = 0.5  # of the rows in the country they state once a slip is undone: the file is refused
Mask = NDArray[np.bool_]


class Slip(NamedTuple):
    """A slip with coordinates: what undoes it, and what to call it."""

    verdict: str
    is_exchanged: bool = False
    north: int = 1
    east: int = 1


SLIPS = {
    "the two exchanged": Slip("they look exchanged", is_exchanged=True),
    "the sign of the longitude changed": Slip("minus signs look lost", east=-1),
    "the sign of the latitude changed": Slip("minus signs look lost", north=-1),
}


class Stated:
    """The countries that the rows of a table state, as alpha-3 codes, "" where unknown."""

    def __init__(self, table: pd.DataFrame, units: Units, chosen: Units) -> None:
        names = table["country"] if "country" in table else pd.Series("", table.index)
        codes = {name: places.country_code(name) if name else "" for name in names.unique()}
        self.code = names.map(codes).to_numpy(object)
        self.is_unknown = ((names != "") & (self.code == "")).to_numpy()
        self._of_unit = units.table["country"].to_numpy(object)
        self._name_of = units.table["name"].to_numpy(object)
        self._chosen = set(chosen.table["country"])

    @cached_property
    def is_chosen(self) -> Mask:
        """Which rows state a country whose units are used."""
        return np.isin(self.code.astype(str), list(self._chosen))

    def is_out_of_scope(self, anywhere: NDArray[np.intp], unit: NDArray[np.intp]) -> Mask:
        """Return which rows are of other countries: stated, or, where none is, by their unit.

        A row of a state that has since been succeeded counts where its point lies.
        """
        is_stated_elsewhere = (self.code != "") & ~self.is_chosen & ~self._is_succeeded(anywhere)
        is_elsewhere = (anywhere >= 0) & (unit < 0) & ~self.is_chosen
        return np.asarray(is_stated_elsewhere | is_elsewhere, bool)

    def is_abroad(self, anywhere: NDArray[np.intp]) -> Mask:
        """Return which rows lie in a unit of another country than they state."""
        other = (anywhere >= 0) & (self.code != "") & (self._of_unit[anywhere] != self.code)
        return np.asarray(other & ~self._is_succeeded(anywhere), bool)

    def listed(
        self, file: "pd.Series[str]", table: pd.DataFrame, anywhere: NDArray[np.intp], some: Mask
    ) -> pd.DataFrame:
        """Return the list of some rows: file, row, column, found and expected."""
        at = anywhere[some]
        found = [f"{self._name_of[one]}, {self._of_unit[one]}" for one in at]
        expected = [f"a point in {code}, as the row states" for code in self.code[some]]
        rows = {"file": file[some], "row": table["row"][some], "column": "country"}
        return pd.DataFrame(rows | {"found": found, "expected": expected})

    def _is_succeeded(self, anywhere: NDArray[np.intp]) -> Mask:
        pairs = zip(self.code, self._of_unit[anywhere], anywhere, strict=True)
        return np.array([at >= 0 and (old, new) in _SUCCESSORS for old, new, at in pairs], bool)


def slip(rows: Rows, units: Units, stated: Stated, anywhere: NDArray[np.intp]) -> str:
    """Return the slip of SLIPS that explains best why points lie outside the country they state,
    in words; "" where few of them do, or none explains the half of those.

    Raises BadInput where most points of the file lie in the country they state only then.
    """
    if "latitude" not in rows.table or not len(rows.table):
        return ""
    known = set(units.table["country"])
    is_wrong = (anywhere < 0) | stated.is_abroad(anywhere)
    is_wrong &= rows.table["latitude"].notna().to_numpy() & np.isin(stated.code, list(known))
    total, wrong = len(rows.table), int(is_wrong.sum())
    if wrong <= FEW * total:
        return ""
    points, code = rows.table[is_wrong], stated.code[is_wrong]
    mended = {name: _in_own(units, points, code, name) for name in SLIPS}
    best = max(mended, key=lambda name: mended[name])
    what = (
        f"{mended[best]:,} of {total:,} points outside their country, which lie in it with {best}"
    )
    if mended[best] > MOST * total:
        where = f"{rows.path}, columns latitude and longitude"
        raise BadInput(where, what, f"latitude and longitude; {SLIPS[best].verdict}")
    return what if mended[best] > MOST * wrong else ""


def _in_own(units: Units, points: pd.DataFrame, code: NDArray[np.object_], name: str) -> int:
    """Return how many of the points lie in the country of that code once the slip is undone."""
    slipped = SLIPS[name]
    of = [points["latitude"], points["longitude"]]
    latitude, longitude = of[::-1] if slipped.is_exchanged else of
    unit = places.locate(units, latitude * slipped.north, longitude * slipped.east, country=code)
    return int(((unit >= 0) & (units.table["country"].to_numpy(object)[unit] == code)).sum())
