"""The column dictionary: every column and field, declared once with its unit and meaning.

One file a subject. Entry points: `of` returns the field of a name, `TABLES` the columns of tables.
"""

from collections.abc import Iterator

from ewarn.core.columns._alerts import ALERTS
from ewarn.core.columns._field import Field
from ewarn.core.columns._forecasts import (
    CHANGES,
    DRIVERS,
    FORECAST,
    PARTS_OF_A_CHANGE,
    RISK,
    TOP_DRIVERS,
)
from ewarn.core.columns._issues import ISSUE, MODEL_CARD
from ewarn.core.columns._judgements import JUDGEMENTS
from ewarn.core.columns._observations import FINAL, MILESTONES, PANEL, SET_ASIDE, VIOLENCE
from ewarn.core.columns._places import CLOCKS, PLACES
from ewarn.core.columns._scenarios import SCENARIO
from ewarn.core.columns._service import RESOLVED, SERVICE
from ewarn.core.columns._tables import IN_TABLE, TABLES
from ewarn.core.columns._verification import LEDGER, PAST, SCORES, VERIFICATION
from ewarn.core.errors import Unknown

__all__ = ["PARTS_OF_A_CHANGE", "TABLES", "VERIFICATION", "Field", "every", "of"]

_ALL = (
    *(PLACES + CLOCKS + FORECAST + RISK + DRIVERS + TOP_DRIVERS + CHANGES),
    *(VIOLENCE + FINAL + PANEL),
    *(MILESTONES + ISSUE + MODEL_CARD + SCENARIO + RESOLVED),
    *(PAST + SCORES + LEDGER + ALERTS + JUDGEMENTS + SERVICE),
)
_BY_NAME = {field.name: field for field in _ALL}


def of(name: str, table: str = "") -> Field:
    """Return the field of that name, in that table if it has a sense of its own there.

    `presence.` with any actor is a name; raises Unknown for one not declared.
    """
    key = "presence.<actor>" if name.startswith("presence.") else name
    known = _BY_NAME | IN_TABLE.get(table, {})
    if key not in known:
        raise Unknown("field", name, known)
    return known[key]


def every() -> Iterator[Field]:
    """Yield all fields, in the order a reader meets them: places, clocks, forecasts, and so on."""
    yield from _ALL
    yield from SET_ASIDE
