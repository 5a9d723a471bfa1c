"""Explain the risks of a forecast: what each group of features adds, with a sentence for each."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ewarn.core import columns, months
from ewarn.data.panel import Panel
from ewarn.explain.drivers import _corrections
from ewarn.explain.drivers._coalitions import Game, Groups, Places
from ewarn.explain.drivers._effects import effects
from ewarn.explain.drivers._sentences import Words
from ewarn.forecasting import escalation, model, outputs
from ewarn.forecasting.families import Rows, p_ge
from ewarn.forecasting.features import groups
from ewarn.forecasting.features.groups import GROUPS
from ewarn.forecasting.model import Forecast

__all__ = ["REFERENCE", "quiet", "table"]

REFERENCE = "a quiet place: no violence, no groups, no mission, no season"


def table(forecast: Forecast) -> pd.DataFrame:
    """Return the drivers of every risk of a forecast: a row a unit, lead and group of features.

    The contributions of a unit and lead add up to its risk less its reference risk: they are the
    Shapley values of the groups, in the game whose coalitions have the unit's own values in the
    groups that are in it, and a quiet place's in the others. What is explained is always the chance
    that the count rises above the unit's own base. Where preliminary counts are corrected, that is
    the risk from the counts as reported; what the correction adds to it is a driver of its own.
    """
    words = Words.of(forecast)
    parts = []
    for game in _games(forecast):
        value = _Risk(forecast)
        shares, none = game.shares(value)
        moved = effects(game, value, words.topics(game.rows.names))
        own = _rows(forecast, game.rows.lead, shares, none)
        own |= words.sentences(game.rows, shares, moved)
        parts.append(_with_corrections(forecast, game.rows.lead, pd.DataFrame(own)))
    return pd.concat(parts, ignore_index=True)[list(columns.TABLES["drivers"])]


def _with_corrections(forecast: Forecast, lead: int, own: pd.DataFrame) -> pd.DataFrame:
    if not forecast.corrected:
        return own
    risk = escalation.risk(outputs.class_probabilities(forecast, lead))
    return _corrections.added(forecast, own, risk)


def quiet(panel: Panel) -> Panel:
    """Return a panel of one unit, in which nothing ever happened and nobody is, over the same
    months.
    """
    nothing = np.zeros((1, panel.shape[1]), np.float32)
    return replace(
        panel,
        units=panel.units[:1].assign(code="", name="", country="", country_name=""),
        neighbours=csr_array((1, 1)),
        columns=dict.fromkeys(panel.columns, nothing),
        milestones=panel.milestones[:0],
    )


class _Risk:
    """P(increase) + P(large_increase) of some rows, each about a unit whose own base counts."""

    def __init__(self, forecast: Forecast) -> None:
        spec = forecast.model.spec
        past = forecast.panel.columns[spec.target][:, -escalation.BASE_MONTHS :]  # as reported
        self._count = escalation.least_increase(escalation.base(past), spec.escalation)
        self._fitted = forecast.model.fitted

    def __call__(self, rows: Rows, unit: Places) -> NDArray[np.float64]:
        return p_ge(self._fitted, rows, self._count[unit])


def _games(forecast: Forecast) -> Iterator[Game]:
    """Yield the game of each lead."""
    calm = quiet(forecast.panel)
    pairs = (model.rows(forecast.model, panel) for panel in (forecast.panel, calm))
    for rows, reference in zip(*pairs, strict=True):
        of_feature = np.array([GROUPS.index(groups.of(name)) for name in rows.names], np.intp)
        known = Groups(
            of_feature, GROUPS.index("own_history"), GROUPS.index("country"), len(GROUPS)
        )
        # No season: the mean over a year of the sine and the cosine of the month.
        season = of_feature == GROUPS.index("calendar")
        yield Game(rows, np.where(season, np.float32(0), reference.matrix[0]), known)


def _rows(
    forecast: Forecast,
    lead: int,
    shares: NDArray[np.float64],
    none: NDArray[np.float64],
) -> dict[str, object]:
    order = np.argsort(-np.abs(shares), axis=1, kind="stable")
    units, number = shares.shape
    return {
        "unit": np.repeat(forecast.panel.units["code"].to_numpy(), number),
        "lead": lead,
        "target_month": months.label(forecast.panel.reference_month + lead),
        "driver": np.tile(GROUPS, units),
        "driver_rank": (np.argsort(order, axis=1) + 1).ravel(),
        "contribution": shares.ravel(),
        "reference_risk": np.repeat(none, number),
    }
