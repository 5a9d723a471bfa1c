"""Scores against constants worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from ewarn.evaluation import scores
from ewarn.forecasting import strata
from ewarn.forecasting.distribution import Distribution

COUNT = st.integers(0, 500)


def test_crps_by_hand() -> None:
    # E|X - y| = (2 + 1 + 2) / 3 and E|X - X'| = 2 * (1 + 4 + 3) / 9, so 5/3 - 8/9 = 7/9.
    forecast = Distribution.of([[0, 1, 4]])
    assert scores.crps(forecast, np.array([2.0])) == pytest.approx(7 / 9)


def test_crps_log1p_by_hand() -> None:
    # Draws of log 1 and log 4, outcome log 2, in units of log 2: 0 and 2, and 1.
    # E|X - y| = 1 and E|X - X'| = 1, so half a log 2.
    forecast = Distribution.of([[0, 3]])
    assert scores.crps_log1p(forecast, np.array([1.0])) == pytest.approx(0.5 * np.log(2))


def test_crps_of_more_rows_than_a_chunk() -> None:
    number = scores._CHUNK + 1
    forecast = Distribution.of(np.zeros((number, 2)))
    assert scores.crps(forecast, np.arange(number)).tolist() == list(range(number))
    assert scores.crps(Distribution.of(np.empty((0, 2))), np.empty(0)).shape == (0,)


@given(arrays(np.float32, 5, elements=COUNT), arrays(np.float32, 5, elements=COUNT))
def test_crps_of_a_point_is_its_absolute_error(said: np.ndarray, came: np.ndarray) -> None:
    forecast = Distribution.of(np.repeat(said[:, None], 7, axis=1))
    assert scores.crps(forecast, came) == pytest.approx(np.abs(said - came))


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=COUNT), COUNT)
def test_crps_is_the_energy_form_over_all_pairs(draws: np.ndarray, count: int) -> None:
    came = np.full(len(draws), count)
    pairs = np.abs(draws[:, :, None] - draws[:, None, :]).mean(axis=(1, 2))
    expected = np.abs(draws - count).mean(axis=1) - pairs / 2
    assert scores.crps(Distribution.of(draws), came) == pytest.approx(expected, abs=1e-4)


def test_brier_by_hand() -> None:
    found = scores.brier(np.array([0.2, 0.2, 1.0]), np.array([True, False, True]))
    assert found == pytest.approx([0.64, 0.04, 0])


def test_average_precision_by_hand() -> None:
    # Taken in the order yes, no, yes: precision 1 at half of the recall, 2/3 at the rest.
    happened = np.array([True, False, True])
    assert scores.average_precision(np.array([0.9, 0.8, 0.1]), happened) == pytest.approx(5 / 6)
    assert np.isnan(scores.average_precision(np.array([0.9]), np.array([False])))


def test_coverage_includes_both_ends() -> None:
    forecast = Distribution.of(np.tile(np.arange(1, 101), (4, 1)))  # q05 is 5 and q95 is 95
    held = scores.coverage(forecast, np.array([4, 5, 95, 96]))
    assert held.tolist() == [False, True, True, False]
    assert scores.coverage(forecast, np.array([25, 26, 75, 76]), 0.5).tolist() == [1, 1, 1, 0]


@pytest.mark.slow
@given(st.integers(0, 2**32 - 1))
def test_coverage_of_the_truth_is_about_its_share(seed: int) -> None:
    made = np.random.default_rng(seed).poisson(1000, (400, 201))
    held = scores.coverage(Distribution.of(made[:, 1:]), made[:, 0])
    assert 0.82 < held.mean() < 0.97


def test_pit_by_hand() -> None:
    # Of the draws 0 0 1 3: below 0 is none, up to 0 a half; below 1 a half, up to 1 three quarters.
    forecast = Distribution.of(np.tile([0, 0, 1, 3], (4, 1)))
    found = scores.pit(forecast, np.array([0.0, 1, 2, 9]), seed=7)
    luck = np.random.default_rng(7).random(4)
    assert found == pytest.approx([luck[0] / 2, 0.5 + luck[1] / 4, 0.75, 1])
    assert (found == scores.pit(forecast, np.array([0.0, 1, 2, 9]), seed=7)).all()


@given(st.integers(0, 2**32 - 1))
def test_pit_of_the_truth_is_even_where_zeros_are_many(seed: int) -> None:
    made = np.random.default_rng(seed).poisson(0.2, (400, 201))  # closed intervals hold 98 %
    found = scores.pit(Distribution.of(made[:, 1:]), made[:, 0], (seed, 1))
    assert 0.82 < ((found >= 0.05) & (found <= 0.95)).mean() < 0.97


def test_rps_by_hand() -> None:
    # Cumulative 0.2 0.7 1 against 0 1 1 (the second class): 0.04 + 0.09. Wrong end to end: 1 + 1.
    said = np.array([[0.2, 0.5, 0.3], [1, 0, 0], [0, 0, 1]])
    assert scores.rps(said, np.array([1, 2, 2])) == pytest.approx([0.13, 2, 0])


def test_precision_at_top_by_hand() -> None:
    score = np.array([0.9, 0.5, 0.5, 0.5, 0.1])
    happened = np.array([True, True, False, False, True])
    # The first, and of the three level ones, a third of which happened, one place.
    assert scores.precision_at_top(score, happened, 2) == pytest.approx((1 + 1 / 3) / 2)
    assert scores.precision_at_top(score, happened, 1) == 1
    assert scores.precision_at_top(score, happened, 20) == pytest.approx(3 / 5)
    assert np.isnan(scores.precision_at_top(np.empty(0), np.empty(0, bool)))


def test_strata_by_hand() -> None:
    history = np.zeros((6, 24))
    history[1, 23] = 1  # begun
    history[2, 11] = 1  # ended
    history[3, [11, 12]] = 1  # in both years
    history[4, :20] = np.nan  # nobody looked
    history[5, :], history[5, 12] = np.nan, 2
    expected = ["quiet", "transition", "transition", "active", "quiet", "transition"]
    assert strata.strata(history).tolist() == expected


def test_share_of_top_by_hand() -> None:
    outcome, score = np.array([0.0, 9, 5, 5]), np.array([1.0, 4, 1, 2])
    assert scores.share_of_top(outcome, score, 1) == 0.5
    assert scores.share_of_top(outcome, score, 2) == 0.75  # of the two fives, the larger score
    assert scores.share_of_top(outcome, score) == 1
    assert np.isnan(scores.share_of_top(outcome, np.zeros(4)))


def test_paired_interval() -> None:
    difference = np.array([-0.3, -0.1, -0.2, 0.0, -0.4])
    low, high = scores.paired_interval(difference, seed=3)
    assert -0.4 < low < difference.mean() < high < 0
    assert (low, high) == scores.paired_interval(difference, seed=3)
    wider = scores.paired_interval(difference, seed=3, level=0.99)
    assert wider[0] < low
    assert wider[1] > high
    assert scores.paired_interval(np.full(3, -1.0), seed=1) == (-1, -1)
    assert np.isnan(scores.paired_interval(np.array([1.0]), seed=1)).all()
