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
from ewarn.data.revisions import Revisions

Floats = NDArray[np.float64]

HISTORIES = 20  # panels a forecast is mixed over
YEAR = 12
_RELEASE = 6  # July, from 0: the first reference month by which a yearly release was there
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
    drawn = _drawn(panel, panel.revisions or revisions.shipped(), count)
    return (panel,) if drawn is None else _with(panel, *drawn)


def as_first_reported(panel: Panel) -> Panel:
    """Return a panel of final counts as it might have been reported at first, one draw: months
    after the yearly release there was by then are preliminary.

    UCDP's yearly release comes in June or July, with the year before.
    """
    year, month = divmod(panel.reference_month, YEAR)
    through = (year - (1 if month >= _RELEASE else 2)) * YEAR + YEAR - 1
    dated = replace(panel, final_through=through)
    drawn = _drawn(dated, revisions.shipped("report"), 1, panel.reference_month)
    return dated if drawn is None else _with(dated, *drawn)[0]


def expected(panels: tuple[Panel, ...]) -> Panel:
    """Return the mean of several panels, column by column."""
    if len(panels) == 1:
        return panels[0]
    return replace(panels[0], columns={name: _mean(name, panels) for name in panels[0].columns})


def _mean(name: str, panels: tuple[Panel, ...]) -> Array:
    every = np.stack([one.columns[name] for one in panels])
    return np.asarray(every.mean(axis=0, dtype=np.float64), np.float32)


def _drawn(
    panel: Panel, model: Revisions, count: int, seed: int = 0
) -> tuple[Floats, Floats] | None:
    """Return the deaths of preliminary months, (units, months), and draws in place of them, (count,
    units, months); None where no month is preliminary or no deaths are known.
    """
    months, deaths = panel.preliminary, panel.columns.get("fatalities")
    if not months or deaths is None or np.isnan(deaths[:, -months:]).any():
        return None
    reported = deaths[:, -months:].astype(np.float64)
    before = deaths[:, -months - YEAR : -months].astype(np.float64)
    recent = before.mean(axis=1) if before.shape[1] else np.zeros(len(deaths))
    codes, countries = panel.units["code"].tolist(), panel.units["country"].tolist()
    return reported, revisions.histories(
        model, reported, recent, codes, countries, panel.ages, count, seed
    )


def _with(panel: Panel, reported: Floats, drawn: Floats) -> tuple[Panel, ...]:
    """Return a panel for each draw of the deaths in its last months."""
    return tuple(_one(panel, reported, one) for one in drawn)


def _one(panel: Panel, reported: Floats, drawn: Floats) -> Panel:
    columns = dict(panel.columns)
    for name, cells in panel.columns.items():
        change = _change(name, cells[:, -drawn.shape[1] :], reported, drawn)
        if change is not None:
            columns[name] = np.hstack([cells[:, : -drawn.shape[1]], change]).astype(np.float32)
    return replace(panel, columns=columns)


def _change(name: str, cells: Array, reported: Floats, drawn: Floats) -> Floats | None:
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
