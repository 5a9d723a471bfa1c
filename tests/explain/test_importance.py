"""Permutation importance: hand-computed rises, exact zeros, and who reads what."""

from dataclasses import replace

import numpy as np
import pytest

from ewarn.core import months, specs
from ewarn.data import panel
from ewarn.evaluation import scores
from ewarn.explain import importance
from ewarn.forecasting import model
from ewarn.forecasting.distribution import Distribution
from ewarn.forecasting.features import groups

AT = months.parse("2020-10")
SHORT = {"leads": [1, 2]}


class Echo:
    """Says that the count will be what one feature is."""

    def __init__(self, name):
        self.name = name

    def forecast(self, rows):
        return Distribution.of(rows.matrix[:, [rows.names.index(self.name)]])

    def dump(self):
        return {}


@pytest.fixture(scope="module")
def then(loaded):
    return panel.build(loaded.inputs, months.last_day(AT))


def asked(spec, then, fitted=None):
    known = model.fit(spec, then)
    return model.forecast(replace(known, fitted=fitted) if fitted else known, then)


def wide(table):
    return table.pivot(index="group", columns="lead", values="rise")


def spec(name, **changed):
    return specs.model(name).model_copy(update=SHORT | changed)


def test_the_rise_is_that_of_the_same_features_of_other_units(then, known):
    """Last month's count is 2 in MLI-A each month, 10 in MLI-B each third, none elsewhere."""
    columns = ["fatalities.lag_0", "neighbours.fatalities.lag_0"]
    small = spec("negbin", columns=["fatalities.lag_0", "fatalities.mean_6"])
    forecast = asked(small.model_copy(update={"columns": columns}), then, Echo(columns[0]))
    found = importance.of(forecast, known)
    luck = np.random.default_rng([importance.SEED, AT])
    luck.permutation(2)
    said = then.columns["fatalities"][:, -1]
    for lead in (1, 2):
        came = known.columns["fatalities"][:, AT + lead - known.first_month]
        before = np.abs(np.log1p(said) - np.log1p(came)).mean()
        after = np.abs(np.log1p(said[luck.permutation(6)]) - np.log1p(came)).mean()
        rises = wide(found)[lead]
        assert rises["own_history"] == pytest.approx(after - before, abs=1e-6)
        assert (rises.drop("own_history") == 0).all()
        assert found.loc[found["lead"] == lead, "crps_log1p"].to_numpy() == pytest.approx(before)


def test_history_read_without_a_feature_is_own_history(then, known):
    rises = wide(importance.of(asked(spec("conflictology"), then), known))
    assert list(rises.index) == sorted(groups.GROUPS)
    assert rises.loc["own_history"].sum() > 0
    assert (rises.drop("own_history") == 0).all(axis=None)


def test_the_calendar_is_that_of_another_lead(then):
    name = "ahead.calendar.cos"
    forecast = asked(spec("negbin", columns=["fatalities.lag_0", name]), then)
    rows = {some.lead: some for some in model.rows(forecast.model, then)}
    other = importance._permuted(rows[1], "calendar", np.arange(6), rows[2])
    place = rows[1].names.index(name)
    assert (other.matrix[:, place] == rows[2].matrix[:, place]).all()
    assert (other.matrix[:, 1 - place] == rows[1].matrix[:, 1 - place]).all()


def test_leads_whose_outcome_is_not_known_are_left_out(known, loaded):
    then = panel.build(loaded.inputs, months.last_day(months.parse("2020-11")))
    found = importance.of(asked(spec("conflictology"), then), known)
    assert set(found["lead"]) == {1}


def test_the_same_seed_gives_the_same_numbers_and_another_does_not(then, known):
    forecast = asked(spec("conflictology"), then)
    one, two = (importance.of(forecast, known) for _ in range(2))
    assert one.equals(two)
    assert not one.equals(importance.of(forecast, known, seed=1))


@pytest.mark.parametrize("name", specs.names("models"))
def test_it_works_for_every_model(name, then, known):
    small = {"columns": ["fatalities.lag_0"] if specs.model(name).columns else []}
    if name == "pool":
        small["parameters"] = {"past": 12}
    forecast = asked(spec(name, **small), then)
    found = importance.of(forecast, known)
    assert len(found) == 2 * len(groups.GROUPS)
    assert np.isfinite(found["rise"]).all()
    base = scores.crps_log1p(forecast.by_lead[1], known.columns["fatalities"][:, -2]).mean()
    assert found["crps_log1p"].iloc[0] == pytest.approx(base)
