"""A unit's own last months as equally likely draws: the baseline hardest to beat."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from ewarn.core.errors import BadInput
from ewarn.forecasting.distribution import Distribution, midpoints
from ewarn.forecasting.families import Rows, Training

_FILE = "conflictology.json"


class Parameters(BaseModel):
    """What a model spec may set."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    months: int = Field(default=12, ge=1, description="months up to the reference month")


@dataclass(frozen=True)
class Conflictology:
    """Hegre and others' benchmark: what happened lately happens again."""

    parameters: Parameters

    def forecast(self, rows: Rows) -> Distribution:
        """Return the last months as draws; raises BadInput when a row has no observed month."""
        return draws(rows.history(self.parameters.months))

    def dump(self) -> Mapping[str, str]:
        """Return the parameters: the model has nothing else."""
        return {_FILE: json.dumps(self.parameters.model_dump())}


def draws(history: NDArray[np.floating]) -> Distribution:
    """Return the months of `history`, (n, months), as draws. Where some are missing, quantiles of
    the observed ones; raises BadInput when a row has none.
    """
    wanted = history.shape[1]
    ordered = np.sort(history, axis=1)  # puts missing months last
    observed = wanted - np.isnan(ordered).sum(axis=1)
    if not observed.all():
        what = f"{int((observed == 0).sum())} rows without an observed month"
        raise BadInput("target", what, f"a count in one of the last {wanted} months")
    place = np.ceil(observed[:, None] * midpoints(wanted)).astype(np.intp) - 1
    return Distribution.of(np.take_along_axis(ordered, place, axis=1))


def fit(training: Training, parameters: Parameters) -> Conflictology:  # noqa: ARG001
    """Return the family as it is, since it learns nothing from the training rows."""
    return Conflictology(parameters)


def load(files: Mapping[str, str]) -> Conflictology:
    """Return the model that `dump` wrote."""
    return Conflictology(Parameters.model_validate_json(files[_FILE]))
