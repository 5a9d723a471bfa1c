"""Joint draws: which draws of all units and leads belong to the same imagined future.

A future follows a past origin: where the count of a unit rose most after that origin, it has one of
the highest draws (the Schaake shuffle of Clark and others 2004, on residuals in place of counts).
Distributions of single units and leads do not change. Mixing the past with chance gave nothing on
the tuning origins (docs/forecasts.md).
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ewarn.forecasting.escalation import BASE_MONTHS

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


def places(
    history: NDArray[np.floating], codes: Sequence[str], leads: Sequence[int], count: int
) -> Places:
    """Return the place among its sorted draws that each future has, (units, leads, count).

    `history` are the counts of the past, (units, months). Where residuals are equal, as in quiet
    units, the order is random, and depends on the unit's code alone.
    """
    residuals = _residuals(np.asarray(history, np.float64), leads, count)
    ties = (_ties(code, len(leads), count) for code in codes)
    return np.stack([_of_unit(residuals[:, unit], one) for unit, one in enumerate(ties)])


def _of_unit(residuals: Floats, ties: Floats) -> Places:
    """Return the places of one unit, (leads, count), from its residuals, (origins, leads)."""
    if not len(residuals):
        return _ranks(ties, ties)
    return _ranks(residuals[np.arange(ties.shape[1]) % len(residuals)].T, ties)


def _residuals(history: Floats, leads: Sequence[int], count: int) -> Floats:
    """Return how counts differed from the mean of the year before, on the scale of log(1 + count),
    (origins, units, leads), of the newest origins whose outcomes are all known, at most `count`.
    """
    units, months = history.shape
    newest, oldest = months - 1 - max(leads), BASE_MONTHS - 1
    at = np.arange(max(oldest, newest - count + 1), newest + 1)
    total = np.cumsum(np.hstack([np.zeros((units, 1)), history]), axis=1)
    base = (total[:, at + 1] - total[:, at + 1 - BASE_MONTHS]) / BASE_MONTHS
    each = [np.log1p(history[:, at + lead]) - np.log1p(base) for lead in leads]
    return np.stack(each, axis=-1).transpose(1, 0, 2)


def _ranks(values: Floats, ties: Floats) -> Places:
    """Return the rank of each value in its row, from 0; equal ones in the order of `ties`."""
    return np.asarray(np.argsort(np.lexsort((ties, values), axis=-1), axis=-1), np.intp)


def _ties(code: str, leads: int, count: int) -> Floats:
    """Return random numbers that the code determines, in whatever order units come."""
    seed = int.from_bytes(hashlib.sha256(code.encode()).digest()[:16], "big")
    return np.random.default_rng(seed).random((leads, count))
