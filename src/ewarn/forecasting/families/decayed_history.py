"""A unit's own past as draws that weigh less the older they are: the second baseline."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from ewarn.core.errors import BadInput
from ewarn.forecasting.distribution import Distribution, share_at_or_above
from ewarn.forecasting.families import Rows, Training

_FILE = "decayed_history.json"


class Parameters(BaseModel):
    """What a model spec may set."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    months: int = Field(default=36, ge=1, description="months up to the reference month")
    half_life: float = Field(default=6.0, gt=0, description="months that halve a month's weight")


@dataclass(frozen=True)
class DecayedHistory:
    """History alone, the latest months first in weight."""

    parameters: Parameters

    def forecast(self, rows: Rows) -> Distribution:
        """Return draws of the weighted months; a missing month has no weight.

        Raises BadInput when a row has no observed month.
        """
        return Distribution.weighted(*self._weighed(rows))

    def p_ge(self, rows: Rows, count: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return the same draws' share at or above a count a row."""
        history, weights = self._weighed(rows)
        below = np.where(history < count[:, None], weights, 0).sum(axis=1)
        return share_at_or_above(below / weights.sum(axis=1))

    def _weighed(self, rows: Rows) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        months = self.parameters.months
        history = rows.history(months)
        age = np.arange(months - 1, -1, -1)
        weights = np.where(np.isnan(history), 0, 0.5 ** (age / self.parameters.half_life))
        if not weights.any(axis=1).all():
            what = f"{int((~weights.any(axis=1)).sum())} rows without an observed month"
            raise BadInput("target", what, f"a count in one of the last {months} months")
        return np.nan_to_num(history), weights

    def dump(self) -> Mapping[str, str]:
        """Return the parameters: the model has nothing else."""
        return {_FILE: json.dumps(self.parameters.model_dump())}


def fit(training: Training, parameters: Parameters) -> DecayedHistory:  # noqa: ARG001
    """Return the family as it is, since it learns nothing from the training rows."""
    return DecayedHistory(parameters)


def load(files: Mapping[str, str]) -> DecayedHistory:
    """Return the model that `dump` wrote."""
    return DecayedHistory(Parameters.model_validate_json(files[_FILE]))
