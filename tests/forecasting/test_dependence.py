"""Joint draws: marginals stay, units that rose together rise together, order changes nothing."""

import numpy as np
import pytest

from ewarn.core import specs
from ewarn.forecasting import areas, dependence, model, outputs

LEADS = (1, 2, 3)
CODES = ("a", "b", "c")


@pytest.fixture(scope="module")
def history():
    """Two units of one course, and one of its own, (3, 300)."""
    random = np.random.default_rng(1)
    shared = random.negative_binomial(2, 0.1, 300)
    return np.stack([shared, shared * 2, random.negative_binomial(2, 0.1, 300)]).astype(float)


def correlations(places):
    return np.corrcoef(places[:, 0])


def test_every_draw_is_in_one_future(history):
    places = dependence.places(history, CODES, LEADS, 200)
    assert (np.sort(places, axis=-1) == np.arange(200)).all()


def test_units_that_rose_together_rise_together(history):
    found = correlations(dependence.places(history, CODES, LEADS, 200))
    assert found[0, 1] > 0.95
    assert abs(found[0, 2]) < 0.25


def test_ranks_are_those_of_the_residuals_by_hand():
    """Of four origins after a year of 4 deaths a month, the outcomes are 4, 9, 1, 30."""
    history = np.full((1, 16), 4.0)
    history[0, 12:] = [5, 9, 1, 30]
    means = [history[0, at - 11 : at + 1].mean() for at in (11, 12, 13, 14)]
    rises = np.log1p(history[0, 12:]) - np.log1p(means)
    assert np.argsort(rises).tolist() == [2, 0, 1, 3]
    (found,) = dependence.places(history, ["a"], [1], 4)
    assert found[0].tolist() == [1, 2, 0, 3]


def test_the_order_of_units_changes_nothing(history):
    there = dependence.places(history, CODES, LEADS, 50)
    back = dependence.places(history[::-1], CODES[::-1], LEADS, 50)
    assert (there == back[::-1]).all()


def test_a_past_too_short_for_any_origin_gives_independent_draws(history):
    places = dependence.places(history[:, :12], CODES, LEADS, 200)
    assert np.abs(correlations(places)[0, 1]) < 0.25


def test_draws_of_a_forecast_are_those_of_its_distributions_in_another_order(known):
    spec = specs.model("conflictology").model_copy(update={"leads": [1, 3]})
    forecast = model.forecast(model.fit(spec, known), known)
    joint = areas.joint(forecast)
    for lead, distribution in forecast.by_lead.items():
        assert (np.sort(joint[lead], axis=1) == distribution.draws).all()
    assert outputs.draws(forecast)["draws"].iloc[0].tolist() == joint[1][0].tolist()


def test_a_countrys_mean_is_the_sum_of_its_units_means(known):
    spec = specs.model("conflictology").model_copy(update={"leads": [1]})
    forecast = model.forecast(model.fit(spec, known), known)
    countries = areas.by_country(forecast.panel.units["country"])
    totals = areas.sums(areas.joint(forecast)[1], countries).mean()
    means = forecast.by_lead[1].mean()
    assert totals == pytest.approx([means[rows].sum() for rows in countries.values()], abs=1e-9)
