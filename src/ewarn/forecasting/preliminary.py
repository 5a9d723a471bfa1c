"""Plausible final panels in place of one whose last months are preliminary.

Deaths are drawn by `ewarn.data.revisions`; the other counts of violence follow them. Groups, their
presence, and what missions do stay as they were reported.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ewarn.core.errors import BadInput
from ewarn.data import revisions
from ewarn.data.panel import Array, Panel

HISTORIES = 20  # panels a forecast is mixed over
YEAR = 12
_DEATHS = ("fatalities_", "late_fatalities")
_EVENTS = ("events", "late_events")


def final(panel: Panel) -> Panel:
    """Return the panel up to its last final month: what a model learns from."""
    months = panel.shape[1] - panel.preliminary
    if months < 1:
        raise BadInput("panel", "no final month", "a yearly release among the events")
    return replace(
        panel, columns={name: cells[:, :months] for name, cells in panel.columns.items()}
    )


def histories(panel: Panel, count: int = HISTORIES) -> tuple[Panel, ...]:
    """Return `count` panels in which preliminary months have equally likely final counts; the panel
    alone where no month is preliminary, or no deaths are known.
    """
    months = panel.preliminary
    deaths = panel.columns.get("fatalities")
    if not months or deaths is None or np.isnan(deaths[:, -months:]).any():
        return (panel,)
    reported = deaths[:, -months:].astype(np.float64)
    before = deaths[:, -months - YEAR : -months].astype(np.float64)
    drawn = revisions.histories(
        revisions.shipped(),
        reported,
        before.mean(axis=1) if before.shape[1] else np.zeros(len(deaths)),
        panel.units["code"].tolist(),
        panel.units["country"].tolist(),
        panel.ages,
        count,
    )
    return tuple(_with(panel, reported, one) for one in drawn)


def expected(panels: tuple[Panel, ...]) -> Panel:
    """Return the mean of several panels, column by column."""
    if len(panels) == 1:
        return panels[0]
    return replace(panels[0], columns={name: _mean(name, panels) for name in panels[0].columns})


def _mean(name: str, panels: tuple[Panel, ...]) -> Array:
    every = np.stack([one.columns[name] for one in panels])
    return np.asarray(every.mean(axis=0, dtype=np.float64), np.float32)


def _with(panel: Panel, reported: NDArray[np.float64], drawn: NDArray[np.float64]) -> Panel:
    """Return the panel with those final deaths, (units, months), in its last months."""
    columns = dict(panel.columns)
    for name, cells in panel.columns.items():
        change = _change(name, cells[:, -drawn.shape[1] :], reported, drawn)
        if change is not None:
            columns[name] = np.hstack([cells[:, : -drawn.shape[1]], change]).astype(np.float32)
    return replace(panel, columns=columns)


def _change(
    name: str, cells: Array, reported: NDArray[np.float64], drawn: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Return a column's last months, (units, months), as they go with the drawn deaths.

    Deaths of a kind keep their share. Events follow the deaths where there were some; where none
    had been reported, there is one event for each clump of deaths.
    """
    if name == "fatalities":
        return drawn
    ratio = np.where(reported > 0, drawn / np.where(reported > 0, reported, 1), 1.0)
    if name.startswith(_DEATHS):
        return np.asarray(cells * ratio)
    if not name.startswith(_EVENTS):
        return None
    scaled = np.where(
        (drawn > 0) & (cells > 0), np.maximum(np.rint(cells * ratio), 1), cells * ratio
    )
    is_new = (reported == 0) & (drawn > 0)
    if name in _EVENTS:
        return np.where(is_new, np.maximum(cells, np.ceil(drawn / revisions.CLUMP)), scaled)
    return np.asarray(scaled)
