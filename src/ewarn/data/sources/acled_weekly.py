"""Read ACLED's weekly aggregates (CSV): counts by first-level unit and week."""

import numpy as np
import pandas as pd

from ewarn.data.sources import _checks, _dates
from ewarn.data.sources._cells import Cells, Column, Tidy

KIND, SHAPE = "events", "counts"
DELAY_DAYS = 7  # ACLED updates weekly
COLUMNS = (("week", "country", "admin1", "events", "fatalities", "sub_event_type"),)
OPTIONAL = ("event_type", "disorder_type")
WEEK = 7  # days, from the Saturday that names the week


def read(cells: Cells) -> Tidy:
    """Return tidy counts by month; a week over two months is shared out by days, in whole numbers.

    The first month's part is rounded down, the rest belongs to the second, so sums are kept.
    """
    names = ("disorder_type", "event_type", "sub_event_type", "country", "admin1", "week")
    keys = [name for name in names if cells.table.has(name)]
    repeats = cells.frame.loc[cells.text("admin1") != "", keys]
    cells.refuse_repeats(repeats, keys[-3:], "one row a place, week and type of event")
    begins = _dates.day(cells, "week")
    ends = begins + pd.Timedelta(days=WEEK - 1)
    left = ((begins + pd.offsets.MonthEnd(0) - begins).dt.days + 1).clip(upper=WEEK) / WEEK
    numbers = {name: _checks.count(cells, name) for name in ("events", "fatalities")}
    early = {name: np.floor(values * left) for name, values in numbers.items()}
    late = {name: numbers[name] - part for name, part in early.items()}
    place = {"country": cells.text("country"), "admin1": cells.text("admin1")}
    is_over_two = left < 1
    first = pd.DataFrame(place | {"month": _checks.month_of(begins)} | early)
    second = pd.DataFrame(place | {"month": _checks.month_of(ends)} | late)[is_over_two]
    table = pd.concat([first, second])
    nowhere: Column = place["admin1"] == ""
    aside = cells.aside(nowhere, "admin1", "the name of a first-level unit")
    return Tidy(table, aside, first["month"])
