"""Where and when missions withdrew, as it is known today: the unit-months around it."""

import numpy as np
from numpy.typing import NDArray

from ewarn.data.panel import Panel

MONTHS = 12  # before a withdrawal and after it
_ENDS = ("base", "mission", "phase")


def near(truth: Panel) -> NDArray[np.bool_]:
    """Return whether a mission left the unit, or one beside it, within MONTHS of each month,
    (units, months): it lost a base by its maps, or its leaving that place is on record.
    """
    left = _on_record(truth)
    if "bases_change" in truth.columns:
        left |= truth.columns["bases_change"] < 0
    area = left | (truth.neighbours @ left.astype(np.float32) > 0)
    return _around(area)


def _on_record(truth: Panel) -> NDArray[np.bool_]:
    left = np.zeros(truth.shape, bool)
    rows = truth.milestones
    ended = rows[~rows["is_planned"] & rows["ends"].isin(_ENDS) & (rows["unit"] >= 0)]
    month = ended["effective_month"].fillna(-1).to_numpy(np.intp) - truth.first_month
    seen = (month >= 0) & (month < truth.shape[1])
    left[ended["unit"].to_numpy(np.intp)[seen], month[seen]] = True
    return left


def _around(area: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether it holds in any month up to MONTHS before or after."""
    wide = np.pad(area, ((0, 0), (MONTHS, MONTHS)))
    windows = np.lib.stride_tricks.sliding_window_view(wide, 2 * MONTHS + 1, axis=1)
    return np.asarray(windows.any(axis=2))
