"""Place rows in units, by their coordinates, or else by the names they give."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.core.errors import BadInput
from ewarn.data import places
from ewarn.data.places import Units
from ewarn.data.sources import Rows

ASIDE = ["file", "row", "column", "found", "expected"]


@dataclass(frozen=True)
class Placed:
    """A file's rows that lie in the chosen units, `unit` being the position, and the others.

    `lost` counts those of the others that lie in no unit at all.
    """

    rows: Rows
    table: pd.DataFrame
    set_aside: pd.DataFrame
    lost: int


def place(rows: Rows, units: Units, chosen: Units) -> Placed:
    """Return the rows of a file put into the chosen ones of all units."""
    table = rows.table
    anywhere = _positions(rows.path, table, units)
    unit = pd.Index(chosen.table["code"]).get_indexer(units.table["code"])[anywhere]
    unit = np.where(anywhere >= 0, unit, -1)
    stored = (unit >= 0) | _is_national(rows, chosen)
    aside = pd.concat([rows.set_aside[ASIDE], _aside(rows.path, table[~stored])], ignore_index=True)
    return Placed(
        rows,
        table.assign(unit=unit)[stored].reset_index(drop=True),
        aside.sort_values("row", ignore_index=True),
        lost=len(rows.set_aside) + int((anywhere < 0).sum()),
    )


def refuse_lost(placed: Placed, most: float) -> None:
    """Raise BadInput, with the first such row, if more than that share lies in no unit."""
    total = len(placed.table) + len(placed.set_aside)
    if placed.lost > most * total:
        first = placed.set_aside.iloc[0]
        where = f"{first['file']}, row {first['row']}, column {first['column']}"
        share = f"{placed.lost:,} of {total:,} rows cannot be placed, more than {most:.0%}"
        raise BadInput(where, f"{first['found']} ({share})", first["expected"])


def _positions(file: str, table: pd.DataFrame, units: Units) -> NDArray[np.intp]:
    """Return each row's unit among all: by coordinates where it has them, else by names; -1 for
    none.
    """
    unit = np.full(len(table), -1)
    unlocated = np.ones(len(table), bool)
    if "latitude" in table:
        country = table["country"].map(places.country_code)
        unit = places.locate(units, table["latitude"], table["longitude"], country=country)
        unlocated = table["latitude"].isna().to_numpy()
    for column in ("admin1", "admin1_code"):
        if column in table:
            rest = np.flatnonzero(unlocated & (unit < 0))
            unit[rest] = _by_name(file, table.iloc[rest], column, units)
    return unit


def _by_name(file: str, table: pd.DataFrame, column: str, units: Units) -> list[int]:
    _refuse_unknown_countries(file, table[table[column] != ""])
    pairs = zip(table["country"], table[column], strict=True)
    return [
        places.resolve(units, places.country_code(country), name) if name else -1
        for country, name in pairs
    ]


def _refuse_unknown_countries(file: str, table: pd.DataFrame) -> None:
    """A row placed by its names needs a country there is: no guess can mend a wrong one."""
    known = {name: bool(places.country_code(name)) for name in table["country"].unique()}
    unknown = table[~table["country"].map(known)]
    if len(unknown):
        first = unknown.sort_values("row").iloc[0]
        where = f"{file}, row {first['row']}, column country"
        found = f"the unknown country {first['country']!r}"
        raise BadInput(where, found, "the name or the ISO 3166 alpha-3 code of a country")


def _is_national(rows: Rows, chosen: Units) -> NDArray[np.bool_]:
    if rows.kind != "milestones":
        return np.zeros(len(rows.table), bool)
    here = rows.table["country"].isin(set(chosen.table["country"]))
    return (here & (rows.table["admin1"] == "")).to_numpy()


def _aside(file: str, table: pd.DataFrame) -> pd.DataFrame:
    if "latitude" not in table:
        return _reasons(file, table, ["country", "admin1"], NAME)
    has_point = table["latitude"].notna()
    at = _reasons(file, table[has_point], ["latitude", "longitude"], POINT)
    if has_point.all():
        return at
    return pd.concat([at, _reasons(file, table[~has_point], ["country", "admin1"], NAME)])


def _reasons(file: str, table: pd.DataFrame, found: list[str], expected: str) -> pd.DataFrame:
    what = table[found[0]].astype(str).str.cat(table[found[1]].astype(str), sep=", ")
    why = {"file": file, "row": table["row"], "column": found[1], "found": what}
    return pd.DataFrame(why | {"expected": expected}, columns=ASIDE)


POINT = f"a point within {places.WITHIN_KM:.0f} km of a unit"
NAME = "the name or the code of a unit of that country"
