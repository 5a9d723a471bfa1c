"""Fit a regression on fewer columns where the training rows do not bear all of them."""

import logging
from collections.abc import Callable, Sequence

import numpy as np

from ewarn.forecasting.families._glm import Regression
from ewarn.forecasting.families._regressors import Columns, Matrix, TooMany

Fitted = tuple[Regression, float]  # with its dispersion, 0 where it has none
Fit = Callable[[Sequence[str], Matrix], Fitted]

_log = logging.getLogger(__name__)


def fitted(fit: Fit, names: Sequence[str], matrix: Matrix, which: str) -> Fitted:
    """Return the fit on all columns, or on as many as it bears; those left out have weight 0.

    A column that separates the outcomes alone is left out; where there are too few rows for so many
    columns, the last one is. Small countries need this. A warning names the columns left out; where
    not even one can stay, the first error is raised.
    """
    kept, errors = list(names), list[TooMany]()
    while kept:
        try:
            found, dispersion = fit(kept, matrix[:, [names.index(name) for name in kept]])
        except TooMany as error:
            errors.append(error)
            named = error.where.removeprefix("column ")
            kept.remove(named if named in kept else kept[-1])
            continue
        if errors:
            left = ", ".join(name for name in names if name not in kept)
            _log.warning("%s: left out %s (%s)", which, left, errors[0])
        return _widened(found, names), dispersion
    raise errors[0]


def _widened(found: Regression, names: Sequence[str]) -> Regression:
    """Return the same regression over all of the names."""
    places = [names.index(name) for name in found.columns.names]
    centre, scale, weights = np.zeros(len(names)), np.ones(len(names)), np.zeros(len(names))
    centre[places], scale[places] = found.columns.centre, found.columns.scale
    weights[places] = found.weights[1:]
    columns = Columns(tuple(names), centre, scale)
    every = np.concatenate([found.weights[:1], weights])
    return Regression(columns, every, found.lowest, found.highest)
