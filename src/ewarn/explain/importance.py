"""Permutation importance: how much worse forecasts become when a group of features is permuted."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.core import months
from ewarn.data.panel import Array, Panel
from ewarn.evaluation import scores
from ewarn.forecasting import model
from ewarn.forecasting.distribution import Distribution
from ewarn.forecasting.families import Rows
from ewarn.forecasting.features import groups
from ewarn.forecasting.model import Forecast

SEED = 0
COLUMNS = ["origin", "lead", "group", "crps_log1p", "rise"]
_CALENDAR = "calendar"
# What some families read beside the features: the target's own past, and units by country.
_READ = {"own_history": ("unit",), "country": ("country",)}


def of(forecast: Forecast, truth: Panel, seed: int = SEED) -> pd.DataFrame:
    """Return how much each group of features matters, a row a lead whose outcome `truth` has and
    group.

    `rise` is by how much the mean CRPS of log1p over units, `crps_log1p`, rises when the features
    of the group are permuted together among units, all others kept; 0 where the forecast uses none
    (permutation importance: Breiman 2001, Machine Learning 45, section 10). The calendar, which
    units share, is permuted among leads. Where a family reads the target's past itself, that goes
    with own history, and who shares a country with the country.
    """
    lines = list(_lines(forecast, truth, seed))
    origin = months.label(forecast.panel.reference_month)
    return pd.DataFrame(lines, columns=COLUMNS[1:]).assign(origin=origin)[COLUMNS]


def _lines(forecast: Forecast, truth: Panel, seed: int) -> Iterator[dict[str, Any]]:
    reference = forecast.panel.reference_month
    target = truth.columns[forecast.model.spec.target]
    luck = np.random.default_rng([seed, reference])
    every = list(model.rows(forecast.model, forecast.panel))
    for rows, place in zip(every, luck.permutation(len(every)), strict=True):
        order = luck.permutation(len(rows.unit))
        month = reference + rows.lead - truth.first_month
        if month >= target.shape[1]:
            continue
        base = _crps(forecast.by_lead[rows.lead], target[:, month])
        for group in groups.GROUPS:
            other = every[place] if group == _CALENDAR else None
            changed = _permuted(rows, group, order, other)
            facts = forecast.model.fitted.forecast(changed) if changed else None
            rise = _crps(facts, target[:, month]) - base if facts else 0.0
            yield {"lead": rows.lead, "group": group, "crps_log1p": base, "rise": rise}


def _permuted(rows: Rows, group: str, order: NDArray[np.intp], other: Rows | None) -> Rows | None:
    """Return the rows with the group's features of other units, or of another lead; None without
    any.
    """
    own = [place for place, name in enumerate(rows.names) if groups.of(name) == group]
    read = {name: getattr(rows, name)[order] for name in _READ.get(group, ())}
    if not own and not read:
        return None
    matrix = rows.matrix.copy()
    matrix[:, own] = other.matrix[:, own] if other else rows.matrix[order][:, own]
    return replace(rows, matrix=matrix, **read)


def _crps(said: Distribution, outcome: Array) -> float:
    return float(scores.crps_log1p(said, outcome).mean())
