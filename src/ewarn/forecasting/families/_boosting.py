"""LightGBM's settings in every family, and its boosters as text."""

from typing import Annotated, Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from ewarn.core.settings import settings

_MACHINE = "[num_threads: "  # the one parameter in a booster's text that is not part of the model

Leaves = Annotated[int, Field(ge=2, description="leaves a tree")]
Rate = Annotated[float, Field(gt=0, le=1, description="share of each tree's correction taken")]
MinLeaf = Annotated[int, Field(ge=1, description="training rows a leaf, at least")]
Share = Annotated[float, Field(gt=0, le=1, description="features a tree may use")]


class Boosting(BaseModel):
    """What a model spec may set of the trees, in every family that grows them."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    leaves: Leaves = 15
    learning_rate: Rate = 0.1
    min_leaf: MinLeaf = 100
    bins: int = Field(default=63, ge=2, le=255, description="bins of a feature's values")
    feature_share: Share = 1.0
    zeros: int = Field(default=8, ge=1, description="rows with an outcome of 0 that one stands for")
    seed: int = Field(default=1, ge=0)

    def options(self, objective: str, **own: Any) -> dict[str, Any]:
        """LightGBM's parameters: the same data and settings give the same trees everywhere."""
        return own | {
            "objective": objective,
            "metric": "None",  # nothing is chosen by it, and it takes time at every tree
            "num_leaves": self.leaves,
            "learning_rate": self.learning_rate,
            "min_data_in_leaf": self.min_leaf,
            "max_bin": self.bins,
            "feature_fraction": self.feature_share,
            "seed": self.seed,
            "num_threads": settings().threads,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }


def text(booster: lgb.Booster) -> str:
    """Return the booster in LightGBM's own text format, whatever threads it was trained with."""
    lines = booster.model_to_string().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_MACHINE))


def read(model: str) -> lgb.Booster:
    """Return the booster of that text. One that was trained holds its rows too; this one
    does not.
    """
    return lgb.Booster(model_str=model)


def predict(
    booster: lgb.Booster, matrix: NDArray[np.float32], raw: bool = False
) -> NDArray[np.float64]:
    """Return its predictions, (n,) float64; with `raw` before the objective's link."""
    facts = booster.predict(matrix, raw_score=raw, num_threads=settings().threads)
    return np.asarray(facts, np.float64)
