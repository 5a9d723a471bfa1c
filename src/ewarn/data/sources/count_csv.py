"""Read any table of monthly counts by place, its columns named by a column map."""

import pandas as pd

from ewarn.data.sources import _checks, _dates
from ewarn.data.sources._cells import Cells, Column, Tidy

KIND, SHAPE = "events", "counts"
DELAY_DAYS = 0  # the user who has the file can state its delay (--delay)
COLUMNS = (
    ("month", "country", "admin1", "fatalities"),
    ("month", "country", "admin2", "fatalities"),
)
OPTIONAL = ("year", "admin1_code", "admin2_code", "events")
PLACE = "the name or the code of a unit"


def read(cells: Cells) -> Tidy:
    """Return tidy counts. `month` is YYYY-MM, or a date in it, or, beside `year`, its number or
    name.

    Without `events` every row with deaths counts as one event. A row without a place is set aside.
    Raises BadInput where a place has a month twice.
    """
    month = _month(cells)
    deaths = _checks.count(cells, "fatalities", unknown=("",)).fillna(0)
    names = ("country", "admin2", "admin2_code", "admin1", "admin1_code")
    place = {name: cells.text(name) for name in names}
    counts = {"month": month, "events": _events(cells, deaths), "fatalities": deaths}
    nowhere = pd.DataFrame({name: place[name] == "" for name in names[1:]}).all(axis=1)
    keys = pd.concat([*place.values(), month], axis=1, keys=range(len(names) + 1))[~nowhere]
    quoted = [name for name in (*names, "month") if cells.table.has(name)]
    cells.refuse_repeats(keys, quoted, "one row a place and month")
    column = next(name for name in ("admin1", "admin2") if cells.table.has(name))
    return Tidy(pd.DataFrame(place | counts), cells.aside(nowhere, column, PLACE), month)


def _month(cells: Cells) -> Column:
    if cells.table.has("year"):
        return _checks.month(cells, "year", _checks.month_number(cells, "month"))
    text = cells.text("month")
    days = text.mask(text.str.fullmatch("[0-9]{4}-[0-9]{2}"), text + "-01")
    dated = Cells(cells.table, cells.frame.assign(month=days), cells.faults)
    return _checks.month_of(_dates.day(dated, "month"))


def _events(cells: Cells, deaths: Column) -> Column:
    if not cells.table.has("events"):
        return (deaths > 0).astype(float)
    return _checks.count(cells, "events", unknown=("",)).fillna(0)
