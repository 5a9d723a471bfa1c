"""Milestones as they stood at each reference month, counted at the target month."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ewarn.data.panel import Array, Panel

FAR = 36  # months; anything further off counts the same as no milestone
SCOPES = ("milestones", "neighbours_milestones", "country_milestones")
_ENDS = ("mission", "liquidation", "mandate", "authority", "base", "phase")
_MANDATE = ("mandate", "authority")

_READ = ("unit", "country", "known_month", "effective_month", "over_month")

Mask = NDArray[np.bool_]
Rows = dict[str, NDArray[Any]]  # columns of milestones; read often, and so not as a frame


def months_until(scope: str, panel: Panel, lead: int) -> Array:
    """Return months from the target month to the next end that a plan states, 0 to FAR, (units,
    months).

    Contingents apart: theirs are `contingents_to_leave`.
    """
    rows = _rows(panel, True, _ENDS)
    return _nearest(scope, panel, rows, _day(rows) - _target(panel, lead))


def months_since(scope: str, panel: Panel, lead: int) -> Array:
    """Return months from the last end on record to the target month, 0 to FAR, (units, months)."""
    rows = _rows(panel, False, _ENDS)
    return _nearest(scope, panel, rows, _target(panel, lead) - _day(rows))


def bases_to_close(scope: str, panel: Panel, lead: int) -> Array:
    """Bases planned to close in the target month or later, (units, months)."""
    return _still_to_come(scope, panel, _rows(panel, True, ("base",)), lead)


def contingents_to_leave(scope: str, panel: Panel, lead: int) -> Array:
    """Contingents announced to leave in the target month or later, (units, months)."""
    return _still_to_come(scope, panel, _rows(panel, True, ("contingent",)), lead)


def mandate_ends(scope: str, panel: Panel, lead: int) -> Array:
    """1 where a mandate, or an authority in it, ends after the reference month and by the target
    month, else 0, (units, months).
    """
    rows = _rows(panel, True, _MANDATE)
    ahead = _day(rows) - _target(panel, 0)
    ending = _holds(panel, rows) & (ahead > 0) & (ahead <= lead)
    return np.minimum(_number(scope, panel, rows, ending), 1)


def _rows(panel: Panel, is_planned: bool, ends: tuple[str, ...]) -> Rows:
    rows = panel.milestones
    ending = np.isin(rows["ends"].to_numpy(object).astype(str), ends)
    requested = ending & (rows["is_planned"].to_numpy() == is_planned)
    return {name: rows[name].to_numpy()[requested] for name in _READ}


def _still_to_come(scope: str, panel: Panel, rows: Rows, lead: int) -> Array:
    """Return how many of the plans hold and are not due before the target month; one without a date
    is due FAR months after it was known.
    """
    undated = _column(rows, "known_month") + FAR
    day = np.where(np.isnan(_day(rows)), undated, _day(rows))
    return _number(scope, panel, rows, _holds(panel, rows) & (day >= _target(panel, lead)))


def _nearest(scope: str, panel: Panel, rows: Rows, distance: NDArray[np.float64]) -> Array:
    usable = _holds(panel, rows) & (distance >= 0)
    months = np.where(usable, np.minimum(distance, FAR), FAR).astype(np.float32)
    about = _about(scope, panel, rows)
    nearest = np.full(panel.shape, FAR, np.float32)
    for unit in np.flatnonzero(about.any(axis=1)):
        nearest[unit] = months[about[unit]].min(axis=0)
    return nearest


def _number(scope: str, panel: Panel, rows: Rows, counted: Mask) -> Array:
    return _about(scope, panel, rows).astype(np.float32) @ counted.astype(np.float32)


def _about(scope: str, panel: Panel, rows: Rows) -> Mask:
    """Return which milestones are about which unit, (units, rows): those that name it, that name
    one of its neighbours, or all of its country.
    """
    units = panel.units
    if scope == "country_milestones":
        return np.asarray(units["country"].to_numpy()[:, None] == rows["country"])
    own = np.arange(len(units))[:, None] == rows["unit"]
    near = panel.neighbours @ own.astype(np.float32) > 0
    return np.asarray(near if scope == "neighbours_milestones" else own)


def _holds(panel: Panel, rows: Rows) -> Mask:
    """Return whether a milestone was known and held at each reference month, (rows, months)."""
    reference = _target(panel, 0)
    return (_column(rows, "known_month") <= reference) & (reference < _column(rows, "over_month"))


def _target(panel: Panel, lead: int) -> NDArray[np.float64]:
    return np.arange(panel.shape[1], dtype=np.float64) + panel.first_month + lead


def _day(rows: Rows) -> NDArray[np.float64]:
    return _column(rows, "effective_month")


def _column(rows: Rows, name: str) -> NDArray[np.float64]:
    return rows[name].astype(np.float64)[:, None]


Feature = Callable[[str, Panel, int], Array]
FEATURES: tuple[Feature, ...] = (
    months_until, months_since, bases_to_close, contingents_to_leave, mandate_ends,
)  # fmt: skip
