"""Files as they were read: bytes kept once, a record of each reading, revisions as changes."""

from ewarn.vintages._changes import Step, difference, history, keys, told
from ewarn.vintages._record import Vintage, fetched_at, series
from ewarn.vintages._store import Store

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
