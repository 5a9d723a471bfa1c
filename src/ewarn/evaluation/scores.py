"""Score forecasts on outcomes: plain functions, with the field's formulas."""

from collections.abc import Sequence

import numpy as np
import scoringrules
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from ewarn.forecasting.distribution import Distribution

RESAMPLES = 10_000
_CHUNK = 20_000  # rows scored at once; bounds the memory

Floats = NDArray[np.floating]


def crps(distribution: Distribution, outcome: Floats) -> NDArray[np.float64]:
    """Return the continuous ranked probability score of each row, in counts, (n,); 0 is perfect.

    E|X - y| - E|X - X'| / 2 over the draws X, X' (Gneiting and Raftery 2007, equation 21).
    """
    return _crps(distribution.draws, outcome)


def crps_log1p(distribution: Distribution, outcome: Floats) -> NDArray[np.float64]:
    """Return the CRPS of log(1 + count), (n,), in which a few huge counts do not own the mean."""
    return _crps(np.log1p(distribution.draws), np.log1p(outcome))


def brier(probability: Floats, happened: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the squared error of each probability, (n,); 0 is perfect (Brier 1950)."""
    score: NDArray[np.float64] = scoringrules.brier_score(happened.astype(float), probability)
    return score


def average_precision(probability: Floats, happened: NDArray[np.bool_]) -> float:
    """Precision averaged over recall, 0 to 1, as rows are taken by falling probability.

    A forecaster without skill gets the share of rows where it happened. NaN where it never did.
    """
    if not happened.any():
        return float("nan")
    return float(average_precision_score(happened, probability))


def coverage(distribution: Distribution, outcome: Floats, share: float = 0.9) -> NDArray[np.bool_]:
    """Return whether the central interval of that share, ends included, holds each outcome, (n,).

    Where zeros are many it holds more than its share even of right forecasts: with P(0) = 0.97 the
    90 % interval is 0 to 0, and holds 97 %. `pit` shares out the probability of such a count.
    """
    low, high = distribution.quantile([(1 - share) / 2, (1 + share) / 2]).T
    held: NDArray[np.bool_] = (low <= outcome) & (outcome <= high)
    return held


def pit(
    distribution: Distribution, outcome: Floats, seed: int | Sequence[int]
) -> NDArray[np.float64]:
    """Return the randomised probability integral transform of each outcome, 0 to 1, (n,).

    Uniform if the forecasts are right: a uniform draw between P(X < y) and P(X <= y), as counts
    jump (Czado, Gneiting and Held 2009, equation 1). The same seed gives the same numbers; give
    each origin and lead its own, or a unit has the same luck in all of them.
    """
    observed = np.asarray(outcome)[:, None]
    below = (distribution.draws < observed).mean(axis=1)
    up_to = (distribution.draws <= observed).mean(axis=1)
    luck = np.random.default_rng(seed).random(len(observed))
    placed: NDArray[np.float64] = below + luck * (up_to - below)
    return placed


def rps(probabilities: Floats, happened: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the ranked probability score of ordered classes, (n,): 0 is perfect, classes - 1 the
    worst.

    The sum over classes of squared differences between the forecast's cumulative probability, from
    `probabilities` (n, classes), and what happened, a class's place (Epstein 1969; Murphy 1971).
    """
    reached = np.arange(probabilities.shape[1]) >= np.asarray(happened)[:, None]
    score: NDArray[np.float64] = ((probabilities.cumsum(axis=1) - reached) ** 2).sum(axis=1)
    return score


def precision_at_top(score: Floats, happened: NDArray[np.bool_], n: int = 20) -> float:
    """Return the share of the n rows of highest score where it happened, 0 to 1.

    Rows of equal score at the edge count in equal parts: it is what a random order of them would
    give on average. With fewer than n rows, all are taken; NaN without any.
    """
    n = min(n, len(score))
    if not n:
        return float("nan")
    edge = np.sort(score)[-n]
    above, level = score > edge, score == edge
    places = n - int(above.sum())
    return float((happened[above].sum() + places * happened[level].mean()) / n)


def share_of_top(outcome: Floats, score: Floats, n: int = 10) -> float:
    """Return the share of the summed score that the n rows with the largest outcomes own, 0 to 1.

    Of equal outcomes the larger score comes first. NaN where all scores are 0.
    """
    total = float(score.sum())
    top = np.lexsort((-score, -outcome))[:n]
    return float(score[top].sum()) / total if total else float("nan")


def paired_interval(difference: Floats, seed: int = 0, level: float = 0.9) -> tuple[float, float]:
    """Return the interval of that level for the mean difference of two models' scores, one an
    origin.

    Percentile bootstrap over origins (Efron 1979): leads and units of an origin stay together,
    as they share their shocks. NaN with fewer than two origins.
    """
    if len(difference) < 2:
        return float("nan"), float("nan")
    drawn = np.random.default_rng(seed).choice(difference, (RESAMPLES, len(difference)))
    low, high = np.quantile(drawn.mean(axis=1), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _crps(draws: Floats, outcome: Floats) -> NDArray[np.float64]:
    # "qd" is exact for the draws as they are, and needs no pairs of draws; "fair" asks for them.
    starts = range(0, len(draws), _CHUNK)
    parts = (slice(start, start + _CHUNK) for start in starts)
    scored = [
        scoringrules.crps_ensemble(
            np.asarray(outcome[part], np.float64),
            np.asarray(draws[part], np.float64),
            estimator="qd",
            sorted_ensemble=True,
            backend="numpy",
        )
        for part in parts
    ]
    return np.concatenate(scored) if scored else np.empty(0)
