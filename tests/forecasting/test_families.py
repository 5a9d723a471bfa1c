"""One contract for every family found in the folder, then what is particular to some."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pydantic import ValidationError
from scipy.stats import nbinom

from ewarn.core import plugins
from ewarn.core.errors import BadInput
from ewarn.core.settings import settings
from ewarn.evaluation import scores
from ewarn.forecasting import families, model
from ewarn.forecasting.distribution import DRAWS
from ewarn.forecasting.families import Fitted, Rows, _glm, conflictology, hurdle, lgbm, negbin
from ewarn.forecasting.families._analogues import Analogues
from ewarn.forecasting.families._by_lead import ByLead
from ewarn.forecasting.families._regressors import Columns
from ewarn.forecasting.families._thinning import thin

FAMILIES = plugins.names(families)
HISTORIES = ["conflictology", "decayed_history"]
REGRESSIONS = ["hurdle", "negbin"]
WARM_UP = 12


@dataclass(frozen=True)
class World:
    """Counts that follow a negative binomial whose mean is fed by the counts before it."""

    target: np.ndarray
    behind: np.ndarray  # (units, months, features)
    names: tuple[str, ...] = ("fatalities.lag_0", "fatalities.mean_12", "calendar.sin")
    leads: Sequence[int] = (1, 3)

    def rows(self, lead: int, first: int, last: int) -> Rows:
        """The rows of months `first` to `last`, the last not included."""
        units, span = self.target.shape[0], np.arange(first, last)
        matrix = self.behind[:, first:last].swapaxes(0, 1).reshape(-1, len(self.names))
        unit, month = np.tile(np.arange(units), len(span)), np.repeat(span, units)
        country = np.array(["A", "B"]).repeat((units + 1) // 2)[:units]
        return Rows(lead, self.names, matrix, self.target, unit, month, country)

    def at(self, lead: int) -> tuple[Rows, np.ndarray]:
        """As Training has it."""
        last = self.target.shape[1] - lead
        return self.rows(lead, WARM_UP, last), self.target[:, WARM_UP + lead :].T.ravel()

    def each(self) -> Iterator[tuple[int, Rows, np.ndarray]]:
        """As Training has it."""
        return ((lead, *self.at(lead)) for lead in self.leads)

    def only(self, names: Sequence[str]) -> "World":
        """As Training has it, of all features."""
        assert not names
        return self

    def until(self, month: int) -> "World":
        """What was known before that month."""
        early = {"target": self.target[:, :month], "behind": self.behind[:, :month]}
        return dataclasses.replace(self, **early)

    def now(self, lead: int = 1) -> Rows:
        """The rows of the last month."""
        return self.rows(lead, self.target.shape[1] - 1, self.target.shape[1])


@cache
def world(units: int = 6, span: int = 60, level: float = 1.0, dispersion: float = 1.0) -> World:
    random = np.random.default_rng(5)
    target = np.zeros((units, span), np.float32)
    for month in range(1, span):
        past = target[:, max(0, month - 12) : month].mean(axis=1)
        mean = level + 0.4 * target[:, month - 1] + 0.4 * past
        target[:, month] = random.negative_binomial(1 / dispersion, 1 / (1 + dispersion * mean))
    year = [target[:, max(0, month - 11) : month + 1].mean(axis=1) for month in range(span)]
    wave = np.tile(np.sin(np.arange(span) * np.pi / 6), (units, 1))
    behind = np.stack([target, np.stack(year, axis=1), wave], axis=2, dtype=np.float32)
    return World(target, behind)


def fit(name: str, training: World, **parameters: object) -> Fitted:
    family = plugins.load(families, name)
    return family.fit(training, family.Parameters(**parameters))


@cache
def fitted(name: str) -> Fitted:
    return fit(name, world())


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("lead", [1, 3])
def test_draws_are_sorted_counts_one_row_a_row(name: str, lead: int) -> None:
    draws = fitted(name).forecast(world().now(lead)).draws
    assert draws.shape[0] == 6
    assert np.isfinite(draws).all()
    assert (draws >= 0).all()
    assert (draws == np.rint(draws)).all()
    assert (np.diff(draws, axis=1) >= 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_the_short_way_to_a_probability_gives_what_the_draws_give(name: str) -> None:
    wide = world(units=40, span=80, level=4.0, dispersion=3.0)
    model, rows = fit(name, wide), wide.rows(1, 30, 79)
    count = np.random.default_rng(0).integers(1, 60, len(rows.unit))
    expected = model.forecast(rows).p_ge(count)
    assert len(np.unique(expected)) > 5
    np.testing.assert_array_equal(families.p_ge(model, rows, count), expected)


@pytest.mark.parametrize("name", FAMILIES)
def test_what_was_dumped_is_text_and_loads_to_the_same_draws(name: str) -> None:
    files = fitted(name).dump()
    for file, text in files.items():
        assert isinstance(text, str)
        assert text.encode("utf-8").decode("utf-8") == text
        assert file.endswith((".json", ".txt"))
    again = plugins.load(families, name).load(dict(files))
    rows = world().rows(3, 20, 60)
    assert (again.forecast(rows).draws == fitted(name).forecast(rows).draws).all()
    assert again.dump() == files


@pytest.mark.parametrize("name", FAMILIES)
def test_row_order_changes_nothing(name: str) -> None:
    rows = world().rows(1, 20, 60)
    order = np.random.default_rng(0).permutation(len(rows.matrix))
    moved = dataclasses.replace(
        rows, matrix=rows.matrix[order], unit=rows.unit[order], month=rows.month[order]
    )
    straight, shuffled = (fitted(name).forecast(some).draws for some in (rows, moved))
    assert (straight[order] == shuffled).all()


@pytest.mark.parametrize("name", FAMILIES)
def test_the_same_data_gives_the_same_model(name: str) -> None:
    assert fit(name, world()).dump() == fitted(name).dump()


@pytest.mark.parametrize("name", FAMILIES)
def test_an_unknown_parameter_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="treees"):
        plugins.load(families, name).Parameters(treees=3)


@pytest.mark.parametrize("name", [name for name in FAMILIES if name not in HISTORIES])
def test_other_features_than_those_of_the_training_are_refused(name: str) -> None:
    other = dataclasses.replace(world().now(), names=("a", "b", "c"))
    with pytest.raises(BadInput, match="found a, b, c; expected fatalities"):
        fitted(name).forecast(other)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hurdle", "lgbm", "negbin"])
def test_the_central_interval_holds_its_share(name: str) -> None:
    whole = world(units=40, span=120, level=4.0, dispersion=0.5)
    model = fit(name, whole.until(96))
    rows, came = whole.rows(1, 96, 119), whole.target[:, 97:].T.ravel()
    forecast = model.forecast(rows)
    assert 0.85 < scores.coverage(forecast, came).mean() < 0.97
    assert forecast.mean().mean() == pytest.approx(came.mean(), rel=0.15)
    plain = conflictology.fit(whole, conflictology.Parameters()).forecast(rows)
    assert scores.crps(forecast, came).mean() < scores.crps(plain, came).mean()


def test_conflictology_is_the_last_months() -> None:
    draws = conflictology.fit(world(), conflictology.Parameters()).forecast(world().now()).draws
    assert (draws == np.sort(world().target[:, -12:], axis=1)).all()


def test_conflictology_repeats_what_was_observed() -> None:
    target = np.array([[3, 0, 7, 5]], np.float32)
    place = (np.array([0]), np.array([2]), np.array(["A"]))
    rows = Rows(1, (), np.empty((1, 0), np.float32), target, *place)
    found = conflictology.Conflictology(conflictology.Parameters()).forecast(rows)
    assert found.draws.tolist() == [[0] * 4 + [3] * 4 + [7] * 4]
    target[:, :3] = np.nan
    with pytest.raises(BadInput, match="1 rows without an observed month"):
        conflictology.Conflictology(conflictology.Parameters()).forecast(rows)


def spoilt(column: int, values: object) -> World:
    behind = world().behind.copy()
    behind[:, :, column] = values
    return dataclasses.replace(world(), behind=behind)


@pytest.mark.parametrize("name", REGRESSIONS)
@pytest.mark.parametrize(
    ("column", "values", "what"),
    [
        (2, 7, "column calendar.sin: found 7 in all training rows"),
        (2, np.nan, "column calendar.sin: found no value in any training row"),
        (1, np.inf, "column fatalities.mean_12: found an infinite value"),
        (1, world().target, "column fatalities.mean_12: found the same as fatalities.lag_0;"),
    ],
)
def test_a_column_that_cannot_be_used_is_named(
    name: str, column: int, values: object, what: str
) -> None:
    with pytest.raises(BadInput, match=what):
        fit(name, spoilt(column, values))


def test_a_column_that_is_a_sum_of_others_is_named_with_them() -> None:
    bent = np.sign(world().behind) * np.log1p(np.abs(world().behind))
    both = np.expm1(np.abs(bent[:, :, 0] + bent[:, :, 1] + 3).astype(np.float64))
    with pytest.raises(BadInput, match=r"sin: found the same as \S*lag_0 \+ fatalities.mean_12"):
        fit("negbin", spoilt(2, both))


@pytest.mark.parametrize("name", REGRESSIONS)
def test_a_row_with_a_missing_feature_is_left_out_of_the_fit(name: str) -> None:
    gaps = world().behind.copy()
    gaps[0, :, 2] = np.nan
    gaps[1:, :, :] = world().behind[1:]
    left = dataclasses.replace(world(), behind=gaps)
    fewer = dataclasses.replace(world(), behind=world().behind[1:], target=world().target[1:])
    assert fit(name, left).dump() == fit(name, fewer).dump()
    with pytest.raises(BadInput, match=r"column calendar.sin: found no value in 1 of 6 rows"):
        fitted(name).forecast(left.now())


@pytest.mark.parametrize("name", REGRESSIONS)
def test_too_little_to_learn_from_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match=r"training rows.*: found (12|6); expected at least 20"):
        fit(name, world().until(WARM_UP + 3))
    quiet = dataclasses.replace(world(), target=np.zeros_like(world().target))
    with pytest.raises(BadInput, match="target at lead 1: found no count above 0 in 282"):
        fit(name, quiet)


def test_a_regression_without_columns_is_refused() -> None:
    with pytest.raises(BadInput, match="features: found none"):
        Columns.of((), np.empty((100, 0), np.float32), "rows")


def test_few_rows_with_a_count_are_refused_by_the_hurdle() -> None:
    target = np.where(np.arange(60) == 40, world().target, 0).astype(np.float32)
    with pytest.raises(BadInput, match="training rows with a count above 0: found"):
        fit("hurdle", dataclasses.replace(world(), target=target))


def test_a_column_that_tells_the_outcomes_apart_alone_is_left_out_and_named(caplog) -> None:
    happens = np.roll(world().target > 0, -1, axis=1)
    ahead = np.where(happens, 1, -1) * np.random.default_rng(0).uniform(1, 2, happens.shape)
    found = fit("hurdle", dataclasses.replace(spoilt(2, ahead), leads=(1,)))
    assert "lead 1, any: left out calendar.sin (column calendar.sin: found a weight" in caplog.text
    (lead,) = json.loads(found.dump()["hurdle.json"]).values()
    assert lead["any"]["columns"]["calendar.sin"]["weight"] == 0
    assert lead["any"]["columns"]["fatalities.lag_0"]["weight"] != 0
    assert found.left_out()["lead 1, any"] == ["calendar.sin"]


def test_with_few_counts_the_hurdle_uses_as_many_columns_as_they_bear(caplog) -> None:
    some = np.random.default_rng(1).permutation(np.flatnonzero(world().target > 0))[:24]
    target = np.where(np.isin(np.arange(world().target.size), some), world().target.ravel(), 0)
    few = dataclasses.replace(world(), target=target.reshape(world().target.shape), leads=(1,))
    (lead,) = json.loads(fit("hurdle", few).dump()["hurdle.json"]).values()
    weights = [column["weight"] for column in lead["many"]["columns"].values()]
    assert "lead 1, many: left out " in caplog.text
    assert weights[0] != 0
    assert weights[-1] == 0


def test_columns_left_out_are_named_with_the_member_of_a_pool() -> None:
    whole = _glm.Regression(
        Columns(("a", "b"), np.zeros(2), np.ones(2)), np.array([1.0, 0, 2]), 0, 1
    )
    by_lead = ByLead("x.json", {3: hurdle.Lead(whole, whole, 0.5)})
    for fitted, name in ((by_lead, ""), (SimpleNamespace(members={"m": by_lead, "n": 1}), "m, ")):
        of = model.Model(None, (), "2020-12", False, fitted)
        expected = {f"{name}lead 3, {part}": ["a"] for part in ("any", "many")}
        assert model.left_out(of) == expected


def test_a_fit_that_does_not_converge_names_a_column() -> None:
    class Cliff:
        endog = np.zeros(3)

        def loglike(self, params: np.ndarray) -> float:
            return float("nan") if params.any() else 0.0

        def score(self, params: np.ndarray) -> np.ndarray:
            return np.array([0.0, 1.0, 2.0]) + params

    with pytest.raises(BadInput, match="column second: found no convergence in"):
        _glm.maximise(Cliff(), np.zeros(3), ["first", "second"])


@pytest.mark.slow
@pytest.mark.parametrize("name", REGRESSIONS)
@pytest.mark.parametrize("factor", [1e30, -1e30])
def test_no_row_is_beyond_what_training_rows_were(name: str, factor: float) -> None:
    one = fitted(name).leads[1]
    regression = one.mean if name == "negbin" else one.many
    rows = world().rows(1, WARM_UP, 59)
    seen = regression.linear(rows)
    assert (seen.min(), seen.max()) == (regression.lowest, regression.highest)
    wild = dataclasses.replace(rows, matrix=(rows.matrix * np.float32(factor)))
    found = regression.linear(wild)
    assert regression.lowest <= found.min() <= found.max() <= regression.highest
    assert np.isfinite(fitted(name).forecast(wild).draws).all()


@pytest.mark.parametrize("power", [1, 2])
def test_negbin_finds_the_weights_it_was_made_with(power: int) -> None:
    random = np.random.default_rng(2)
    matrix = random.normal(size=(20_000, 2)).astype(np.float32)
    columns = Columns.of(("a", "b"), matrix, "rows")
    mean = np.exp(columns.place(matrix) @ [0.5, 0.8, -0.4])
    size = mean ** (2 - power) / 2.0
    counts = random.negative_binomial(size, size / (size + mean)).astype(np.float32)
    nowhere = (*np.zeros((2, 1), np.intp), np.array(["A"]))
    rows = Rows(1, ("a", "b"), matrix, np.zeros((1, 1), np.float32), *nowhere)
    one = negbin._fit(rows, counts, power)
    assert one.mean.weights == pytest.approx([0.5, 0.8, -0.4], abs=0.05)
    assert one.dispersion == pytest.approx(2.0, rel=0.1)


def test_hurdle_quantiles_are_those_of_the_mixture() -> None:
    # Of a row with an event in 40 % of months, the draws above 60 % follow the truncated law.
    likely, mean, dispersion = np.array([[0.4]]), np.array([[3.0]]), 2.0
    law = nbinom(1 / dispersion, 1 / (1 + dispersion * 3.0))
    above = np.array([0.5, 0.4, 0.3, 0.1, 0.01])
    found = hurdle._quantiles(above, likely, mean, dispersion)
    assert found[0, :2].tolist() == [0, 0]
    for share, count in zip(above[2:], found[0, 2:], strict=True):
        assert 0.4 * law.sf(count) / law.sf(0) <= share
        assert count == 1 or 0.4 * law.sf(count - 1) / law.sf(0) > share


def test_a_hurdle_with_dispersion_without_end_stays_finite() -> None:
    means = np.array([[1e-3], [1e6]])
    found = hurdle._quantiles(np.array([0.49, 0.01]), np.array([[0.5]]), means, 8e3)
    assert np.isfinite(found).all()
    assert found[:, 0].tolist() == [1, 1]
    assert 1 < found[0, 1] < 1e6 < found[1, 1]


def test_analogues_are_the_outcomes_near_by() -> None:
    predictions = np.repeat([0.0, 1.0, 2.0], 100)
    outcomes = np.concatenate([np.zeros(100), np.arange(100) % 2, np.full(100, 7)])
    table = Analogues.of(predictions, outcomes, np.ones(300), window=50)
    assert table.knots.tolist() == [0, 1, 2]
    assert table.look_up(np.array([-5.0, 0.0, 1.0, 2.0])).mean().tolist() == [0, 0, 0.5, 7]
    # Half way between the last two: every draw half way between theirs.
    assert set(table.look_up(np.array([1.5])).draws[0]) == {4.0}
    # Beyond the last: log(1 + 7) and as much again as lies beyond, log 2 making 15 of 7.
    assert set(table.look_up(np.array([2 + np.log(2)])).draws[0]) == {15.0}


def test_analogues_of_a_wide_window_are_moved_to_the_prediction() -> None:
    predictions = np.log1p(np.array([1.0, 3.0, 7.0]))
    table = Analogues.of(predictions, np.array([1.0, 3, 7]), np.ones(3), window=3)
    assert (table.look_up(predictions).draws == np.array([[1.0], [3.0], [7.0]])).all()


def test_analogues_count_an_outcome_as_often_as_its_weight_says() -> None:
    # Ten zeros that stand for nine each, and ten events: one month in ten has an event.
    outcomes, weights = np.repeat([0.0, 4.0], 10), np.repeat([9.0, 1.0], 10)
    table = Analogues.of(np.zeros(20), outcomes, weights, window=20)
    assert table.look_up(np.zeros(1)).p_ge(1).tolist() == [0.1]
    assert table.look_up(np.zeros(1)).mean().tolist() == [0.4]


def test_blocks_are_consecutive_months() -> None:
    month = np.repeat(np.arange(24, 31, dtype=np.int32), 2)
    assert lgbm._blocks(month, 3).tolist() == [0] * 6 + [1] * 4 + [2] * 4


def test_one_zero_of_so_many_in_a_row_stands_for_them() -> None:
    outcome = np.array([0, 5, 0, 0, 1, 0, 0, 0, 0, 2], np.float32)  # zeros: 0 2 3 | 5 6 7 | 8
    rows, weight = thin(outcome, zeros=3, seed=[1])
    stand_for = dict(zip(rows.tolist(), weight.tolist(), strict=True))
    assert [stand_for.pop(place) for place in (1, 4, 9, 8)] == [1, 1, 1, 1]
    first, second = stand_for
    assert first in {0, 2, 3}
    assert second in {5, 6, 7}
    assert set(stand_for.values()) == {3}


@pytest.mark.slow
@given(
    outcome=arrays(np.float32, st.integers(0, 60), elements=st.sampled_from([0, 0, 0, 1, 7])),
    zeros=st.integers(1, 9),
    seed=st.integers(0, 5),
)
def test_what_rows_stand_for_adds_up(outcome: np.ndarray, zeros: int, seed: int) -> None:
    rows, weight = thin(outcome, zeros, [seed])
    assert weight.sum() == len(outcome)
    assert (weight * outcome[rows]).sum() == outcome.sum()
    assert (np.diff(rows) > 0).all()
    assert len(rows) == (outcome > 0).sum() + -(-(outcome == 0).sum() // zeros)
    again, _ = thin(outcome, zeros, [seed])
    assert rows.tolist() == again.tolist()


@pytest.mark.slow
def test_fewer_zeros_leave_forecasts_calibrated() -> None:
    whole = world(units=60, span=120, level=0.1, dispersion=2.0)
    rows, came = whole.rows(1, 96, 119), whole.target[:, 97:].T.ravel()
    assert (came == 0).mean() > 0.7
    every, few = (fit("lgbm", whole.until(96), zeros=zeros).forecast(rows) for zeros in (1, 8))
    assert few.p_ge(1).mean() == pytest.approx(every.p_ge(1).mean(), rel=0.05)
    assert few.mean().mean() == pytest.approx(every.mean().mean(), rel=0.1)
    assert scores.crps(few, came).mean() < 1.02 * scores.crps(every, came).mean()


def test_lgbm_keeps_a_file_a_booster_and_bounded_tables() -> None:
    files = fitted("lgbm").dump()
    boosters = {f"lead_{lead:02d}_fold_{fold}.txt" for lead in (1, 3) for fold in range(3)}
    assert set(files) == boosters | {"lgbm.json"}
    for one in json.loads(files["lgbm.json"])["leads"].values():
        assert len(one["analogues"]["knots"]) <= 200
        assert {len(draws) for draws in one["analogues"]["draws"]} == {DRAWS}


def test_lgbm_takes_missing_features() -> None:
    model = fit("lgbm", spoilt(2, np.nan))
    assert model.forecast(spoilt(2, np.nan).now()).draws.shape == (6, DRAWS)


@pytest.mark.parametrize("name", ["exceedance", "lgbm"])
def test_threads_leave_no_trace_in_a_model(name: str, monkeypatch) -> None:
    monkeypatch.setattr(settings(), "threads", 1)
    alone = fit(name, world()).dump()
    monkeypatch.setattr(settings(), "threads", 2)
    assert fit(name, world()).dump() == alone
