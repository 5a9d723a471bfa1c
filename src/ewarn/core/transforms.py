"""Transforms of unit x month arrays; every one looks back only.

Each public function is a transform a feature set may name: "mean 12" is `mean(values, 12)`. All
take float (units, months), where NaN is a month nobody observed, and return the same shape. A
window that is not wholly observed gives NaN: a gap is never read as zero.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

Array = NDArray[np.floating[Any]]
LONG_AGO = 120  # months; anything further back counts the same


def lag(values: Array, months: int) -> Array:
    """Return the value `months` earlier."""
    shifted = np.full_like(values, np.nan)
    shifted[:, months:] = values[:, : _before(values, months)]
    return shifted


def sum(values: Array, months: int) -> Array:
    """Return the sum over the last `months`, this one included."""
    seen = ~np.isnan(values)
    total = _window(np.where(seen, values, 0), months)
    whole = _window(seen.astype(float), months) == months
    return np.where(whole, total, np.nan)


def mean(values: Array, months: int) -> Array:
    """Return the mean over the last `months`."""
    return sum(values, months) / months


def max(values: Array, months: int) -> Array:
    """Return the largest value in the last `months`."""
    largest = values.copy()
    for back in range(1, months):
        largest = np.maximum(largest, lag(values, back))
    return largest


def decay(values: Array, half_life: float) -> Array:
    """Return the mean of all observed months so far, weighing half as much every `half_life`
    months.
    """
    keep = 0.5 ** (1 / half_life)
    seen = ~np.isnan(values)
    total = lfilter([1.0], [1.0, -keep], np.where(seen, values, 0.0), axis=1)
    weight = lfilter([1.0], [1.0, -keep], seen.astype(float), axis=1)
    with np.errstate(invalid="ignore"):
        decayed: Array = np.where(seen, total / weight, np.nan)
    return decayed


def decay_log(values: Array, half_life: float) -> Array:
    """Return the same of log(1 + value), in which one huge month does not own the mean."""
    return decay(np.log1p(values), half_life)


def often(values: Array, half_life: float) -> Array:
    """Return the same of whether the value was at least 1: a share of the months, 0 to 1."""
    return decay(np.where(np.isnan(values), np.nan, values >= 1), half_life)


def months_since(values: Array, threshold: float) -> Array:
    """Return months since the value was last at or above `threshold`: 0 this month, at most 120."""
    column = np.arange(values.shape[1])
    reached = np.where(values >= threshold, column, -LONG_AGO)
    since = column - np.maximum.accumulate(reached, axis=1)
    return np.where(np.isnan(values), np.nan, np.minimum(since, LONG_AGO))


def change(values: Array, months: int) -> Array:
    """Return the value less the one `months` earlier."""
    return values - lag(values, months)


def lost(values: Array, months: int) -> Array:
    """Return the sum of the falls from month to month over the last `months`, rises left out."""
    return sum(np.maximum(-change(values, 1), 0), months)


def _window(values: Array, months: int) -> Array:
    # Counts stay below 2**53, so that differences of cumulative sums in double are exact.
    total = np.cumsum(values, axis=1, dtype=np.float64)
    total[:, months:] -= total[:, : _before(values, months)].copy()
    return total


def _before(values: Array, months: int) -> int:
    return int(np.maximum(values.shape[1] - months, 0))
