"""The pool: mixtures scored, weighted and calibrated as worked out by hand."""

import dataclasses

import numpy as np
import pytest
from test_families import world

from ewarn.core.errors import Unknown
from ewarn.evaluation import scores
from ewarn.forecasting.distribution import Distribution, midpoints
from ewarn.forecasting.families import _weights, decayed_history, pool

ONES = Distribution.of(np.full((4, 10), 1.0))
ZEROS = Distribution.of(np.zeros((4, 10)))


def test_weighted_draws_by_hand():
    # Shares 1/4, 1/4, 1/2 of the counts 7, 0, 3: in order 0 to 1/4, 3 to 3/4, 7 to 1.
    said = Distribution.weighted([[7, 0, 3]], [1, 1, 2], [0.1, 0.25, 0.26, 0.75, 0.76])
    assert said.draws.tolist() == [[0, 0, 3, 3, 7]]


def test_weighted_draws_of_many_rows_are_those_of_each_alone():
    random = np.random.default_rng(0)
    values, weights = random.integers(0, 9, (50, 7)), random.random((50, 7))
    together = Distribution.weighted(values, weights).draws
    alone = [Distribution.weighted(values[[i]], weights[[i]]).draws[0] for i in range(50)]
    assert (together == np.stack(alone)).all()


def test_history_weighs_half_as_much_every_half_life():
    rows = world().now()
    rows = dataclasses.replace(
        rows, target=np.array([[8, 4, 2]] * 6, np.float32), month=rows.month * 0 + 2
    )
    fitted = decayed_history.DecayedHistory(decayed_history.Parameters(months=3, half_life=1))
    # Weights 1/7, 2/7, 4/7 of the counts 8, 4, 2, oldest first: 2 up to 4/7, 4 up to 6/7.
    draws = fitted.forecast(rows).draws[0]
    assert [(draws == count).mean() for count in (2, 4, 8)] == pytest.approx(
        [0.57, 0.285, 0.145], abs=0.005
    )


def test_the_error_of_a_mixture_is_its_crps():
    outcome = np.array([0, 1, 3, 30], np.float32)
    errors = _weights.errors([ZEROS, ONES], outcome)
    share = np.array([0.3, 0.7])
    mixed = Distribution.weighted([[0, 1]] * 4, share, midpoints(1000))
    assert share @ errors[0] @ share == pytest.approx(scores.crps(mixed, outcome).mean(), rel=0.05)
    assert errors[0][0, 0] == pytest.approx(np.mean([0, 1, 3, 30]), rel=0.05)  # |0 - y|
    assert errors[1][0, 0] == pytest.approx(np.log1p([0, 1, 3, 30]).mean(), rel=0.05)


def test_a_member_that_is_always_right_gets_all_the_weight():
    errors = _weights.errors([ZEROS, ONES], np.ones(4, np.float32))
    np.testing.assert_allclose(_weights.weights(errors), [0, 1], atol=1e-3)


def test_two_members_that_are_right_in_turn_share_the_weight():
    errors = _weights.errors([ZEROS, ONES], np.array([0, 0, 1, 1], np.float32))
    np.testing.assert_allclose(_weights.weights(errors), [0.5, 0.5], atol=1e-3)


def test_a_calibrated_forecast_is_read_at_its_own_levels():
    edges = np.linspace(0, 1, 101)
    reached = _weights.transform(edges[:-1], edges[1:])
    np.testing.assert_allclose(_weights.levels(reached), midpoints(), atol=1e-6)


def test_a_forecast_too_low_is_read_higher_up():
    # Outcomes always lie in the upper half of what is said: the levels run from 1/2 to 1.
    reached = _weights.transform(np.full(5, 0.5), np.ones(5))
    np.testing.assert_allclose(_weights.levels(reached), 0.5 + midpoints() / 2, atol=1e-3)


def test_weights_are_learned_from_members_that_knew_no_later_outcome(monkeypatch):
    asked = []
    whole = type(world()).until

    def until(self, month):
        asked.append(month)
        return whole(self, month)

    monkeypatch.setattr(type(world()), "until", until)
    fitted = pool.fit(world(), pool.Parameters(past=24))
    assert set(asked) == {60 - 24}
    for mixture in fitted.mixtures.values():
        assert set(mixture.weights) == set(pool.STRATA)
        for share in mixture.weights.values():
            assert sum(share) == pytest.approx(1)


def test_a_member_that_is_no_family_is_refused():
    with pytest.raises(Unknown, match="oracle"):
        pool.fit(world(), pool.Parameters(members={"oracle": pool.Member()}))


def test_onsets_are_a_stratum_apart_from_continuations():
    # Two years of a unit each: none; all of it ended a year ago; begun this year; in both years.
    history = np.zeros((4, 24), np.float32)
    history[1, 3] = history[2, 20] = history[3, [3, 20]] = 5
    rows = dataclasses.replace(
        world().now(), target=history, unit=np.arange(4), month=np.full(4, 23)
    )
    assert pool._strata(rows).tolist() == ["quiet", "ended", "transition", "active"]


def test_a_family_can_be_a_member_twice():
    twice = {
        "short": pool.Member(family="decayed_history", parameters={"half_life": 1}),
        "long": pool.Member(family="decayed_history", parameters={"half_life": 60}),
    }
    fitted = pool.fit(world(), pool.Parameters(past=24, members=twice))
    again = pool.load(dict(fitted.dump()))
    rows = world().now()
    assert (again.forecast(rows).draws == fitted.forecast(rows).draws).all()
    assert again.members["short"].parameters.half_life == 1
