"""Compute the probability of any count from the draws of an issue."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray


class Draws:
    """Equally likely counts, as many for each unit and lead."""

    def __init__(self, table: pd.DataFrame) -> None:
        pairs = zip(table["unit"], table["lead"].tolist(), strict=True)
        self._row = {pair: row for row, pair in enumerate(pairs)}
        self._counts: NDArray[np.int32] = np.vstack(table["draws"].tolist())

    def p_ge(
        self, units: Sequence[str], leads: Sequence[int], counts: Sequence[int]
    ) -> NDArray[np.float64]:
        """P(count >= c), (rows, counts), for each pair of a unit and a lead."""
        some = self._counts[[self._row[pair] for pair in zip(units, leads, strict=True)]]
        shares = [(some >= count).mean(axis=1) for count in counts]
        return np.column_stack(shares) if shares else np.empty((len(some), 0))
