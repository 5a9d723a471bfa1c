"""Find where two designs differ in the features that both have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ewarn.core import months
from ewarn.forecasting.features import Design, Matrix


@dataclass(frozen=True)
class Finding:
    """A feature to which later facts give another value than was known, where it first shows, and
    the check that found it: "rebuilt" or "planted".
    """

    feature: str
    unit: str
    month: str
    trained_on: float
    known_then: float
    check: str = "rebuilt"

    def __str__(self) -> str:
        full, then = _SHOWN[self.check]
        return (
            f"{self.feature} of {self.unit} in {self.month} is {self.trained_on:g} in {full},"
            f" and {then.format(f'{self.known_then:g}')}"
        )


_SHOWN = {
    "rebuilt": ("the full panel", "was {} as known then"),
    "planted": ("a panel with later facts planted", "{} without"),
}


def differences(full: Design, then: Design, leads: Sequence[int], span: slice) -> Iterator[Finding]:
    """Yield the first difference in each feature that both designs have, in a span of months."""
    found: set[str] = set()
    for (names, one), (others, two) in zip(
        _blocks(full, leads, span), _blocks(then, leads, span), strict=True
    ):
        for column, name in enumerate(names):
            if name not in others or name in found:
                continue
            left, right = one[:, column], two[:, others.index(name)]
            differ = ~np.isclose(left, right, rtol=1e-5, atol=1e-6, equal_nan=True)
            if differ.any():
                found.add(name)
                row = int(np.argmax(differ))
                yield Finding(name, *_place(full, span, row), float(left[row]), float(right[row]))


def _blocks(
    design: Design, leads: Sequence[int], span: slice
) -> Iterator[tuple[list[str], Matrix]]:
    """Yield names and values, (rows, features): those that look back, then by lead those ahead."""
    ahead = [name for name, _ in design.later]
    yield [name for name in design.names if name not in ahead], design.back(span)
    for lead in leads:
        yield ahead, design.ahead(lead, span)


def _place(design: Design, span: slice, row: int) -> tuple[str, str]:
    """Unit and month of a row."""
    step, unit = divmod(row, design.panel.shape[0])
    month = months.label(design.panel.first_month + span.start + step)
    return str(design.panel.units["code"].iloc[unit]), month
