"""Read Geo-PKO: UN peacekeeping deployments by base and map date."""

import numpy as np
import pandas as pd

from ewarn.core.errors import BadInput
from ewarn.data.sources import _checks
from ewarn.data.sources._cells import Cells, Column, Mask, Tidy

KIND, SHAPE = "deployments", "deployments"
DELAY_DAYS = 0  # dated by the UN's own maps, which were public in the month they bear
COLUMNS = (
    ("source", "mission", "year", "month", "location", "country", "latitude", "longitude",
     "no.troops"),
)  # fmt: skip
OPTIONAL = ()

MOST_TWICE = 0.01  # of the rows; in Geo-PKO 2.1 it is none
_UNKNOWN = ("unknown", "na", "")
_BASE = ["mission", "month", "place", "latitude", "longitude", "country"]
_REVISION = r"(?i)rev\.? *([0-9]+(?:\.[0-9]+)?)"


def read(cells: Cells) -> Tidy:
    """Tidy deployments: one row a mission, month and base (a place name at its coordinates).

    Troops stay NaN where the map does not give their number; 0 is a base without formed troops
    (headquarters, observers). Set aside: a base without coordinates, and a row whose base is listed
    by a later map of the same month, or by another row of the same map (their troops are added).
    Source: Cil, Fjelde, Hultman & Nilsson (2020), Geo-PKO 2.1.
    """
    _refuse_twice(cells)
    latitude, longitude = _checks.coordinates(cells)
    month = _checks.month(cells, "year", _checks.month_number(cells, "month"))
    table = pd.DataFrame(
        {
            "mission": _checks.name(cells, "mission", "the name of a mission"),
            "place": cells.text("location"),
            "month": month,
            "latitude": latitude,
            "longitude": longitude,
            "country": cells.text("country"),
            "troops": _checks.count(cells, "no.troops", _UNKNOWN),
        }
    )
    nowhere = cells.aside(latitude.isna(), "latitude", "coordinates")
    is_old = latitude.notna() & _is_superseded(table, cells.text("source"))
    old = cells.aside(is_old, "source", "the latest map of this base in the month")
    table, again = _add_up(cells, table, latitude.notna() & ~is_old)
    return Tidy(table, pd.concat([nowhere, old, again]), month)


def _refuse_twice(cells: Cells) -> None:
    """Raise BadInput where more than MOST_TWICE of the rows repeat another in every column read: a
    file that holds another twice would double the troops.
    """
    again = cells.frame.duplicated()
    if again.sum() > max(1, MOST_TWICE * len(again)):
        where = cells.where(again.idxmax(), "")
        raise BadInput(where, f"one of {again.sum():,} rows that are there twice", "each row once")


def _is_superseded(table: pd.DataFrame, source: Column) -> Mask:
    """Return which rows a later revision of the map replaces, within one mission and month.

    Some months have two or three maps ("Rev. 31 (republished as 31.1)" and "Rev. 31.1"): added up
    they would double the mission. Base by base, not map by map, because in other months a single
    row carries another revision than its thirty neighbours.
    """
    revision = source.str.extract(_REVISION, expand=False).astype(np.float64).fillna(0)
    return revision < revision.groupby([table[key] for key in _BASE]).transform("max")


def _add_up(
    cells: Cells, table: pd.DataFrame, is_current: Mask
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the table with the troops of a base in its first row, and the list of its other rows.

    The sum is NaN where a part of it is unknown.
    """
    bases = table[is_current].assign(row=cells.rows[is_current]).groupby(_BASE)
    is_known = bases["troops"].transform("count") == bases["troops"].transform("size")
    troops = bases["troops"].transform("sum").where(is_known).reindex(table.index)
    first = bases["row"].transform("min").reindex(table.index, fill_value=0)
    expected = "one row a base: its troops are added to row " + first.astype(str)
    again = cells.aside(is_current & (first < cells.rows), "location", expected)
    return table.assign(troops=troops), again
