"""Read monthly counts by administrative unit (xlsx or CSV, as published on HDX)."""

import pandas as pd

from ewarn.data.sources import _checks, _countries
from ewarn.data.sources._cells import Cells, Column, Mask, Tidy

KIND, SHAPE = "events", "counts"
DELAY_DAYS = 14  # ACLED updates weekly; another week for HDX's copy of its counts is assumed
COLUMNS = (("ISO3", "Admin1", "Month", "Year", "Events", "Fatalities"),)
OPTIONAL = ("Country", "Admin2", "Admin2 Pcode", "Admin1 Pcode")


def read(cells: Cells) -> Tidy:
    """Tidy counts: a row of the file each, that is a month of a second- or first-level unit.

    A row with neither the name nor the code of a first-level unit is set aside. Raises BadInput
    where a unit has a month twice.
    """
    month = _checks.month(cells, "Year", _checks.month_number(cells, "Month"))
    counts = {
        "country": _countries.codes(cells, "ISO3"),
        "admin2": cells.text("Admin2"),
        "admin2_code": cells.text("Admin2 Pcode"),
        "admin1": cells.text("Admin1"),
        "admin1_code": cells.text("Admin1 Pcode"),
        "month": month,
        "events": _checks.count(cells, "Events"),
        "fatalities": _checks.count(cells, "Fatalities"),
    }
    nowhere = (counts["admin1"] == "") & (counts["admin1_code"] == "")
    _refuse_months_twice(cells, month, nowhere)
    set_aside = cells.aside(nowhere, "Admin1", "the name or the code of a first-level unit")
    return Tidy(pd.DataFrame(counts), set_aside, month)


def _refuse_months_twice(cells: Cells, month: Column, nowhere: Mask) -> None:
    """One row a place and month; places of one name are two where each of their rows has a code."""
    first = cells.text("Admin1").mask(cells.text("Admin1") == "", cells.text("Admin1 Pcode"))
    names = [cells.text("ISO3"), first.str.lower(), cells.text("Admin2").str.lower()]
    codes = cells.text("Admin2 Pcode")
    codes = codes.mask((codes == "").groupby(names).transform("any"), "")
    keys = pd.concat([*names, codes, month], axis=1, keys=range(5))[~nowhere]
    quoted = ["ISO3", "Admin1", "Admin2", "Year", "Month"]
    cells.refuse_repeats(keys, quoted, "one row a place and month")
