"""What LightGBM is told in every family, and its boosters as text."""

from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from ewarn.settings import settings

_MACHINE = "[num_threads: "  # the one parameter in a booster's text that says nothing of the model


def options(objective: str, seed: int, **own: Any) -> dict[str, Any]:
    """LightGBM's parameters: the same data and settings give the same trees on any machine."""
    return own | {
        "objective": objective,
        "metric": "None",  # nothing is chosen by it, and it takes time at every tree
        "seed": seed,
        "num_threads": settings().threads,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }


def text(booster: lgb.Booster) -> str:
    """The booster in LightGBM's own text format, whatever threads it was trained with."""
    lines = booster.model_to_string().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_MACHINE))


def read(model: str) -> lgb.Booster:
    """The booster of that text. One that was trained holds its rows too; this one does not."""
    return lgb.Booster(model_str=model)


def predict(booster: lgb.Booster, matrix: NDArray[np.float32], raw: bool = False) -> Any:
    """Its predictions, (n,) float64; with `raw` before the objective's link."""
    said = booster.predict(matrix, raw_score=raw, num_threads=settings().threads)
    return np.asarray(said, np.float64)
