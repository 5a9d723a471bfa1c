"""Cap counts of one unit that dwarf those of all others, before a model reads a panel.

One wrong huge number must not move the forecasts of other units. Where a unit has more than TIMES
the largest count that any other unit ever had, its counts are capped at that, or, if the number
stands alone in its own history, at its second largest (at the largest of any other unit, up to
LEAST, where that is more). Elsewhere nothing changes.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ewarn.core import transforms
from ewarn.data.panel import Array, Panel

TIMES = 6  # on UCDP GED 21.1 for Africa, whole and by country, no column reaches it
LATELY = 1  # months over which the deaths by groups are decayed (`panel._groups`)
LEAST = 10.0  # a cap is never below TIMES this count, so that quiet places do not set it
_COUNTS = ("events", "fatalities", "late_", "groups_", "active_days")
_TOTAL, _GROUPS = "fatalities", "groups_fatalities"


def capped(panel: Panel) -> Panel:
    """Return the panel with its counts of violence capped; the same panel if none is above."""
    columns = {name: _capped(values) for name, values in panel.columns.items() if _is_count(name)}
    changed = {name: values for name, values in columns.items() if values is not None}
    if _TOTAL in changed and _GROUPS in panel.columns:
        changed[_GROUPS] = _within(panel.columns[_GROUPS], changed[_TOTAL])
    return replace(panel, columns=panel.columns | changed) if changed else panel


def _is_count(name: str) -> bool:
    return name.startswith(_COUNTS)


def _within(groups: Array, deaths: Array) -> Array:
    """Return the deaths by the groups of each unit, nowhere above all deaths there were: groups
    carry a huge number into every unit they are known in.
    """
    most = transforms.decay(deaths.sum(axis=0, keepdims=True), LATELY)
    return np.minimum(groups, most).astype(np.float32)


def _capped(values: Array) -> Array | None:
    """Return the capped array, (units, months), or None where no value is above its cap."""
    if len(values) < 2:
        return None
    most: NDArray[np.float32] = np.nanmax(np.nan_to_num(values), axis=1)
    first, second = np.sort(most)[[-1, -2]]
    cap = TIMES * max(float(second), LEAST)
    if first <= cap:
        return None
    unit = int(most.argmax())
    own = float(np.sort(np.nan_to_num(values[unit]))[-2])
    found: Array = values.copy()
    usual = max(own, min(float(second), LEAST))
    found[unit] = np.minimum(values[unit], np.float32(min(cap, usual)))
    return found
