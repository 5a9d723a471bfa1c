"""The cells of a panel, and the one way in which rows are summed in them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Grid:
    """Units by months, from month `first` to month `last`."""

    units: int
    first: int
    last: int

    @property
    def shape(self) -> tuple[int, int]:
        """(units, months)."""
        return self.units, self.last - self.first + 1

    def total(self, rows: pd.DataFrame, values: ArrayLike | None = None) -> Array:
        """Return the sum of `values` (or the number of rows) in each cell, (units, months)."""
        unit, month = (rows[name].to_numpy(np.intp) for name in ("unit", "month"))
        cell = unit * self.shape[1] + month - self.first
        weights = None if values is None else np.asarray(values, np.float64)
        summed = np.bincount(cell, weights, minlength=self.shape[0] * self.shape[1])
        return summed.reshape(self.shape).astype(np.float32)
