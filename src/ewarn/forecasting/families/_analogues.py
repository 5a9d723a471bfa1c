"""Turn a prediction into draws: the outcomes that followed similar past predictions."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ewarn.forecasting.distribution import Distribution

KNOTS = 200

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Analogues:
    """What tends to follow a prediction of log(1 + count): the outcomes that followed the
    predictions nearest to it, as draws at `knots`, (k,) rising, `draws` being (k, DRAWS).
    """

    knots: NDArray[np.float64]
    draws: NDArray[np.float64]

    @classmethod
    def of(
        cls, predictions: NDArray[np.float64], outcomes: Floats, weights: Floats, window: int
    ) -> Self:
        """Return the table of those predictions, which must not have seen the outcomes they go
        with; each stands for as many rows as its weight, and the nearest `window` of them are near.
        """
        order = np.argsort(predictions, kind="stable")
        ordered, followed, weight = predictions[order], outcomes[order], weights[order]
        knots = np.unique(ordered[_places(len(ordered))])
        draws = []
        for knot in knots:
            near = _near(ordered, knot, window)
            moved = _move(followed[near], knot - ordered[near])
            draws.append(Distribution.weighted(moved[None], weight[near]).draws)
        return cls(knots, np.concatenate(draws, dtype=np.float64))

    def look_up(self, predictions: NDArray[np.float64]) -> Distribution:
        """Return the distribution of each prediction, between those of the knots on either side."""
        place = np.interp(predictions, self.knots, np.arange(len(self.knots)))
        lower = np.floor(place).astype(np.intp)
        upper = np.minimum(lower + 1, len(self.knots) - 1)
        low, high = self.draws[lower], self.draws[upper]
        between = low + (place - lower)[:, None] * (high - low)
        beyond = np.maximum(predictions - self.knots[-1], 0)
        return Distribution.of(_move(between, beyond[:, None]))

    def to_json(self) -> dict[str, Any]:
        """Return the table as lists."""
        return {"knots": self.knots.tolist(), "draws": self.draws.astype(int).tolist()}

    @classmethod
    def from_json(cls, text: dict[str, Any]) -> Self:
        """Return the object that `to_json` wrote."""
        return cls(np.array(text["knots"]), np.array(text["draws"], np.float64))


def _places(number: int) -> NDArray[np.intp]:
    # Evenly spaced in the logarithm of how many rows lie above: the many quiet rows are all
    # alike, and the few violent ones are not.
    return number - np.unique(np.geomspace(1, number, KNOTS).astype(np.intp))


def _near(ordered: NDArray[np.float64], knot: float, window: int) -> slice:
    # All rows with an equal prediction come along, or those of the first months would win.
    alike = _block(ordered, knot, knot)
    start = (alike.start + alike.stop - window) // 2
    start = max(0, min(start, len(ordered) - window))
    last = min(start + window, len(ordered)) - 1
    return _block(ordered, ordered[start], ordered[last])


def _block(ordered: NDArray[np.float64], first: float, last: float) -> slice:
    start = np.searchsorted(ordered, first, side="left")
    return slice(int(start), int(np.searchsorted(ordered, last, side="right")))


def _move(counts: Floats, distance: Floats) -> Floats:
    """Return counts moved by a distance in log(1 + count), to the nearest whole count from 0."""
    return np.rint(np.maximum(np.expm1(np.log1p(counts) + distance), 0))
