"""A panel into the design matrix that a model's feature sets describe."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
        behind = self.back(months)
        return np.concatenate([behind, self.ahead(lead, months)], axis=1) if self.later else behind

    def only(self, names: Sequence[str]) -> "Design":
        """The design with those of its features alone, in their order here."""
        kept = [place for place in range(self.behind.shape[2]) if self.names[place] in names]
        later = tuple(one for one in self.later if one[0] in names)
        known = tuple(name for name in self.names if name in names)
        return replace(self, names=known, behind=self.behind[:, :, kept], later=later)

    def back(self, months: slice) -> Matrix:
        """Those of them that look back, the same at every lead; a view, not a copy."""
        behind = self.behind[months]
        return behind.reshape(behind.shape[0] * behind.shape[1], behind.shape[2])

    def ahead(self, lead: int, months: slice) -> Matrix:
        """Those of them that are known ahead, (rows, features), without any if there is none."""
        made = [make(self.panel, lead).T[months].ravel() for _, make in self.later]
        return np.stack(made, axis=1) if made else np.empty((len(self.back(months)), 0), np.float32)


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
