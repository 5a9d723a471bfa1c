"""A panel into the design matrix that a model's feature sets describe."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ewarn import specs
from ewarn.errors import Unknown
from ewarn.features import _ahead, _behind
from ewarn.panel import Panel

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Design:
    """Features of every unit-month of a panel.

    `behind`, those that look back, is (months, units, features) float32, so that a span of
    months is one block of memory. `missing` names features whose column the panel does not have.
    """

    panel: Panel
    names: tuple[str, ...]
    behind: Matrix
    later: tuple[tuple[str, _ahead.Ahead], ...]
    missing: tuple[str, ...]

    def at(self, lead: int, months: slice) -> Matrix:
        """The features of every unit in a span of months, for one lead, (rows, features)."""
        behind = self.behind[months]
        if self.later:
            ahead = [make(self.panel, lead).T[months, :, None] for _, make in self.later]
            behind = np.concatenate([behind, *ahead], axis=2, dtype=np.float32)
        return behind.reshape(behind.shape[0] * behind.shape[1], len(self.names))


def build(panel: Panel, sets: Sequence[str], columns: Sequence[str] = ()) -> Design:
    """The design of those feature sets, or of the named `columns` of them.

    Raises Unknown when a named column is in none of the sets.
    """
    chosen = [specs.feature_set(name) for name in sets]
    behind = {feature.name: feature for feature in _behind.plan(chosen, list(panel.columns))}
    ahead = dict(_ahead.plan(chosen))
    wanted = list(columns) or [*behind, *ahead]
    for name in wanted:
        if name not in behind and name not in ahead:
            raise Unknown("feature", name, [*behind, *ahead])
    back = [behind[name] for name in wanted if name in behind]
    able = [feature for feature in back if feature.column in panel.columns]
    later = tuple((name, ahead[name]) for name in wanted if name in ahead)
    return Design(
        panel,
        names=(*(feature.name for feature in able), *(name for name, _ in later)),
        behind=_fill(panel, able),
        later=later,
        missing=tuple(feature.name for feature in back if feature not in able),
    )


def _fill(panel: Panel, features: Sequence[_behind.Feature]) -> Matrix:
    units, span = panel.shape
    matrix = np.empty((span, units, len(features)), np.float32)
    for position, values in enumerate(_behind.look(panel, features)):
        matrix[:, :, position] = values.T
    return matrix
