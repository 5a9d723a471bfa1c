"""Thin training rows, most of them without a count, to fewer that are weighted for all."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def thin(
    outcome: NDArray[np.float32], zeros: int, seed: Sequence[int]
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return the rows to learn from, rising, and how many rows each stands for: those with a count
    above 0 for themselves, and of every `zeros` others in a row one, drawn by the seed, for all.
    """
    weight = (outcome > 0).astype(np.float32)
    others = np.flatnonzero(outcome == 0)
    start = np.arange(0, len(others), zeros)
    many = np.diff(start, append=len(others))
    weight[others[start + np.random.default_rng(seed).integers(many)]] = many
    rows = np.flatnonzero(weight)
    return rows, weight[rows]
