"""Read the UCDP Georeferenced Event Dataset (CSV or GeoJSON, official column names)."""

import numpy as np
import pandas as pd

from ewarn.data.sources import _checks, _dates
from ewarn.data.sources._cells import Cells, Column, Tidy

KIND, SHAPE = "events", "events"
DELAY_DAYS = 20  # UCDP Candidate: about the 20th, with at most a month of lag (Hegre et al. 2020)
COLUMNS = (
    ("id", "date_end", "type_of_violence", "side_a", "side_b", "best", "country", "latitude",
     "longitude"),
)  # fmt: skip
OPTIONAL = (
    *("adm_1", "date_start", "where_prec", "code_status"),
    *("side_a_new_id", "side_b_new_id"),
)

FINAL = "Clear"  # code_status of yearly releases; candidate events are still to be checked
COUNTRY_ONLY = ("6", "7")  # where_prec: known to the country; in international waters or airspace
PROVINCE = "4"  # where_prec: known to the first-level unit
_TYPES = "1 (state-based), 2 (non-state) or 3 (one-sided)"
PLACE = "coordinates, or a country and its first-level unit"


def read(cells: Cells) -> Tidy:
    """Return tidy events, from their first day (`start`) to their last (`day`).

    Fatalities are `best`; `low` and `high` are not read. `precision` is "country" or "province" for
    an event known to these alone (`where_prec` 6 and 4), whose coordinates are theirs. A row
    without coordinates and `adm_1` is set aside. An actor that releases write in several ways is
    one by its id, under the name most of its rows have. Source: UCDP GED Codebook.
    """
    ids = _checks.name(cells, "id", "an event id")
    old = _superseded(cells, ids)
    cells.refuse_repeats(ids.drop(old["row"]).to_frame(), ["id"], "each id once")
    days = _dates.day(cells, "date_end")
    latitude, longitude = _checks.coordinates(cells)
    country, admin1 = cells.text("country"), cells.text("adm_1")
    events = {
        "event_id": ids,
        "month": _checks.month_of(days),
        "day": days,
        "start": _start(cells, days),
        "precision": _precision(cells),
        "latitude": latitude,
        "longitude": longitude,
        "country": country,
        "admin1": admin1,
        "type_of_violence": _checks.whole(cells, "type_of_violence", 1, 3, _TYPES).astype(np.int8),
        **_actors(cells),
        "fatalities": _checks.count(cells, "best"),
    }
    nowhere = latitude.isna() & ((country == "") | (admin1 == ""))
    nowhere &= events["precision"] == ""
    set_aside = pd.concat([cells.aside(nowhere, "latitude", PLACE), old])
    return Tidy(pd.DataFrame(events), set_aside, events["month"])


def _precision(cells: Cells) -> Column:
    """Return "country" or "province" for events known to these alone, of 6 as much as of 6.0."""
    number = cells.text("where_prec").str.removesuffix(".0")
    known = number.map(dict.fromkeys(COUNTRY_ONLY, "country") | {PROVINCE: "province"})
    return known.fillna("").astype("str")


def _actors(cells: Cells) -> dict[str, Column]:
    """Return the names of both sides, one for each id where the file has ids."""
    names = pd.concat([cells.text(f"side_{side}") for side in "ab"], keys=["a", "b"])
    ids = pd.concat([cells.text(f"side_{side}_new_id") for side in "ab"], keys=["a", "b"])
    ids = ids.where(ids.str.fullmatch(r"[1-9][0-9]*(\.0)?"), "")  # 0 and -99 are no actors
    counts = pd.DataFrame({"id": ids, "name": names})[ids != ""].value_counts().reset_index()
    counts = counts.sort_values(["count", "name"], ascending=[False, True])
    usual = counts.drop_duplicates("id").set_index("id")["name"]
    found = names.where(~ids.isin(usual.index), ids.map(usual))
    return {f"actor_{side}": found.loc[side] for side in "ab"}


def _superseded(cells: Cells, ids: Column) -> pd.DataFrame:
    """Return the list (ASIDE) of rows of candidate releases whose id a final row has too."""
    is_final = cells.text("code_status") == FINAL
    has_final = is_final.groupby(ids).transform("any")
    return cells.aside(~is_final & has_final, "id", "the row of the final release, which counts")


def _start(cells: Cells, days: Column) -> Column:
    """Return the first day of each event; its last where none is given, or a later one is."""
    if not cells.table.has("date_start"):
        return days
    text = cells.text("date_start")
    filled = cells.frame.assign(date_start=text.mask(text == "", cells.text("date_end")))
    start = _dates.day(Cells(cells.table, filled, cells.faults), "date_start")
    return start.where(start <= days, days)
