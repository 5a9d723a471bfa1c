"""Files as they were read: bytes stored once, a record of each reading, revisions as changes."""

from ewarn.data.vintages._changes import Step, difference, history, keys, told
from ewarn.data.vintages._record import Vintage, fetched_at, series
from ewarn.data.vintages._store import Store

__all__ = [
    "Step",
    "Store",
    "Vintage",
    "difference",
    "fetched_at",
    "history",
    "keys",
    "series",
    "told",
]
