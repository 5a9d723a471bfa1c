"""A negative binomial regression of the count: the plain model whose weights one can read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy.stats import nbinom
from statsmodels.discrete.discrete_model import NegativeBinomialP

from ewarn.forecasting.distribution import Distribution, midpoints, share_at_or_above
from ewarn.forecasting.families import Rows, Training, _glm
from ewarn.forecasting.families._by_lead import ByLead
from ewarn.forecasting.families._regressors import Matrix, observed

_FILE = "negbin.json"


class Parameters(BaseModel):
    """What a model spec may set.

    With power 1 (NB1) violence comes in clusters, and a larger mean means more of them; with
    power 2 (NB2) each is larger, and where a few massacres lie among many zeros the fit gives
    large means and does not believe them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    power: Literal[1, 2] = Field(default=1, description="of the mean, in the variance")


@dataclass(frozen=True)
class Lead:
    """One lead: log mean = linear predictor, variance = mean + dispersion * mean ** power."""

    mean: _glm.Regression
    dispersion: float
    power: int

    def forecast(self, rows: Rows) -> Distribution:
        """Quantiles of each row's negative binomial."""
        size, share = self._size_and_share(rows)
        return Distribution.of(nbinom.ppf(midpoints(), size[:, None], share[:, None]))

    def p_ge(self, rows: Rows, count: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return those draws' share at or above a count a row."""
        return share_at_or_above(nbinom.cdf(count - 1, *self._size_and_share(rows)))

    def _size_and_share(self, rows: Rows) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        mean = np.exp(self.mean.linear(rows))
        size = mean ** (2 - self.power) / self.dispersion
        return size, size / (size + mean)

    def to_json(self) -> dict[str, Any]:
        """Return every weight, by column."""
        return {
            "power": self.power,
            "dispersion": self.dispersion,
            "mean": self.mean.to_json(),
        }


def fit(training: Training, parameters: Parameters) -> ByLead:
    """Return a negative binomial a lead, by maximum likelihood, on the rows without a missing
    feature.

    Raises BadInput, naming the column, when a column cannot be used or a fit does not converge.
    """
    power = parameters.power
    return ByLead(
        _FILE, {lead: _fit(rows, outcome, power) for lead, rows, outcome in training.each()}
    )


def load(files: Mapping[str, str]) -> ByLead:
    """Return the model that `dump` wrote."""
    return ByLead.of(_FILE, files, _load)


def _fit(rows: Rows, outcome: Matrix, power: int) -> Lead:
    matrix, counts = observed(rows, outcome)
    model = partial(NegativeBinomialP, p=power)
    mean, dispersion = _glm.fit_counts(model, rows.names, matrix, counts, "training rows")
    return Lead(mean, dispersion, power)


def _load(one: dict[str, Any]) -> Lead:
    return Lead(_glm.Regression.from_json(one["mean"]), one["dispersion"], one["power"])
