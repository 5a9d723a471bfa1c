"""Counts as equally likely draws, and every number that is read from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

DRAWS = 200  # draws a row, where a family can give any number
_ROUNDING = 1e-9  # what sums of weights may be off by
LEVELS = np.arange(1, 100) / 100  # the quantile levels that are written out


def midpoints(number: int = DRAWS) -> NDArray[np.float64]:
    """Return the levels at which draws stand for equal shares of a distribution, (number,).

    Of all choices they have the least CRPS (Bracher and others 2021). They stop short of the
    highest half share, so the mean of draws is a little low where a tail is heavy: measured, by
    2 to 8 % for 200 draws of negative binomials with a dispersion of 12 to 60.

    >>> midpoints(4).tolist()
    [0.125, 0.375, 0.625, 0.875]
    """
    return (np.arange(number) + 0.5) / number


def share_at_or_above(below: ArrayLike, levels: ArrayLike | None = None) -> NDArray[np.float64]:
    """P(draw >= c), (n,), of the draws that `Distribution.weighted` takes at those levels, where
    `below` is the weight of the counts below c, (n,), of a total of 1.

    >>> share_at_or_above([0.75], midpoints(4)).tolist()
    [0.25]
    """
    wanted = np.atleast_2d(midpoints() if levels is None else np.asarray(levels))
    share: NDArray[np.float64] = (wanted - _ROUNDING > np.asarray(below)[:, None]).mean(axis=1)
    return share


@dataclass(frozen=True)
class Distribution:
    """One forecast a row: `draws` is (n, K) float32, whole counts from 0, each row sorted."""

    draws: NDArray[np.float32]

    @classmethod
    def of(cls, draws: ArrayLike) -> Self:
        """Return the distribution of those draws, (n, K), in any order.

        Raises ValueError where they are not whole counts.
        """
        ordered = np.sort(np.asarray(draws, np.float32), axis=1)
        if not ordered.shape[1]:
            raise ValueError("a distribution needs at least one draw a row")
        if not (np.isfinite(ordered) & (ordered >= 0) & (ordered == np.rint(ordered))).all():
            raise ValueError("draws must be whole counts from 0")
        return cls(ordered)

    @classmethod
    def weighted(
        cls, values: ArrayLike, weights: ArrayLike, levels: ArrayLike | None = None
    ) -> Self:
        """Return draws at those levels (`midpoints` by default) of distributions that give the
        counts `values`, (n, m), those weights, (n, m) or (m,), not all 0; `levels` are (k,) or (n,
        k).

        >>> Distribution.weighted([[7, 0]], [1, 3], midpoints(4)).draws.tolist()
        [[0.0, 0.0, 0.0, 7.0]]
        """
        counts = np.asarray(values, np.float32)
        order = np.argsort(counts, axis=1, kind="stable")
        heavy = np.take_along_axis(np.broadcast_to(weights, counts.shape), order, axis=1)
        share = np.cumsum(heavy, axis=1, dtype=np.float64)
        share /= share[:, -1:]
        # One search for all rows: row i's shares are made to lie between i and i + 1.
        row = np.arange(len(counts))[:, None]
        wanted = row + np.atleast_2d(midpoints() if levels is None else np.asarray(levels))
        place = np.searchsorted((share + row).ravel(), (wanted - _ROUNDING).ravel())
        place = place.reshape(wanted.shape) - row * counts.shape[1]
        place = np.take_along_axis(order, np.clip(place, 0, counts.shape[1] - 1), axis=1)
        return cls.of(np.take_along_axis(counts, place, axis=1))

    @classmethod
    def mixed(cls, parts: Sequence[Self]) -> Self:
        """Return the mixture of several distributions of the same rows, in equal parts.

        >>> Distribution.mixed([Distribution.of([[0, 0]]), Distribution.of([[4, 4]])]).p_ge(1)
        array([0.5])
        """
        if len(parts) == 1:
            return parts[0]
        draws = np.concatenate([one.draws for one in parts], axis=1)
        each = np.concatenate(
            [np.full(one.draws.shape[1], 1 / one.draws.shape[1]) for one in parts]
        )
        return cls.weighted(draws, each)

    def mean(self) -> NDArray[np.float64]:
        """Return the mean count, (n,)."""
        average: NDArray[np.float64] = self.draws.mean(axis=1, dtype=np.float64)
        return average

    def quantile(self, levels: ArrayLike) -> NDArray[np.float32]:
        """Return the smallest draw with at least that share of the draws at or below it, (n,
        levels).

        >>> Distribution.of([[0, 1, 5, 9]]).quantile([0.25, 0.26, 1.0]).tolist()
        [[0.0, 1.0, 9.0]]
        """
        number = self.draws.shape[1]
        # Rounded, because 0.07 * 100 comes out a little above 7, and would take the eighth draw.
        place = np.ceil(np.round(np.atleast_1d(levels) * number, 9)).astype(np.intp) - 1
        return self.draws[:, np.clip(place, 0, number - 1)]

    def p_ge(self, count: ArrayLike) -> NDArray[np.float64]:
        """Return the probability of at least `count`, one for all rows or one a row, (n,)."""
        share: NDArray[np.float64] = (self.draws >= np.asarray(count)[..., None]).mean(axis=1)
        return share
