"""The exceedance family: what the past reached, and draws made of probabilities, by hand."""

import dataclasses
import json

import numpy as np
import pytest
from test_families import fit, world

from ewarn.forecasting.families import exceedance
from ewarn.forecasting.families._exceedances import COUNTS, Tail, past

FIVE = list(COUNTS).index(5)


def _rows(target, country):
    target = np.array(target, np.float32)
    units, months = target.shape
    return dataclasses.replace(
        world().now(),
        target=target,
        unit=np.arange(units),
        month=np.full(units, months - 1),
        country=np.array(country),
    )


def test_a_past_that_always_reached_a_count_reaches_it_surely():
    reached = past(_rows([[7] * 9, [7] * 9], ["A", "A"]))
    np.testing.assert_allclose(reached[:, : FIVE + 1], 1)
    assert (reached[:, FIVE + 1 :] == 0).all()


def test_a_quiet_unit_has_its_countrys_chance():
    # One of two units of A reached 5 in every month: the other gets 0.22 of one half.
    reached = past(_rows([[5] * 9, [0] * 9, [0] * 9], ["A", "A", "B"]))[:, FIVE]
    np.testing.assert_allclose(reached, [0.5 + 0.28 + 0.22 * 0.5, 0.22 * 0.5, 0])


def test_the_past_of_a_row_ends_with_its_month():
    rows = _rows([[0, 0, 0, 9]], ["A"])
    assert (past(dataclasses.replace(rows, month=np.array([2]))) == 0).all()


def test_draws_have_the_probabilities_they_were_made_of():
    above = np.array([[0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01], [0.0] * 10])
    draws = Tail(2.0).draws(above)
    for count, share in zip(COUNTS, above[0], strict=True):
        assert draws.p_ge(count) == pytest.approx([share, 0], abs=1e-9)
    # Beyond 250 as c ** -2: the share 0.0025 is reached at 250 * (0.01 / 0.0025) ** (1 / 2).
    assert draws.draws[0, -1] == 500


def test_probabilities_that_rise_with_the_count_are_held_down():
    draws = Tail(2.0).draws(np.array([[0.5, 0.7, *[0.1] * 8]]))
    assert draws.p_ge(2) == pytest.approx([0.5])


def test_the_tail_is_as_steep_as_outcomes_fall():
    law = 99.5 * (1 - np.random.default_rng(0).random(20_000)) ** (-1 / 1.7)
    assert Tail.of(law[law >= 100]).exponent == pytest.approx(1.7, rel=0.03)
    assert Tail.of(np.zeros(5)).exponent == 4


def test_without_trees_it_is_history_alone():
    fitted = fit("exceedance", world(), trees=0)
    assert json.loads(fitted.dump()["lead_01.json"]) == {}
    expected = past(world().now())
    for place, count in enumerate(COUNTS[:6]):
        said = fitted.forecast(world().now()).p_ge(count)
        assert said == pytest.approx(np.clip(expected[:, place], 3e-4, 0.98), abs=0.005)


def test_trees_are_fewer_further_on_and_for_high_counts():
    asked = exceedance.Parameters(trees=110)
    assert [asked.rounds(*one) for one in ((1, 1), (12, 1), (1, 50))] == [110, 59, 55]
