"""Draw final deaths of country-months from the figures of a revision model."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ewarn.data.revisions._figures import LEVELS, Branch, Floats, Revisions

_FINE = 400  # points at which a branch's quantiles are read
_AT = (np.arange(_FINE) + 0.5) / _FINE


def level(model: Revisions, reported: float, age: str, country: str, levels: Floats) -> Floats:
    """Return the quantiles of the final deaths at those levels, whole numbers from 0."""
    parts = model.of(age).branches(reported, country)
    values = np.concatenate([_values(one, reported) for _, one in parts])
    weights = np.concatenate([share * _weights(one) for share, one in parts])
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    place = np.searchsorted(below / below[-1], levels - 1e-9)
    return np.asarray(values[order][np.minimum(place, len(values) - 1)], np.float64)


def totals(
    model: Revisions, reported: Floats, ages: Sequence[str], country: str, count: int, seed: int
) -> Floats:
    """Return equally likely final deaths of a country's months, (count, months).

    Each month's draws are its quantiles at the middles of `count` equal shares, in an order of
    their own; months are correlated, as a country whose reports were low in one is in others.
    """
    common = generator(seed, country).standard_normal(count)
    own = generator(seed, country, "months").standard_normal((len(reported), count))
    share = model.correlation
    scores = np.sqrt(share) * common + np.sqrt(1 - share) * own
    middles = (np.arange(count) + 0.5) / count
    found = np.empty((count, len(reported)))
    for month, (deaths, age) in enumerate(zip(reported, ages, strict=True)):
        ranks = np.argsort(np.argsort(scores[month], kind="stable"), kind="stable")
        found[:, month] = level(model, float(deaths), age, country, middles)[ranks]
    return found


def generator(seed: int, *words: str) -> np.random.Generator:
    """Return a generator that those words determine, and no order of countries or units."""
    digest = hashlib.sha256("/".join([str(seed), *words]).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def _values(branch: Branch, reported: float) -> Floats:
    """Return 0, and the counts of a branch that does not end there."""
    ends = np.concatenate([[0.0], LEVELS, [1.0]])
    shifts = np.concatenate([branch.shifts[:1], branch.shifts, branch.shifts[-1:]])
    counts = np.rint(np.expm1(np.log1p(reported) + np.interp(_AT, ends, shifts)))
    return np.concatenate([[0.0], np.maximum(counts, 1)])


def _weights(branch: Branch) -> Floats:
    some: NDArray[np.float64] = np.full(_FINE, (1 - branch.gone) / _FINE)
    return np.concatenate([[branch.gone], some])
