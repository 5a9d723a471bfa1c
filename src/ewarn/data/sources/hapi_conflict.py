"""Read conflict events of HDX HAPI (CSV): counts by administrative unit and month.

`civilian_targeting` is a part of `political_violence`, and demonstrations are no violence: they are
left out of the counts.
"""

import pandas as pd

from ewarn.core.errors import BadInput
from ewarn.data.sources import _checks, _countries, _dates
from ewarn.data.sources._cells import Cells, Tidy

KIND, SHAPE = "events", "counts"
DELAY_DAYS = 14  # HAPI carries ACLED's counts, updated weekly; another week is assumed
COLUMNS = (
    ("location_code", "admin_level", "event_type", "events", "fatalities",
     "reference_period_start"),
)  # fmt: skip
OPTIONAL = (
    *("admin1_name", "provider_admin1_name", "admin1_code"),
    *("admin2_name", "provider_admin2_name", "admin2_code"),
)
COUNTED = "political_violence"


def read(cells: Cells) -> Tidy:
    """Return tidy counts; rows of admin level 0 are known to their country alone."""
    month = _checks.month_of(_dates.day(cells, "reference_period_start"))
    _refuse_repeats(cells)
    is_counted = cells.text("event_type").str.lower() == COUNTED
    if not is_counted.any():
        raise BadInput(f"{cells.table.file}, column event_type", "other events alone", COUNTED)
    numbers = {
        name: _checks.count(cells, name, unknown=("",)).fillna(0).where(is_counted, 0.0)
        for name in ("events", "fatalities")
    }
    level = _checks.whole(cells, "admin_level", 0, 2)
    counts = {
        "country": _countries.codes(cells, "location_code"),
        "admin2": _named(cells, "admin2"),
        "admin2_code": cells.text("admin2_code"),
        "admin1": _named(cells, "admin1"),
        "admin1_code": cells.text("admin1_code"),
        "month": month,
        "precision": (level == 0).map({True: "country", False: ""}),
    }
    return Tidy(pd.DataFrame(counts | numbers), cells.aside(level < 0, "admin_level", ""), month)


def _refuse_repeats(cells: Cells) -> None:
    """Raise BadInput where a place has a month and type of event twice."""
    places = [name for name in (*OPTIONAL, "location_code", "admin_level") if cells.table.has(name)]
    keys = [*places, "event_type", "reference_period_start"]
    cells.refuse_repeats(cells.frame[keys], keys[-3:], "one row a place, month and type of event")


def _named(cells: Cells, level: str) -> "pd.Series[str]":
    """Return the unit's name, else the name that the provider has for it."""
    name = cells.text(f"{level}_name")
    return name.mask(name == "", cells.text(f"provider_{level}_name"))
