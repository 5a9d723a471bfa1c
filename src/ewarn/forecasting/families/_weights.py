"""Weights and levels of the members of a mixture, from their past forecasts and the outcomes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from ewarn.forecasting.distribution import Distribution, midpoints

Floats = NDArray[np.float64]

# Counts at which distributions are compared; from one to the next they are taken as constant.
GRID = np.unique(np.round(np.append(0, np.geomspace(1, 3000, 36))))
_NEXT = np.append(GRID[1:], GRID[-1] + 1)
_WIDTHS = (_NEXT - GRID, np.log1p(_NEXT) - np.log1p(GRID))  # of a count, of log(1 + count)
_SUM_TO_ONE = 1e4
_LEVELS = np.linspace(0, 1, 1001)


def errors(members: Sequence[Distribution], outcome: NDArray[np.float32]) -> Floats:
    """Return the quadratic form of the scores of weights w: w' E[k] w is the mean CRPS of the
    mixture, in counts for k = 0 and in log(1 + count) for k = 1; (2, members, members).

    The CRPS is the integral of (F(x) - 1{y <= x})^2, and F of a mixture is linear in the weights.
    """
    happened = outcome[:, None] <= GRID
    misses = np.stack([_cumulative(member) - happened for member in members])
    return np.stack([np.einsum("ing,jng,g->ij", misses, misses, width) for width in _WIDTHS]) / len(
        outcome
    )


def weights(errors: Floats) -> Floats:
    """Return the weights from 0, summing to 1, of the least CRPS, counts and logarithms in equal
    parts.
    """
    scaled = sum(error / np.trace(error) for error in errors)
    root = np.linalg.cholesky(scaled + 1e-9 * np.eye(len(scaled)))
    rows = np.vstack([root.T, np.full(len(scaled), _SUM_TO_ONE)])
    found, _ = nnls(rows, np.append(np.zeros(len(scaled)), _SUM_TO_ONE))
    return np.asarray(found / found.sum(), np.float64)


def transform(below: Floats, up_to: Floats) -> Floats:
    """Return how often outcomes lay at or below each of 1,001 levels of their forecasts, from 0 to
    1.

    `below` and `up_to` are P(count < y) and P(count <= y), (n,). The probability integral transform
    without its randomness: an outcome's share is spread evenly over the levels it takes up
    (Czado, Gneiting & Held 2009, Biometrics 65).
    """
    chosen = np.maximum(up_to - below, 1e-6)[:, None]
    return np.asarray(np.clip((_LEVELS - below[:, None]) / chosen, 0, 1).mean(axis=0), np.float64)


def levels(transform: Floats) -> Floats:
    """Return the levels at which to read a forecast so that its draws are equally likely,
    (DRAWS,).
    """
    rising = np.maximum.accumulate(transform) + 1e-9 * _LEVELS
    return np.interp(midpoints(), rising, _LEVELS)


def _cumulative(member: Distribution) -> Floats:
    return np.stack([(member.draws <= count).mean(axis=1) for count in GRID], axis=1)
