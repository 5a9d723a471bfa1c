"""Read the UCDP Georeferenced Event Dataset (CSV or GeoJSON, official column names)."""

import numpy as np
import pandas as pd

from ewarn.data.sources import _checks
from ewarn.data.sources._cells import Cells, Tidy

KIND, SHAPE = "events", "events"
DELAY_DAYS = 20  # UCDP Candidate: about the 20th, with at most a month of lag (Hegre et al. 2020)
COLUMNS = (
    ("id", "date_end", "type_of_violence", "side_a", "side_b", "best", "country", "latitude",
     "longitude"),
)  # fmt: skip
OPTIONAL = ("adm_1",)

_TYPES = "1 (state-based), 2 (non-state) or 3 (one-sided)"
PLACE = "coordinates, or a country and its first-level unit"


def read(cells: Cells) -> Tidy:
    """Tidy events; an event that spans days belongs to the day it ended, when it was all known.

    Fatalities are `best`; `low` and `high` are not read. A row without coordinates and `adm_1` is
    set aside. Source: UCDP GED Codebook.
    """
    ids = _checks.name(cells, "id", "an event id")
    cells.refuse_repeats(ids.to_frame(), ["id"], "each id once")
    days = _checks.day(cells, "date_end")
    latitude, longitude = _checks.coordinates(cells)
    country, admin1 = cells.text("country"), cells.text("adm_1")
    events = {
        "event_id": ids,
        "month": _checks.month_of(days),
        "day": days,
        "latitude": latitude,
        "longitude": longitude,
        "country": country,
        "admin1": admin1,
        "type_of_violence": _checks.whole(cells, "type_of_violence", 1, 3, _TYPES).astype(np.int8),
        "actor_a": cells.text("side_a"),
        "actor_b": cells.text("side_b"),
        "fatalities": _checks.count(cells, "best"),
    }
    nowhere = latitude.isna() & ((country == "") | (admin1 == ""))
    set_aside = cells.aside(nowhere, "latitude", PLACE)
    return Tidy(pd.DataFrame(events), set_aside, events["month"])
