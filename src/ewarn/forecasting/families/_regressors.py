"""Columns of a regression from features; one that cannot be used is refused by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ewarn.core.errors import BadInput
from ewarn.forecasting.families import Rows

ROWS_A_COLUMN = 5  # with fewer rows a column, weights follow single outcomes
_SAME = 1e-6  # of a standardised column left when those before it are taken out

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]


class TooMany(BadInput):
    """The training rows do not bear so many columns, or not the one that is named."""


@dataclass(frozen=True)
class Columns:
    """Features on the scale the regressions see: sign(x) log(1 + |x|), then standardised.

    With the logarithm, a coefficient is the growth of counts with counts; it bends calendar and
    months-since features a little and keeps their order.
    """

    names: tuple[str, ...]
    centre: Floats
    scale: Floats

    @classmethod
    def of(cls, names: Sequence[str], matrix: Matrix, which: str) -> Self:
        """Return the scale of the rows of `matrix`, which have no missing value; `which` names who
        they are.

        Raises BadInput, naming the column, when one is constant or collinear with those before.
        """
        if not names:
            raise BadInput("features", "none", "at least one column")
        need = ROWS_A_COLUMN * (len(names) + 1)
        if len(matrix) < need:
            raise TooMany(which, len(matrix), f"at least {need} for {len(names)} columns")
        for name, low, high in zip(names, matrix.min(axis=0), matrix.max(axis=0), strict=True):
            if low == high:
                raise unusable(name, f"{low:g} in all {which}", "values that differ")
        bent = _bend(matrix)
        columns = cls(tuple(names), bent.mean(axis=0), bent.std(axis=0))
        _refuse_collinear(names, (bent - columns.centre) / columns.scale)
        return columns

    def design(self, rows: Rows) -> Floats:
        """Return the rows as a regression takes them, (n, 1 + columns), the first column all ones.

        Raises BadInput, naming the column, when a value is missing.
        """
        if rows.names != self.names:
            raise BadInput("features", ", ".join(rows.names), ", ".join(self.names))
        for name, missing in zip(self.names, np.isnan(rows.matrix).sum(axis=0), strict=True):
            if missing:
                what = f"no value in {missing} of {len(rows.matrix)} rows to forecast from"
                raise unusable(name, what, "a value in each")
        return self.place(rows.matrix)

    def place(self, matrix: Matrix) -> Floats:
        """Return the same of rows already known to be complete."""
        scaled = (_bend(matrix) - self.centre) / self.scale
        return np.column_stack([np.ones(len(scaled)), scaled])


def observed(rows: Rows, outcome: Matrix) -> tuple[Matrix, Floats]:
    """Return the training rows with every feature, and what followed them; the others are left out.

    Raises BadInput when nothing ever happened, or, naming the column, when a feature is never
    observed or is infinite somewhere.
    """
    for position, name in enumerate(rows.names):
        values = rows.matrix[:, position]
        if np.isinf(values).any():
            raise unusable(name, "an infinite value", "finite values")
        if np.isnan(values).all():
            raise unusable(name, "no value in any training row", "values that differ")
    whole = ~np.isnan(rows.matrix).any(axis=1)
    counts = outcome[whole].astype(np.float64)
    if not counts.any():
        what = f"no count above 0 in {len(counts)} training rows"
        raise BadInput(f"target at lead {rows.lead}", what, "some")
    return rows.matrix[whole], counts


def unusable(name: str, what: str, expected: str) -> BadInput:
    """Return the error that names a column."""
    return BadInput(f"column {name}", what, expected)


def _bend(matrix: Matrix) -> Floats:
    values = matrix.astype(np.float64)
    bent: Floats = np.sign(values) * np.log1p(np.abs(values))
    return bent


def _refuse_collinear(names: Sequence[str], scaled: Floats) -> None:
    # Column k of R is column k of the design in terms of those before it, and on the diagonal
    # what is left of it when they are taken out.
    triangle = np.linalg.qr(scaled, mode="r") / np.sqrt(len(scaled))
    for position, left in enumerate(np.abs(np.diag(triangle))):
        if left < _SAME:
            others = np.linalg.solve(triangle[:position, :position], triangle[:position, position])
            same = [name for name, share in zip(names, others, strict=False) if abs(share) > _SAME]
            raise unusable(names[position], "the same as " + " + ".join(same), "new information")
