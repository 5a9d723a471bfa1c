"""Features and outcomes into LightGBM's data, a byte a value; what looks back is binned once."""

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from ewarn.families import Span

Options = Mapping[str, Any]


def look_back(columns: Iterable[NDArray[np.float32]], options: Options) -> lgb.Dataset:
    """The bins of `Training.columns`, each column let go when it is binned."""
    every = iter(columns)
    whole = _bin(next(every), 0, options)
    for column in every:
        _join(whole, _bin(column, whole.num_feature(), options))
    return whole


@dataclass(frozen=True)
class Binned:
    """The rows of one lead: a span of the rows in `behind`, and the bins of what is known ahead,
    where anything is.
    """

    behind: lgb.Dataset
    ahead: lgb.Dataset | None
    first: int
    outcome: NDArray[np.float32]

    @classmethod
    def of(cls, behind: lgb.Dataset, span: Span, options: Options) -> Self:
        """The rows of a span; only what is known ahead is binned anew."""
        some = span.ahead.shape[1] > 0
        ahead = _bin(span.ahead, behind.num_feature(), options) if some else None
        return cls(behind, ahead, span.rows.start, span.outcome)

    def rows(self, chosen: NDArray[np.intp], weight: NDArray[np.float32]) -> lgb.Dataset:
        """Some of the rows with their outcomes as log(1 + count), and what each of them weighs."""
        data = _subset(self.behind, self.first + chosen)
        if self.ahead:
            _join(data, _subset(self.ahead, chosen))
        data.set_label(np.log1p(self.outcome[chosen]))
        data.set_weight(weight)
        return data


def _bin(matrix: NDArray[np.float32], position: int, options: Options) -> lgb.Dataset:
    """The features from that position on; labels and weights come with the leads."""
    names = [f"Column_{position + place}" for place in range(matrix.shape[1])]
    label = np.zeros(len(matrix), np.float32)
    return lgb.Dataset(matrix, label, feature_name=names, params=dict(options)).construct()


def _join(data: lgb.Dataset, more: lgb.Dataset) -> None:
    """Adds the features of `more`, which has the same rows, to `data`."""
    with warnings.catch_warnings():  # it says that the raw matrix does not come along
        warnings.simplefilter("ignore", UserWarning)
        data.add_features_from(more)


def _subset(data: lgb.Dataset, rows: NDArray[np.intp]) -> lgb.Dataset:
    some = data.subset([])
    # As the list that `subset` wants, the places would take as much memory as the rows do.
    some.used_indices = rows.astype(np.int32)  # type: ignore[assignment]
    return some.construct()
