"""One row a unit with all leads side by side, for the map and the list."""

from collections.abc import Sequence
from math import isnan
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd

from ewarn.core import columns
from ewarn.data import places
from ewarn_api.issues.snapshot import OVERVIEW, Snapshot

MONTHS = 24  # of the past, which a sparkline shows
_BY_LEAD = [name for name in OVERVIEW if columns.of(name, "overview").unit == "list by lead"]
_CHANGE = "risk_change"
_OF_UNIT = ("admin1_name", "location_code", "location_name", "latitude", "longitude")
_OF_RISK = ("baseline", "is_onset")  # the same at every lead
_STANDING = ("troops", "bases")
_WHOLE = ("rank", "fatalities", "q05", "q50", "q95", "troops", "bases")
_DIGITS = {"expected": 2, "baseline": 2, "latitude": 2, "longitude": 2}
_made: "WeakKeyDictionary[Snapshot, list[dict[str, Any]]]" = WeakKeyDictionary()


def rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return a row a unit, with the columns of OVERVIEW, in the order of the units; made once an
    issue.

    Probabilities are rounded to four decimals, means and coordinates to two, counts to whole ones.
    """
    if snapshot not in _made:
        _made[snapshot] = _rows(snapshot)
    return _made[snapshot]


def months(snapshot: Snapshot) -> list[str]:
    """Return the months of `fatalities`: the last MONTHS observed."""
    return sorted(snapshot.table("history").values("month"))[-MONTHS:]


def _rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    found = {**_units(snapshot), **_risks(snapshot), **_past(snapshot)}
    names = [name for name in OVERVIEW if name != "admin1_code"]
    return [
        {"admin1_code": code} | {name: _rounded(name, found[name].get(code)) for name in names}
        for code in snapshot.units
    ]


def _units(snapshot: Snapshot) -> dict[str, dict[Any, Any]]:
    other: dict[str, list[str]] = {code: [] for code in snapshot.units}
    for _, alias, code in places.other_names():
        other.get(code, []).append(alias)
    return _columns(snapshot, "units", _OF_UNIT) | {"aliases": other}


def _risks(snapshot: Snapshot) -> dict[str, dict[Any, Any]]:
    reported = [name for name in _BY_LEAD if name != _CHANGE]
    risks = snapshot.table("risks").frame(["admin1_code", "lead", *reported])
    changes = snapshot.table("changes").frame(["admin1_code", "lead", _CHANGE])
    long = risks.merge(changes, "left", ["admin1_code", "lead"])  # a first issue has no change
    found = {name: _wide(long, "lead", name, snapshot.card.leads) for name in _BY_LEAD}
    return found | _columns(snapshot, "risks", _OF_RISK)


def _past(snapshot: Snapshot) -> dict[str, dict[Any, Any]]:
    """Return the counts of the last months; of troops and bases, the last month's."""
    history = snapshot.table("history").frame(["admin1_code", "month", "fatalities", *_STANDING])
    lately = history[history["month"].isin(months(snapshot))].sort_values("month")
    last = lately.drop_duplicates("admin1_code", keep="last").set_index("admin1_code")
    deaths = _wide(lately, "month", "fatalities", months(snapshot))
    return {"fatalities": deaths} | {name: last[name].to_dict() for name in _STANDING}


def _columns(snapshot: Snapshot, table: str, names: Sequence[str]) -> dict[str, dict[Any, Any]]:
    """Of each unit, the values that it has in its first row of a table."""
    frame = snapshot.table(table).frame(["admin1_code", *names]).drop_duplicates("admin1_code")
    return {name: frame.set_index("admin1_code")[name].to_dict() for name in names}


def _wide(long: pd.DataFrame, by: str, name: str, order: Sequence[Any]) -> dict[str, list[Any]]:
    """Of each unit, a value for each of `order`, which are values of the column `by`."""
    wide = long.pivot(index="admin1_code", columns=by, values=name).reindex(columns=list(order))
    return dict(zip(wide.index, wide.astype(float).to_numpy().tolist(), strict=True))


def _rounded(name: str, value: Any) -> Any:
    """Return numbers short enough to send by the thousand; None where there is none."""
    if isinstance(value, list):
        return [_rounded(name, one) for one in value]
    if isinstance(value, float):
        if isnan(value):
            return None
        return round(value) if name in _WHOLE else round(value, _DIGITS.get(name, 4))
    return value
