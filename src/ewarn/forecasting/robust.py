"""Cap counts of one unit that dwarf those of all others, before a model reads a panel.

One wrong huge number must not move the forecasts of other units. Where a unit has more than TIMES
the largest count that any other unit ever had, its counts are capped at that, or, if the number
stands alone in its own history, at its second largest (at the largest of any other unit, up to
LEAST, where that is more). Several huge numbers at once hide each other from that rule: a few
months of units that are huge beside every other (`quality.huge`) are capped at TIMES the largest of
those, or, where no such month is beside them, by the other months of their unit. Elsewhere
nothing changes.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ewarn.core import transforms
from ewarn.data import quality
from ewarn.data.panel import Array, Panel

TIMES = 6  # on UCDP GED 21.1 for Africa as a whole no column reaches it; alone, small countries do
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
    found = _of_one_unit(_of_few_months(values))
    return None if found is values else found


def _of_few_months(values: Array) -> Array:
    """Return the array with few huge months capped by the others of their units."""
    plain = np.nan_to_num(values)
    largest = np.sort(plain, axis=None)[::-1][: quality.FEW + 1]
    number = quality.huge(largest)
    if not number:
        return values
    most = largest[number]
    is_huge = plain > most
    usual = np.where(is_huge, 0, plain).max(axis=1, keepdims=True)
    usual = np.maximum(usual, min(float(most), LEAST))
    beside = np.pad(is_huge, ((0, 0), (1, 1)))
    is_alone = ~(beside[:, :-2] | beside[:, 2:])  # in a war, such months follow each other
    cap = np.where(is_alone, usual, TIMES * max(float(most), LEAST))
    capped: Array = np.where(is_huge, cap, values).astype(np.float32)
    return capped


def _of_one_unit(values: Array) -> Array:
    """Return the array with the counts of the largest unit capped by those of the others."""
    most: NDArray[np.float32] = np.nanmax(np.nan_to_num(values), axis=1)
    first, second = np.sort(most)[[-1, -2]]
    cap = TIMES * max(float(second), LEAST)
    if first <= cap:
        return values
    unit = int(most.argmax())
    own = float(np.sort(np.nan_to_num(values[unit]))[-2])
    found: Array = values.copy()
    usual = max(own, min(float(second), LEAST))
    found[unit] = np.minimum(values[unit], np.float32(min(cap, usual)))
    return found
