"""Compare the country that a row states with the country of the unit it lies in."""

from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.core.errors import BadInput
from ewarn.data import places
from ewarn.data.places import Units
from ewarn.data.sources import Rows

# Stated -> unit's: older files name the state of the time, or the one that claims the land.
_SUCCESSORS = {("SDN", "SSD"), ("ETH", "ERI"), ("MAR", "ESH")}
MOST_EXCHANGED = 0.5  # of the rows in the country they state once exchanged: they look exchanged
Mask = NDArray[np.bool_]


class Stated:
    """The countries that the rows of a table state, as alpha-3 codes, "" where unknown."""

    def __init__(self, table: pd.DataFrame, units: Units, chosen: Units) -> None:
        names = table["country"] if "country" in table else pd.Series("", table.index)
        codes = {name: places.country_code(name) if name else "" for name in names.unique()}
        self.code = names.map(codes).to_numpy(object)
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


def refuse_exchanged(rows: Rows, units: Units, stated: Stated, anywhere: NDArray[np.intp]) -> None:
    """Raise BadInput where most points lie in the country they state only once exchanged."""
    if "latitude" not in rows.table or not len(rows.table):
        return
    known = set(units.table["country"])
    is_wrong = (anywhere < 0) | stated.is_abroad(anywhere)
    is_wrong &= rows.table["latitude"].notna().to_numpy() & np.isin(stated.code, list(known))
    if is_wrong.sum() <= MOST_EXCHANGED * len(rows.table):
        return
    wrong, code = rows.table[is_wrong], stated.code[is_wrong]
    swapped = places.locate(units, wrong["longitude"], wrong["latitude"], country=code)
    is_right = (swapped >= 0) & (units.table["country"].to_numpy(object)[swapped] == code)
    if is_right.sum() > MOST_EXCHANGED * len(rows.table):
        what = f"{int(is_right.sum()):,} of {len(rows.table):,} points outside their country"
        raise BadInput(
            f"{rows.path}, columns latitude and longitude",
            f"{what}, which lie in it with the two exchanged",
            "latitude and longitude; they look exchanged",
        )
