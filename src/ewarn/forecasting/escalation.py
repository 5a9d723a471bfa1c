"""Classify counts by their change from the unit's base, and compute the risk of escalation."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ewarn.core.errors import BadInput
from ewarn.core.specs import Thresholds
from ewarn.forecasting.distribution import Distribution

CLASSES = ("large_decrease", "decrease", "stable", "increase", "large_increase")
BASE_MONTHS = 12  # the months before, whose mean is the base

_LARGE_DECREASE, _DECREASE, _STABLE, _INCREASE, _LARGE_INCREASE = range(len(CLASSES))

Floats = NDArray[np.floating]


def base(history: Floats) -> NDArray[np.float64]:
    """Return the usual monthly count, (n,): the mean over the observed months of `history`, (n,
    12).

    Raises BadInput when a row has no observed month.
    """
    observed = ~np.isnan(history)
    months = observed.sum(axis=1)
    if not months.all():
        what = f"{int((months == 0).sum())} rows without an observed month"
        raise BadInput("history", what, f"a count in at least one of the last {BASE_MONTHS} months")
    baseline_draws: NDArray[np.float64] = (
        np.where(observed, history, 0).sum(axis=1, dtype=float) / months
    )
    return baseline_draws


def is_onset(history: Floats) -> NDArray[np.bool_]:
    """Return whether violence would be new, (n,): no count above 0 in `history`, (n, 12)."""
    return np.asarray(~(history > 0).any(axis=1))


def classify(outcome: ArrayLike, base: ArrayLike, thresholds: Thresholds) -> NDArray[np.int8]:
    """Return the place in CLASSES of each outcome's change from its base, shaped as they broadcast.

    A change is outcome - base. It counts when it is at least max(floor, share * base), and is
    large when at least max(large_floor, large_share_up or large_share_down * base); large wins.
    """
    baseline_draws = np.asarray(base, np.float64)
    change = np.asarray(outcome, np.float64) - baseline_draws
    some = np.maximum(thresholds.floor, thresholds.share * baseline_draws)
    large_up = np.maximum(thresholds.large_floor, thresholds.large_share_up * baseline_draws)
    large_down = np.maximum(thresholds.large_floor, thresholds.large_share_down * baseline_draws)
    place = np.full(change.shape, _STABLE, np.int8)
    place[change >= some] = _INCREASE
    place[-change >= some] = _DECREASE
    place[change >= large_up] = _LARGE_INCREASE
    place[-change >= large_down] = _LARGE_DECREASE
    return place


def is_escalation(outcome: ArrayLike, base: ArrayLike, thresholds: Thresholds) -> NDArray[np.bool_]:
    """Return whether each outcome is an increase on its base, large or not, shaped as
    `classify`.
    """
    return np.asarray(classify(outcome, base, thresholds) > _STABLE)


def least_increase(base: Floats, thresholds: Thresholds) -> NDArray[np.int64]:
    """Return the smallest count that is an increase on each base, large or not, (n,)."""
    some = np.maximum(thresholds.floor, thresholds.share * base)
    large = np.maximum(thresholds.large_floor, thresholds.large_share_up * base)
    need = np.minimum(some, large)
    count = np.ceil(base + need)
    # As `classify` has it: a sum and a difference may round to different sides of a whole count.
    count -= count - 1 - base >= need
    count += count - base < need
    return np.asarray(count, np.int64)


def probabilities(
    distribution: Distribution, base: Floats, thresholds: Thresholds
) -> NDArray[np.float64]:
    """Return the probability of each of CLASSES, (n, 5); each row sums to 1."""
    places = classify(distribution.draws, base[:, None], thresholds)
    each = [(places == place).mean(axis=1) for place in range(len(CLASSES))]
    return np.stack(each, axis=1)


def risk(probabilities: Floats) -> NDArray[np.float64]:
    """Return the risk of escalation, (n,): P(increase) + P(large_increase)."""
    total: NDArray[np.float64] = probabilities[:, _INCREASE:].sum(axis=1, dtype=np.float64)
    return total
