"""Compare the risks of two issues: what moved, what is new, what was withdrawn."""

from typing import Literal

import pandas as pd

from ewarn.core import columns
from ewarn_api.issues.snapshot import COLUMNS, Snapshot
from ewarn_api.issues.table import Table

_PLACE = ["location_code", "location_name", "admin1_code", "admin1_name"]
_KEYS = ["admin1_code", "target_month"]
SHOWN = (*_PLACE, "status", *(name for name in COLUMNS["changes"] if name not in _PLACE))
Status = Literal["moved", "new", "withdrawn"]


def table(now: Snapshot, then: Snapshot) -> Table:
    """Return the risks of an issue that differ from another's, and those it no longer has.

    The parts of a change are known of its last issue alone; of any other they are missing.
    """
    reported = now.table("risks").frame([*_PLACE, "lead", "target_month", "risk"])
    last = then.table("risks").frame([*_PLACE, "target_month", "risk"])
    both = reported.merge(
        last.rename(columns={"risk": "last_risk"}), "outer", _KEYS, suffixes=("", "_then")
    )
    for name in set(_PLACE) - set(_KEYS):
        both[name] = both[name].fillna(both.pop(f"{name}_then"))
    both["risk_change"] = both["risk"] - both["last_risk"]
    both["status"] = "moved"
    both.loc[both["last_risk"].isna(), "status"] = "new"
    both.loc[both["risk"].isna(), "status"] = "withdrawn"
    moved = both[both["risk_change"] != 0]
    some = moved.merge(_parts(now, then), "left", _KEYS)
    order = some.assign(size=-some["risk_change"].abs()).sort_values(["lead", "size", *_KEYS])
    return Table(order[list(SHOWN)].astype({"lead": "Int64"}).astype({"lead": object}), SHOWN)


def _parts(now: Snapshot, then: Snapshot) -> pd.DataFrame:
    known = now.table("changes").frame([*_KEYS, *columns.PARTS_OF_A_CHANGE])
    some = known if now.card.last_issue == then.card.issue else known[:0]
    return some.astype(dict.fromkeys(_KEYS, "str"))
