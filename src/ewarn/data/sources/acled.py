"""Read ACLED events (CSV, ACLED's column names).

ACLED's kinds of events are not UCDP's types of violence: the type stays unsaid. Every row counts
as an event, protests too: a file for violence alone is one requested without them.
"""

from ewarn.data.sources import _checks, event_csv
from ewarn.data.sources._cells import Cells, Tidy

KIND, SHAPE = "events", "events"
DELAY_DAYS = 7  # ACLED updates weekly
_NAMES = {
    "event_id": "event_id_cnty",
    "date": "event_date",
    "actor_a": "actor1",
    "actor_b": "actor2",
}
_SAME = ("country", "admin1", "latitude", "longitude", "fatalities")
COLUMNS = ((*_NAMES.values(), *_SAME),)
OPTIONAL = ("geo_precision",)
PROVINCE = "3"  # geo_precision: known to a part of the region, at its capital


def read(cells: Cells) -> Tidy:
    """Tidy events, as `event_csv` makes them, but each with an id and a count of fatalities, and
    with `precision` "province" for those known to their region alone (`geo_precision` 3).
    """
    _checks.name(cells, "event_id_cnty", "an event id")
    _checks.count(cells, "fatalities")
    tidy = {column: name for name, column in _NAMES.items()}
    table = cells.table.renamed(_called(cells))
    found = event_csv.read(Cells(table, cells.frame.rename(columns=tidy), cells.faults))
    number = cells.text("geo_precision").str.removesuffix(".0")
    precision = (number == PROVINCE).map({True: "province", False: ""})
    return found._replace(table=found.table.assign(precision=precision))


def _called(cells: Cells) -> dict[str, str]:
    """Return the file's own name, in whatever case, of each column that has another one here."""
    return {tidy: cells.table.called(name) for tidy, name in _NAMES.items()}
