"""Probabilities of reaching counts: the share of past months at or above each, and draws
from them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ewarn.forecasting.distribution import Distribution, midpoints
from ewarn.forecasting.families import Rows

Floats = NDArray[np.float64]

COUNTS = np.array([1, 2, 3, 5, 8, 13, 25, 50, 100, 250])
_NEXT = np.append(COUNTS[1:], 100_000)  # no month of a unit in any source comes near that
_TAIL_FROM = 100  # counts from which outcomes of all units are used to estimate the tail
_SHARE = 1 - midpoints()  # of the distribution at or above each draw
_LEAST, _MOST = 1.0, 4.0  # bounds of the tail's exponent, 1 being a mean without end
# Shares of the unit's own past by half-life in months, and of its country's: chosen by least CRPS
# on origins before 2013-12, where they hardly differed by lead or stratum.
_OWN = {6: 0.5, 60: 0.28}
_COUNTRY = {6: 0.22}


def past(rows: Rows) -> Floats:
    """Return the share of months in which each row's past reached each of COUNTS, (n, counts): of
    the unit and of its country, the latest months weighing most.
    """
    month, column = np.unique(rows.month, return_inverse=True)
    nation = rows.unit if rows.nation is None else rows.nation
    own, common = (_weights(rows.target.shape[1], month, shares) for shares in (_OWN, _COUNTRY))
    member = (rows.country == np.unique(rows.country)[:, None]).astype(np.float64)
    mean = member.T @ (member / member.sum(axis=1, keepdims=True))
    mean = np.vstack([mean, np.zeros(len(mean))])  # the last row is that of no country, -1
    shares = np.empty((len(rows.unit), len(COUNTS)))
    for place, count in enumerate(COUNTS):
        # In double, so that units added to a target move no share of the others by a rounding.
        reached = (rows.target >= count).astype(np.float64)
        here, around = reached @ own, mean @ (reached @ common)
        shares[:, place] = here[rows.unit, column] + around[nation, column]
    return shares


def _weights(span: int, month: NDArray[np.intp], shares: dict[int, float]) -> Floats:
    """Return the weight of each of `span` months in the past of those months, (span, months)."""
    age = month - np.arange(span)[:, None]
    total = np.zeros(age.shape)
    for half_life, share in shares.items():
        weight = np.where(age >= 0, 0.5 ** (np.maximum(age, 0) / half_life), 0)
        total += share * weight / weight.sum(axis=0)
    return total


@dataclass(frozen=True)
class Tail:
    """How P(count >= c) falls beyond the highest of COUNTS: as c to the power of -exponent."""

    exponent: float

    @classmethod
    def of(cls, outcome: NDArray[np.floating]) -> "Tail":
        """From outcomes of all units over a high threshold (Hill 1975, Annals of Statistics 3)."""
        high = outcome[outcome >= _TAIL_FROM]
        steep = len(high) / np.log(high / (_TAIL_FROM - 0.5)).sum() if len(high) else _MOST
        return cls(float(np.clip(steep, _LEAST, _MOST)))

    def draws(self, above: Floats) -> Distribution:
        """Return the distributions with P(count >= c) = `above`, (n, counts), for c of COUNTS.

        Between those counts the logarithm of the probability is linear in that of the count.
        """
        log_above = _falling(above)
        found = np.zeros((len(above), len(_SHARE)))
        for place in range(len(COUNTS)):
            here = np.full(len(above), place)
            found = np.where(*self._reached(log_above, here), found)
        return Distribution.of(np.floor(found + 1e-9))

    def p_ge(self, above: Floats, count: NDArray[np.integer]) -> Floats:
        """Return the share of those draws at or above `count`, from 1, one a row, (n,)."""
        log_above = _falling(above)
        place = np.searchsorted(COUNTS, count, side="right") - 1
        beyond, reached = self._reached(log_above, place)
        is_high = beyond & (np.floor(reached + 1e-9) >= count[:, None])
        further = np.column_stack([log_above[:, 1:], np.full(len(above), -np.inf)])
        is_high |= np.log(_SHARE) <= _at(further, place)
        return np.asarray(is_high.mean(axis=1), np.float64)

    def _reached(
        self, log_above: Floats, place: NDArray[np.intp]
    ) -> tuple[NDArray[np.bool_], Floats]:
        """Return which draws reach the count at that place of COUNTS, and what those come to
        between it and the next, (n, draws) each.
        """
        fall = _at(log_above, place) - np.log(_SHARE)
        room = np.log(_NEXT / COUNTS)[place][:, None]
        moved = COUNTS[place][:, None] * np.exp(
            np.clip(fall * self._pace(log_above, place), 0, room)
        )
        return fall >= 0, moved

    def _pace(self, log_above: Floats, place: NDArray[np.intp]) -> Floats:
        """Return how far the log count goes as the log probability falls by one, (n, 1)."""
        drop = np.maximum(log_above[:, :-1] - log_above[:, 1:], 1e-9)
        between = np.log(COUNTS[1:] / COUNTS[:-1]) / drop
        return _at(np.column_stack([between, np.full(len(drop), 1 / self.exponent)]), place)


def _falling(above: Floats) -> Floats:
    """Return the logarithms of probabilities that nowhere rise with the count."""
    return np.asarray(np.log(np.minimum.accumulate(np.clip(above, 1e-12, 1), axis=1)), np.float64)


def _at(values: Floats, place: NDArray[np.intp]) -> Floats:
    return np.take_along_axis(values, place[:, None], axis=1)
