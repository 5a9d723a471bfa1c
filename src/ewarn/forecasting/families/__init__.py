"""What every family gets and gives; one file a family, and a file in the folder is one.

A family module has `Parameters` (what a model spec may set), `fit(training, parameters)`, which
returns a `Fitted`, and `load(files)`, which brings back what `Fitted.dump` gave, all as text.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ewarn.forecasting.distribution import Distribution

# Read once, when a family loads LightGBM, which is after this: without it idle threads spin, and on
# a busy machine training takes several times as long. No setting of LightGBM's own can do this.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")


@dataclass(frozen=True)
class Rows:
    """Unit-months to forecast from, at one lead.

    `matrix` is (n, features) float32; `target` the whole target panel, (units, months); `unit` and
    `month` are the n rows' places in it, `month` being the reference month's column. `country`
    holds the country of each unit of `target`, (units,). `nation` is the place of a unit of each
    row's country, -1 where the row is in none, (n,); without it a row is in its unit's country.
    """

    lead: int
    names: tuple[str, ...]
    matrix: NDArray[np.float32]
    target: NDArray[np.float32]
    unit: NDArray[np.intp]
    month: NDArray[np.intp]
    country: NDArray[np.str_]
    nation: NDArray[np.intp] | None = None

    def history(self, months: int) -> NDArray[np.float32]:
        """Return the target in the last `months` up to the reference month, oldest first, (n,
        months); missing before the panel begins.
        """
        columns = self.month[:, None] - np.arange(months - 1, -1, -1)
        seen = self.target[self.unit[:, None], np.maximum(columns, 0)]
        return np.where(columns >= 0, seen, np.float32(np.nan))

    def of(self, chosen: NDArray[np.intp]) -> "Rows":
        """Return some of the rows."""
        nation = None if self.nation is None else self.nation[chosen]
        parts = {name: getattr(self, name)[chosen] for name in ("matrix", "unit", "month")}
        return replace(self, nation=nation, **parts)

    def only(self, names: Sequence[str]) -> "Rows":
        """Return the rows with those features alone, in the order they had; with all of them where
        none is named.
        """
        if not names:
            return self
        place = sorted(self.names.index(name) for name in names)
        chosen = tuple(self.names[one] for one in place)
        return replace(self, names=chosen, matrix=self.matrix[:, place])


class Training(Protocol):
    """Rows whose outcome is known, by lead; built on demand, one lead at a time."""

    @property
    def leads(self) -> Sequence[int]:
        """The leads to fit."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The features: those that look back, then those known ahead."""
        ...

    def at(self, lead: int) -> tuple[Rows, NDArray[np.float32]]:
        """Return the rows of a lead, oldest month first, and the count that followed each, (n,)."""
        ...

    def each(self) -> Iterator[tuple[int, Rows, NDArray[np.float32]]]:
        """Return every lead with its rows and outcomes; shows progress."""
        ...

    def only(self, names: Sequence[str]) -> "Training":
        """Return the training with those features alone; with all of them where none is named."""
        ...

    def until(self, month: int) -> "Training":
        """Return the training as it was when the panel ended before that column."""
        ...


class Fitted(Protocol):
    """A fitted family, for all its leads."""

    def forecast(self, rows: Rows) -> Distribution:
        """Return the distribution of the target at `rows.lead` months after each row's month."""
        ...

    def dump(self) -> Mapping[str, str]:
        """Return all of it as text: file name -> content."""
        ...


@runtime_checkable
class Direct(Protocol):
    """A fitted family that has a short way to one probability of each row."""

    def p_ge(self, rows: Rows, count: NDArray[np.integer]) -> NDArray[np.float64]:
        """As the function of this name."""
        ...


def p_ge(fitted: Fitted, rows: Rows, count: NDArray[np.integer]) -> NDArray[np.float64]:
    """P(target >= count), `count` from 1, one a row, (n,): the share of the draws of its
    forecast.
    """
    if isinstance(fitted, Direct):
        return fitted.p_ge(rows, count)
    return fitted.forecast(rows).p_ge(count)
