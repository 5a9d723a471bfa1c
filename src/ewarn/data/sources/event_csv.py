"""Read any table of events, its columns named by a column map."""

import numpy as np
import pandas as pd

from ewarn.data.sources import _checks, _dates
from ewarn.data.sources._cells import Cells, Column, Tidy

KIND, SHAPE = "events", "events"
DELAY_DAYS = 0  # the user who has the file can state its delay (--delay)
COLUMNS = (("date", "latitude", "longitude"), ("date", "country", "admin1"))
OPTIONAL = ("event_id", "type_of_violence", "actor_a", "actor_b", "fatalities")

_TYPES = "1 (state-based), 2 (non-state), 3 (one-sided), or 0 or an empty cell (unknown)"
PLACE = "coordinates, or a country and its first-level unit"


def read(cells: Cells) -> Tidy:
    """Return tidy events. What the file does not state stays missing: fatalities are NaN and the
    type of violence is 0 where there is no column or a blank cell; every row counts as an event.

    A row that has neither coordinates nor country and admin1 is set aside.
    """
    days = _dates.day(cells, "date")
    latitude, longitude = _checks.coordinates(cells)
    country, admin1 = cells.text("country"), cells.text("admin1")
    events = {
        "event_id": _ids(cells),
        "month": _checks.month_of(days),
        "day": days,
        "latitude": latitude,
        "longitude": longitude,
        "country": country,
        "admin1": admin1,
        "type_of_violence": _types(cells),
        "actor_a": cells.text("actor_a"),
        "actor_b": cells.text("actor_b"),
        "fatalities": _checks.count(cells, "fatalities", unknown=("",)),
    }
    nowhere = latitude.isna() & ((country == "") | (admin1 == ""))
    place = "latitude" if cells.table.has("latitude") else "admin1"
    return Tidy(pd.DataFrame(events), cells.aside(nowhere, place, PLACE), events["month"])


def _ids(cells: Cells) -> Column:
    """Event ids, unique where given; a blank one is not made up, for it would follow row order."""
    ids = cells.text("event_id")
    cells.refuse_repeats(ids[ids != ""].to_frame(), ["event_id"], "each id once")
    return ids


def _types(cells: Cells) -> Column:
    if not cells.table.has("type_of_violence"):
        return pd.Series(0, cells.rows, dtype=np.int8)
    text = cells.text("type_of_violence")
    given = Cells(
        cells.table,
        cells.frame.assign(type_of_violence=text.mask(text == "", "0")),
        cells.faults,
    )
    return _checks.whole(given, "type_of_violence", 0, 3, _TYPES).astype(np.int8)
