"""Sums of joint draws over areas: the distributions of countries and groups of units."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ewarn.forecasting import dependence
from ewarn.forecasting.distribution import Distribution
from ewarn.forecasting.model import Forecast

Draws = NDArray[np.float32]
Places = NDArray[np.intp]


def joint(forecast: Forecast) -> dict[int, Draws]:
    """Return the draws of each lead, (units, K), in which column k is one imagined future.

    Each row has the draws of its distribution, in another order.
    """
    history = forecast.expected.columns[forecast.model.spec.target]
    codes, leads = forecast.panel.units["code"].tolist(), list(forecast.by_lead)
    count = forecast.by_lead[leads[0]].draws.shape[1]
    places = dependence.places(history, codes, leads, count)
    return {
        lead: np.take_along_axis(forecast.by_lead[lead].draws, places[:, number], axis=1)
        for number, lead in enumerate(leads)
    }


def by_country(countries: Sequence[str]) -> dict[str, Places]:
    """Return the rows of the units of each country, by ISO3 code, sorted.

    >>> {code: rows.tolist() for code, rows in by_country(["NER", "MLI", "NER"]).items()}
    {'MLI': [1], 'NER': [0, 2]}
    """
    names = np.asarray(countries)
    return {str(code): np.flatnonzero(names == code) for code in np.unique(names)}


def sums(draws: Draws, areas: Mapping[str, Places]) -> Distribution:
    """Return the distribution of each area's total, a row an area, from joint draws, (units, K),
    and the rows of each area's units.

    >>> sums(np.array([[0, 2], [1, 5]], np.float32), {"all": np.array([0, 1])}).draws.tolist()
    [[1.0, 7.0]]
    """
    return Distribution.of(np.stack([draws[rows].sum(axis=0) for rows in areas.values()]))
