"""Probabilities of reaching counts: how often the past reached them, and draws made of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ewarn.distribution import Distribution, midpoints
from ewarn.families import Rows

Floats = NDArray[np.float64]

COUNTS = np.array([1, 2, 3, 5, 8, 13, 25, 50, 100, 250])
_NEXT = np.append(COUNTS[1:], 100_000)  # no month of a unit in any source comes near that
_TAIL_FROM = 100  # counts from which outcomes of all units tell how the tail falls
_LEAST, _MOST = 1.0, 4.0  # bounds of the tail's exponent, 1 being a mean without end
# Shares of the unit's own past by half-life in months, and of its country's: chosen by least CRPS
# on origins before 2013-12, where they hardly differed by lead or stratum.
_OWN = {6: 0.5, 60: 0.28}
_COUNTRY = {6: 0.22}


def past(rows: Rows) -> Floats:
    """The share of months in which each row's past reached each of COUNTS, (n, counts): of the
    unit and of its country, the latest months weighing most.
    """
    month, column = np.unique(rows.month, return_inverse=True)
    own, common = (_weights(rows.target.shape[1], month, shares) for shares in (_OWN, _COUNTRY))
    member = (rows.country == np.unique(rows.country)[:, None]).astype(np.float32)
    mean = member.T @ (member / member.sum(axis=1, keepdims=True))
    shares = np.empty((len(rows.unit), len(COUNTS)))
    for place, count in enumerate(COUNTS):
        reached = (rows.target >= count).astype(np.float32)
        shares[:, place] = (reached @ own + mean @ (reached @ common))[rows.unit, column]
    return shares


def _weights(span: int, month: NDArray[np.intp], shares: dict[int, float]) -> NDArray[np.float32]:
    """What each of `span` months weighs in the past of those months, (span, months)."""
    age = month - np.arange(span)[:, None]
    total = np.zeros(age.shape)
    for half_life, share in shares.items():
        weight = np.where(age >= 0, 0.5 ** (np.maximum(age, 0) / half_life), 0)
        total += share * weight / weight.sum(axis=0)
    return total.astype(np.float32)


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
        """The distributions with P(count >= c) = `above`, (n, counts), for c of COUNTS.

        Between those counts the logarithm of the probability is linear in that of the count.
        """
        above = np.minimum.accumulate(np.clip(above, 1e-12, 1), axis=1)
        log_above, share = np.log(above), 1 - midpoints()
        found = np.zeros((len(above), len(share)))
        for place, count in enumerate(COUNTS):
            beyond = share <= above[:, place, None]
            fall = (log_above[:, place, None] - np.log(share)) * self._pace(log_above, place)
            reached = count * np.exp(np.clip(fall, 0, np.log(_NEXT[place] / count)))
            found = np.where(beyond, reached, found)
        return Distribution.of(np.floor(found + 1e-9))

    def _pace(self, log_above: Floats, place: int) -> Floats | float:
        """How far the log count goes as the log probability falls by one, (n, 1)."""
        if place + 1 == len(COUNTS):
            return 1 / self.exponent
        drop = np.maximum(log_above[:, place] - log_above[:, place + 1], 1e-9)
        return np.asarray(np.log(COUNTS[place + 1] / COUNTS[place]) / drop)[:, None]
