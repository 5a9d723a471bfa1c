"""Build the design matrix that a model's feature sets describe, from a panel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ewarn.core import specs
from ewarn.core.errors import Unknown
from ewarn.data.panel import Panel
from ewarn.forecasting.features import _backward, _known_ahead
from ewarn.forecasting.features._backward import views

__all__ = ["Design", "Matrix", "build", "views"]

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Design:
    """Features of every unit in the months of a panel from `since` on, built on first use.

    `looking` are those that look back, `later` those known ahead; `missing` names features whose
    column the panel does not have.
    """

    panel: Panel
    names: tuple[str, ...]
    looking: tuple[_backward.Feature, ...]
    later: tuple[tuple[str, _known_ahead.Ahead], ...]
    missing: tuple[str, ...]
    since: int

    @cached_property
    def behind(self) -> Matrix:
        """Those that look back, (months since, units, features) float32, so that a span of months
        is one block of memory.
        """
        units, span = self.panel.shape
        matrix = np.empty((span - self.since, units, len(self.looking)), np.float32)
        for place, values in enumerate(_backward.look(self.panel, self.looking)):
            matrix[:, :, place] = values[:, self.since :].T
        return matrix

    def at(self, lead: int, months: slice) -> Matrix:
        """Return the features of every unit in a span of months, for one lead, (rows, features)."""
        behind = self.back(months)
        return np.concatenate([behind, self.ahead(lead, months)], axis=1) if self.later else behind

    def only(self, names: Sequence[str]) -> "Design":
        """Return the design with those of its features alone, in their order here."""
        looking = tuple(one for one in self.looking if one.name in names)
        later = tuple(one for one in self.later if one[0] in names)
        known = tuple(name for name in self.names if name in names)
        return replace(self, names=known, looking=looking, later=later)

    def back(self, months: slice) -> Matrix:
        """Return those of them that look back, the same at every lead; a view, not a copy."""
        first, last, _ = months.indices(self.panel.shape[1])
        return self.behind[first - self.since : last - self.since].reshape(self._rows(months), -1)

    def ahead(self, lead: int, months: slice) -> Matrix:
        """Return those of them that are known ahead, (rows, features), without any if there is
        none.
        """
        built = [make(self.panel, lead).T[months].ravel() for _, make in self.later]
        return np.stack(built, axis=1) if built else np.empty((self._rows(months), 0), np.float32)

    def _rows(self, months: slice) -> int:
        units, span = self.panel.shape
        return units * len(range(*months.indices(span)))


def build(panel: Panel, sets: Sequence[str], columns: Sequence[str] = (), since: int = 0) -> Design:
    """Return the design of those feature sets, or of the named `columns` of them, from the panel's
    month number `since` on.

    Raises Unknown when a named column is in none of the sets.
    """
    chosen = [specs.feature_set(name) for name in sets]
    behind = {feature.name: feature for feature in _backward.plan(chosen, list(panel.columns))}
    ahead = dict(_known_ahead.plan(chosen))
    wanted = list(columns) or [*behind, *ahead]
    for name in wanted:
        if name not in behind and name not in ahead:
            raise Unknown("feature", name, [*behind, *ahead])
    back = [behind[name] for name in wanted if name in behind]
    able = tuple(feature for feature in back if feature.column in panel.columns)
    later = tuple((name, ahead[name]) for name in wanted if name in ahead)
    return Design(
        panel,
        names=(*(feature.name for feature in able), *(name for name, _ in later)),
        looking=able,
        later=later,
        missing=tuple(feature.name for feature in back if feature not in able),
        since=since,
    )
