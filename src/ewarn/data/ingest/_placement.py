"""Place rows in units, by their coordinates, or else by the names they give."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.core.errors import BadInput
from ewarn.data import places
from ewarn.data.ingest._countries import Stated, slip
from ewarn.data.places import Units
from ewarn.data.sources import Rows

ASIDE = ["file", "row", "column", "found", "expected"]


@dataclass(frozen=True)
class Placed:
    """A file's rows that lie in the chosen units, `unit` being the position, and the others.

    `lost` counts those set aside that lie in no unit at all. `out_of_scope` counts rows of other
    countries, which are nowhere else. `national` are events known only to
    their country, or to a province of several units.
    `abroad` lists rows whose unit lies in another country than the row states (ASIDE), placed or
    set aside.
    `unnamed` counts rows set aside whose second-level name is of no unit, where that level is used.
    `slip` is what may have happened to the coordinates of many of those abroad, in words. `strange`
    are rows that state a country by no name or code known here.
    """

    rows: Rows
    table: pd.DataFrame
    set_aside: pd.DataFrame
    lost: int
    out_of_scope: int
    national: pd.DataFrame
    abroad: pd.DataFrame
    unnamed: int
    slip: str
    strange: pd.DataFrame


def place(rows: Rows, units: Units, chosen: Units) -> Placed:
    """Return the rows of a file put into the chosen ones of all units.

    Raises BadInput where latitude and longitude look exchanged, or without their signs.
    """
    table = rows.table
    file = table.get("file", pd.Series(rows.path, table.index, dtype="str"))
    stated = Stated(table, units, chosen)
    is_second = _is_second_level(table, units, stated)
    anywhere = _positions(table, units, stated, is_second)
    slipped = slip(rows, units, stated, anywhere)
    unit = pd.Index(chosen.table["code"]).get_indexer(units.table["code"])[anywhere]
    unit = np.where(anywhere >= 0, unit, -1)
    is_national = _is_wider(table, units) & stated.is_chosen
    is_out = stated.is_out_of_scope(anywhere, unit) | (_is_wider(table, units) & ~is_national)
    is_stored = ~is_out & ~is_national & ((unit >= 0) | _concerns_country(rows, chosen))
    is_aside = ~is_stored & ~is_out & ~is_national
    is_lost = is_aside & (anywhere < 0)
    aside = [
        rows.set_aside[ASIDE],
        _aside(table[is_lost], file),
        stated.listed(file, table, anywhere, is_aside & ~is_lost),
    ]
    is_abroad = (is_stored | is_aside) & stated.is_abroad(anywhere)
    return Placed(
        rows,
        table.assign(unit=unit)[is_stored].reset_index(drop=True),
        pd.concat(aside, ignore_index=True).sort_values("row", ignore_index=True),
        lost=len(rows.set_aside) - rows.beyond + int((is_lost & ~is_second).sum()),
        out_of_scope=int(is_out.sum()),
        national=table[is_national].assign(country=stated.code[is_national]),
        abroad=stated.listed(file, table, anywhere, is_abroad),
        unnamed=int((is_lost & is_second).sum()),
        slip=slipped,
        strange=table[stated.is_unknown],
    )


def refuse_lost(placed: Placed, most: float) -> None:
    """Raise BadInput, with the first such row, if more than that share lies in no unit."""
    total = len(placed.table) + len(placed.set_aside) + len(placed.national)
    if placed.lost > most * total:
        first = placed.set_aside.iloc[0]
        where = f"{first['file']}, row {first['row']}, column {first['column']}"
        share = f"{placed.lost:,} of {total:,} rows cannot be placed, more than {most:.0%}"
        raise BadInput(where, f"{first['found']} ({share})", first["expected"])


def _positions(
    table: pd.DataFrame, units: Units, stated: Stated, is_second: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Return each row's unit among all: by coordinates where it has them, else by names; -1 for
    none.
    """
    unit = np.full(len(table), -1)
    unlocated = np.ones(len(table), bool)
    if "latitude" in table:
        unit = places.locate(units, table["latitude"], table["longitude"], country=stated.code)
        unlocated = table["latitude"].isna().to_numpy()
    for column in ("admin2", "admin2_code", "admin1", "admin1_code"):
        if column in table:
            is_level = is_second == column.startswith("admin2")
            rest = np.flatnonzero(unlocated & (unit < 0) & is_level)
            names = zip(stated.code[rest], table[column].iloc[rest], strict=True)
            unit[rest] = [places.resolve(units, code, name) if name else -1 for code, name in names]
    return unit


def _is_second_level(table: pd.DataFrame, units: Units, stated: Stated) -> NDArray[np.bool_]:
    """Return which rows are placed by their second level: those of countries in which half or more
    of the second-level names are names of units. A name of another level is never used.
    """
    is_second = np.zeros(len(table), bool)
    if "admin2" not in table:
        return is_second
    own = {
        (c, places.fold(n)) for c, n in zip(*units.table[["country", "name"]].values.T, strict=True)
    }
    pairs = pd.DataFrame({"country": stated.code, "name": table["admin2"].map(places.fold)})
    distinct = pairs[pairs["name"] != ""].drop_duplicates()
    is_own = pd.Series(list(zip(distinct["country"], distinct["name"], strict=True))).isin(own)
    share = is_own.groupby(distinct["country"].to_numpy()).mean()
    return pairs["country"].map(share).fillna(0).ge(0.5).to_numpy()


def _is_wider(table: pd.DataFrame, units: Units) -> NDArray[np.bool_]:
    """Return which events are known to their country alone, or to their province, where units are
    smaller.
    """
    if "precision" not in table:
        return np.zeros(len(table), bool)
    wider = ["country", "province"] if units.level > 1 else ["country"]
    return table["precision"].isin(wider).to_numpy()


def _concerns_country(rows: Rows, chosen: Units) -> NDArray[np.bool_]:
    """Return which milestones concern a whole country."""
    if rows.kind != "milestones":
        return np.zeros(len(rows.table), bool)
    here = rows.table["country"].isin(set(chosen.table["country"]))
    return (here & (rows.table["admin1"] == "")).to_numpy()


def _aside(table: pd.DataFrame, files: "pd.Series[str]") -> pd.DataFrame:
    file = files[table.index]
    if "latitude" not in table:
        return _reasons(file, table, ["country", "admin1"], NAME)
    has_point = table["latitude"].notna()
    at = _reasons(file[has_point], table[has_point], ["latitude", "longitude"], POINT)
    if has_point.all():
        return at
    return pd.concat(
        [at, _reasons(file[~has_point], table[~has_point], ["country", "admin1"], NAME)]
    )


def _reasons(
    file: "pd.Series[str]", table: pd.DataFrame, found: list[str], expected: str
) -> pd.DataFrame:
    what = table[found[0]].astype(str).str.cat(table[found[1]].astype(str), sep=", ")
    why = {"file": file, "row": table["row"], "column": found[1], "found": what}
    return pd.DataFrame(why | {"expected": expected}, columns=ASIDE)


POINT = f"a point within {places.WITHIN_KM:.0f} km of a unit"
NAME = "the name or the code of a unit of that country"
