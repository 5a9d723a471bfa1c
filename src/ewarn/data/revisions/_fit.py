"""Fit the figures of a revision model on pairs of reported and final deaths."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from ewarn.data.revisions._figures import (
    EDGES,
    LEVELS,
    Branch,
    Figures,
    Floats,
    Revisions,
    size_class,
)

KAPPA = 4.0  # chosen, as NEAR, by cross-validation over the quarters of 2023
NEAR = 0.3  # the weight of pairs of the classes beside
_PRIOR = np.log(3.0)  # the shift from 0 where none of that class was ever seen: two deaths


def fit(pairs: pd.DataFrame) -> Revisions:
    """Return the model of pairs: a row a country-month, with `age`, `country`, `reported`
    and `final` deaths.
    """
    by_age = {str(age): _figures(some) for age, some in pairs.groupby("age", sort=True)}
    return Revisions(by_age, _correlation(pairs))


def _figures(pairs: pd.DataFrame) -> Figures:
    reported, final = (pairs[name].to_numpy(np.float64) for name in ("reported", "final"))
    classes = tuple(_of_class(one, reported, final) for one in range(len(EDGES) + 1))
    some = pairs[pairs["reported"] > 0]
    countries = {str(code): _of_country(own) for code, own in some.groupby("country", sort=True)}
    return Figures(classes, countries, KAPPA)


def _of_class(one: int, reported: Floats, final: Floats) -> Branch:
    distance = np.abs(size_class(reported) - one)
    weight = np.select([distance == 0, distance == 1], [1.0, NEAR], 0.0)
    weight[(reported == 0) != (one == 0)] = 0
    weight[(distance > 0) & (reported == 0)] = 0
    return _branch(int((distance == 0).sum()), weight, reported, final)


def _of_country(own: pd.DataFrame) -> Branch:
    reported, final = (own[name].to_numpy(np.float64) for name in ("reported", "final"))
    return _branch(len(own), np.ones(len(own)), reported, final)


def _branch(n: int, weight: Floats, reported: Floats, final: Floats) -> Branch:
    gone = (weight * (final == 0)).sum() / weight.sum() if weight.any() else 0.0
    some = (weight > 0) & (final > 0)
    if not some.any():
        shift = 0.0 if (reported > 0).any() else float(_PRIOR)
        return Branch(n, round(float(gone), 4), (shift,) * len(LEVELS))
    shifts = np.log1p(final[some]) - np.log1p(reported[some])
    found = _quantiles(shifts, weight[some])
    return Branch(n, round(float(gone), 4), tuple(float(one) for one in np.round(found, 4)))


def _quantiles(values: Floats, weight: Floats) -> Floats:
    """Return weighted quantiles at LEVELS, each value standing at the middle of its weight."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weight[order])
    middle: NDArray[np.float64] = (total - weight[order] / 2) / total[-1]
    return np.asarray(np.interp(LEVELS, middle, values[order]), np.float64)


def _correlation(pairs: pd.DataFrame) -> float:
    """Return the mean product of normal scores of shifts of two months of a country, from 0."""
    some = pairs[pairs["reported"] > 0]
    shift = np.log1p(some["final"]) - np.log1p(some["reported"])
    groups = [some["age"], size_class(some["reported"])]
    rank = shift.groupby(groups).rank() / (shift.groupby(groups).transform("size") + 1)
    score = pd.Series(norm.ppf(rank), some.index)
    own = score.groupby([some["age"], some["country"]])
    product = (own.sum() ** 2 - (score**2).groupby([some["age"], some["country"]]).sum()).sum()
    number = (own.size() * (own.size() - 1)).sum()
    return round(float(np.clip(product / number, 0, 0.99)), 3) if number else 0.0
