"""Files as they were read: bytes stored once, a record of each reading, revisions as changes."""

from ewarn.data.vintages._changes import Step, current_rows, difference, history, keys
from ewarn.data.vintages._record import Vintage, fetched_at, series
from ewarn.data.vintages._store import Store

__all__ = [
    "Step",
    "Store",
    "Vintage",
    "current_rows",
    "difference",
    "fetched_at",
    "history",
    "keys",
    "series",
]
