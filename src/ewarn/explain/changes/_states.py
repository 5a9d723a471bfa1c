"""Panels between those of two issues: with new events alone, or revised ones."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.data.panel import Array, Panel
from ewarn.forecasting.features import groups

MISSIONS = ("withdrawals", "deployments")  # the groups of what is known of missions


@dataclass(frozen=True)
class States:
    """Panels by whether they have the new events and the revised ones; one where they are one."""

    by_events: dict[tuple[bool, bool], Panel]

    @property
    def codes(self) -> list[Any]:
        """The codes of the units, the same in all."""
        return list(self.by_events[True, True].units["code"])


def between(before: Panel, after: Panel) -> States:
    """Return the panel of the last issue and that of this one, and the two between: old months as
    reported now, without any later; and later months after the old ones as reported then.

    Raises BadInput where units or the first month differ, or this one's reference month is earlier.
    """
    _check(before, after)
    old = before.shape[1]
    cut = {name: cells[:, :old] for name, cells in after.columns.items()}
    then = {name: before.columns.get(name, cells) for name, cells in cut.items()}
    if _same(then, cut):
        return States(_pairs(before, before, after, after))
    revised = replace(before, columns=cut)
    columns = {name: np.hstack([then[name], after.columns[name][:, old:]]) for name in then}
    return States(_pairs(before, revised, replace(after, columns=columns), after))


def _pairs(before: Panel, revised: Panel, new: Panel, after: Panel) -> dict[Any, Panel]:
    """By (new events, revised events)."""
    one, two = (False, False), (False, True)
    return {one: before, two: revised, (True, False): new, (True, True): after}


def _same(then: dict[str, Array], now: dict[str, Array]) -> bool:
    """Return whether the violence reported in those months is the same."""
    violence = (name for name in now if groups.of(name) not in MISSIONS)
    return all(np.array_equal(then[name], now[name], equal_nan=True) for name in violence)


def _check(before: Panel, after: Panel) -> None:
    if list(before.units["code"]) != list(after.units["code"]):
        raise BadInput("changes", "other units than the last issue has", "the same")
    if before.first_month != after.first_month:
        first = months.label(before.first_month), months.label(after.first_month)
        raise BadInput("changes", f"a history from {first[1]}", f"one from {first[0]}, as before")
    if after.reference_month < before.reference_month:
        last = months.label(before.reference_month)
        raise BadInput("changes", f"events to {months.label(after.reference_month)}",
                       f"events to {last} at least, as before")  # fmt: skip
