"""What every family gets and gives; one file a family, and a file in the folder is one.

A family module has `Parameters` (what a model spec may set), `fit(training, parameters)`, which
returns a `Fitted`, and `load(files)`, which brings back what `Fitted.dump` gave, all as text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ewarn.distribution import Distribution


@dataclass(frozen=True)
class Rows:
    """Unit-months to forecast from, at one lead.

    `matrix` is (n, features) float32; `target` the whole target panel, (units, months); `unit` and
    `month` are the n rows' places in it, `month` being the reference month's column.
    """

    lead: int
    names: tuple[str, ...]
    matrix: NDArray[np.float32]
    target: NDArray[np.float32]
    unit: NDArray[np.intp]
    month: NDArray[np.intp]

    def history(self, months: int) -> NDArray[np.float32]:
        """The target in the last `months` up to the reference month, oldest first, (n, months);
        missing before the panel begins.
        """
        columns = self.month[:, None] - np.arange(months - 1, -1, -1)
        seen = self.target[self.unit[:, None], np.maximum(columns, 0)]
        return np.where(columns >= 0, seen, np.float32(np.nan))


class Training(Protocol):
    """Rows whose outcome is known, by lead; made when asked for, one lead at a time."""

    @property
    def leads(self) -> Sequence[int]:
        """The leads to fit."""
        ...

    def at(self, lead: int) -> tuple[Rows, NDArray[np.float32]]:
        """The rows of a lead, oldest month first, and the count that followed each, (n,)."""
        ...

    def each(self) -> Iterator[tuple[int, Rows, NDArray[np.float32]]]:
        """Every lead with its rows and outcomes; shows progress."""
        ...


class Fitted(Protocol):
    """A fitted family, for all its leads."""

    def forecast(self, rows: Rows) -> Distribution:
        """The distribution of the target at `rows.lead` months after each row's month."""
        ...

    def dump(self) -> Mapping[str, str]:
        """All of it as text: file name -> content."""
        ...
