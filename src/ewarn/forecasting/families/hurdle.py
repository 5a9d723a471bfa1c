"""Two regressions: whether there is a count at all, and how many if there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from scipy.special import expit
from scipy.stats import nbinom
from statsmodels.discrete.truncated_model import TruncatedLFNegativeBinomialP

from ewarn.forecasting.distribution import Distribution, midpoints, share_at_or_above
from ewarn.forecasting.families import Rows, Training, _fewer, _glm
from ewarn.forecasting.families._by_lead import ByLead
from ewarn.forecasting.families._regressors import Matrix, observed

_FILE = "hurdle.json"

Floats = NDArray[np.float64]


class Parameters(BaseModel):
    """What a model spec may set: nothing, its columns are all there is to choose."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Lead:
    """One lead: `any` is the log odds of a count above 0; above 0, counts follow a negative
    binomial without its zeros, of log mean `many`. The odds are used as they are: no row is
    declared quiet, every row keeps its chance of violence.
    """

    any: _glm.Regression
    many: _glm.Regression
    dispersion: float

    def forecast(self, rows: Rows) -> Distribution:
        """Quantiles of each row's mixture of zero and counts above it."""
        likely, mean = (part[:, None] for part in self._likely_and_mean(rows))
        return Distribution.of(_quantiles(1 - midpoints(), likely, mean, self.dispersion))

    def p_ge(self, rows: Rows, count: NDArray[np.integer]) -> Floats:
        """Return those draws' share at or above a count a row."""
        likely, mean = self._likely_and_mean(rows)
        size, spread = 1 / self.dispersion, 1 + self.dispersion * mean
        above = nbinom.sf(count - 1, size, 1 / spread) / _not_zero(size, spread)
        return share_at_or_above(1 - likely * above)

    def _likely_and_mean(self, rows: Rows) -> tuple[Floats, Floats]:
        return expit(self.any.linear(rows)), np.exp(self.many.linear(rows))

    def to_json(self) -> dict[str, Any]:
        """Return every weight, by column."""
        return {
            "any": self.any.to_json(),
            "many": self.many.to_json(),
            "dispersion": self.dispersion,
        }


def fit(training: Training, parameters: Parameters) -> ByLead:  # noqa: ARG001
    """Return a logit and a truncated negative binomial a lead, on the rows without a missing
    feature.

    Columns that the rows do not bear are left out (`_fewer`). Raises BadInput, naming the column,
    when one cannot be used for another reason, or a fit does not converge.
    """
    return ByLead(_FILE, {lead: _fit(rows, outcome) for lead, rows, outcome in training.each()})


def load(files: Mapping[str, str]) -> ByLead:
    """Return the model that `dump` wrote."""
    return ByLead.of(_FILE, files, _load)


def _fit(rows: Rows, outcome: Matrix) -> Lead:
    matrix, counts = observed(rows, outcome)
    some = counts > 0
    which = "training rows with a count above 0"
    model = TruncatedLFNegativeBinomialP

    def fit_many(names: Sequence[str], matrix: Matrix) -> _fewer.Fitted:
        return _glm.fit_counts(model, names, matrix, counts[some], which)

    def fit_any(names: Sequence[str], matrix: Matrix) -> _fewer.Fitted:
        return _glm.fit_odds(names, matrix, some), 0.0

    many, dispersion = _fewer.fitted(fit_many, rows.names, matrix[some], f"lead {rows.lead}, many")
    likely, _ = _fewer.fitted(fit_any, rows.names, matrix, f"lead {rows.lead}, any")
    return Lead(likely, many, dispersion)


def _load(one: dict[str, Any]) -> Lead:
    any_, many = (_glm.Regression.from_json(one[name]) for name in ("any", "many"))
    return Lead(any_, many, one["dispersion"])


def _quantiles(above: Floats, likely: Floats, mean: Floats, dispersion: float) -> Floats:
    """Return the counts that a share `above` of each row's distribution exceeds, (n, shares)."""
    size, spread = 1 / dispersion, 1 + dispersion * mean
    of_many = np.minimum(above / likely, 1)
    count = np.maximum(nbinom.isf(of_many * _not_zero(size, spread), size, 1 / spread), 1)
    return np.where(above < likely, count, 0)


def _not_zero(size: float, spread: Floats) -> Floats:
    """Return the share above 0 of the negative binomial before truncation."""
    return np.asarray(-np.expm1(-size * np.log(spread)), np.float64)
