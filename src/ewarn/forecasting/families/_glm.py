"""Maximise a likelihood over the weights of its columns; name the column if it does not
converge.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, minimize
from sklearn.linear_model import PoissonRegressor
from statsmodels.discrete.discrete_model import Logit
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from ewarn.forecasting.families import Rows
from ewarn.forecasting.families._regressors import (
    Columns,
    Floats,
    Matrix,
    TooMany,
    unusable,
)

_STEEPEST = 10.0  # a weight of a standardised column at which it separates the outcomes alone
_DISPERSION = 10.0  # where it starts; the logarithm is what moves, so any order of size serves
_STEPS = 500


class Likelihood(Protocol):
    """The part of a statsmodels model that is used here."""

    endog: Floats

    def loglike(self, params: Floats) -> float: ...
    def score(self, params: Floats) -> Floats: ...


Model = Callable[[Floats, Floats], Likelihood]  # takes the outcomes and the design


@dataclass(frozen=True)
class Regression:
    """A fitted linear predictor; training rows had it from `lowest` to `highest`."""

    columns: Columns
    weights: Floats
    lowest: float
    highest: float

    @classmethod
    def of(cls, columns: Columns, weights: Floats, design: Floats) -> Self:
        """Return the regression with those weights, fitted on those rows."""
        found = design @ weights
        return cls(columns, weights, float(found.min()), float(found.max()))

    def linear(self, rows: Rows) -> Floats:
        """Return the linear predictor of each row, (n,), nowhere beyond those of the training rows:
        the exponential of anything further is a guess, and overflows.
        """
        found: Floats = np.clip(self.columns.design(rows) @ self.weights, self.lowest, self.highest)
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the numbers, by column."""
        parts = (self.columns.centre, self.columns.scale, self.weights[1:])
        by_column = zip(self.columns.names, *(part.tolist() for part in parts), strict=True)
        return {
            "intercept": float(self.weights[0]),
            "lowest": self.lowest,
            "highest": self.highest,
            "columns": {
                name: {"centre": centre, "scale": scale, "weight": weight}
                for name, centre, scale, weight in by_column
            },
        }

    @classmethod
    def from_json(cls, text: dict[str, Any]) -> Self:
        """Return the object that `to_json` wrote."""
        entries = text["columns"].values()
        centre, scale, weight = (
            np.array([entry[key] for entry in entries]) for key in ("centre", "scale", "weight")
        )
        columns = Columns(tuple(text["columns"]), centre, scale)
        weights = np.concatenate([[text["intercept"]], weight])
        return cls(columns, weights, text["lowest"], text["highest"])


def fit_odds(names: Sequence[str], matrix: Matrix, happened: NDArray[np.bool_]) -> Regression:
    """Return the log odds that it happened, by a logistic regression."""
    columns = Columns.of(names, matrix, "training rows")
    design = columns.place(matrix)
    start = np.zeros(design.shape[1])
    return Regression.of(columns, maximise(Logit(happened * 1.0, design), start, names), design)


def fit_counts(
    model: Model, names: Sequence[str], matrix: Matrix, counts: Floats, which: str
) -> tuple[Regression, float]:
    """Return the log mean of a negative binomial, and its dispersion; `which` names the rows these
    are.

    It starts from a Poisson fit, which is fast, and from a dispersion as violence has it.
    """
    columns = Columns.of(names, matrix, which)
    design = columns.place(matrix)
    poisson = PoissonRegressor(alpha=1e-4, solver="newton-cholesky").fit(design[:, 1:], counts)
    weights = np.clip(poisson.coef_, -_STEEPEST / 2, _STEEPEST / 2)
    start = np.concatenate([[poisson.intercept_], weights, [_DISPERSION]])
    found = maximise(model(counts, design), start, names)
    return Regression.of(columns, found[:-1], design), float(found[-1])


def maximise(model: Likelihood, start: Floats, names: Sequence[str]) -> Floats:
    """Return the parameters of greatest likelihood: intercept, a weight a name, then any
    dispersion.

    Raises BadInput, naming the column, when there is no maximum or it is not reached.
    """
    slopes = slice(1, 1 + len(names))
    others = len(start) - slopes.stop
    rows = len(model.endog)

    def cost(params: Floats) -> tuple[float, Floats]:
        # A dispersion is moved by its logarithm: it stays positive, and takes half the steps.
        natural = _natural(params, others)
        with np.errstate(all="ignore"):  # a step too far overflows, and is taken back
            value, slope = model.loglike(natural), model.score(natural)
        slope[slopes.stop :] *= natural[slopes.stop :]
        return -value / rows, -slope / rows

    bounds = [(None, None), *[(-_STEEPEST, _STEEPEST)] * len(names), *[(-9, 9)] * others]
    first = np.concatenate([start[: slopes.stop], np.log(start[slopes.stop :])])
    # More threads than one take longer here, and three times the processor: the products are thin.
    with threadpool_limits(1, user_api="blas"):
        found = minimize(
            cost,
            first,
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": _STEPS, "ftol": 1e-8, "gtol": 1e-6},
        )
    _refuse_failure(names, found, slopes)
    return _natural(found.x, others)


def _natural(params: Floats, others: int) -> Floats:
    natural = params.copy()
    natural[len(params) - others :] = np.exp(natural[len(params) - others :])
    return natural


def _refuse_failure(names: Sequence[str], found: OptimizeResult, slopes: slice) -> None:
    steepest = int(np.abs(found.x[slopes]).argmax())
    if abs(found.x[slopes][steepest]) >= _STEEPEST:
        what = f"a weight that runs off to {found.x[slopes][steepest]:+g}"
        expected = "one that does not separate the outcomes alone"
        raise TooMany(f"column {names[steepest]}", what, expected)
    if not (found.success and np.isfinite(found.x).all()):
        worst = int(np.abs(np.nan_to_num(found.jac[slopes], nan=np.inf)).argmax())
        what = f"no convergence in {found.nit} steps, furthest from it here ({found.message})"
        raise unusable(names[worst], what, "a likelihood with a maximum")
