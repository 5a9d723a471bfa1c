"""Draws: checked when made, and every number read from them as by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from ewarn.forecasting.distribution import DRAWS, LEVELS, Distribution, midpoints

DRAWN = arrays(
    np.float32, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.integers(0, 2000)
)


def test_numbers_by_hand() -> None:
    forecast = Distribution.of([[5, 0, 9, 2], [0, 0, 0, 4]])
    assert forecast.draws.dtype == np.float32
    assert forecast.draws.tolist() == [[0, 2, 5, 9], [0, 0, 0, 4]]
    assert forecast.mean().tolist() == [4, 1]
    assert forecast.p_ge(1).tolist() == [0.75, 0.25]
    assert forecast.p_ge(5).tolist() == [0.5, 0]
    assert forecast.p_ge(np.array([9, 4])).tolist() == [0.25, 0.25]
    # A quarter of the draws is at or below the first; a little more needs the second.
    assert forecast.quantile([0.25, 0.251, 0.5, 1]).tolist() == [[0, 2, 2, 9], [0, 0, 0, 4]]


def test_a_quantile_whose_level_times_draws_is_not_exact_in_binary() -> None:
    assert 0.07 * 100 > 7
    assert Distribution.of([np.arange(1, 101)]).quantile(0.07).item() == 7


@pytest.mark.parametrize("draws", [[[1, -1]], [[0.5]], [[np.nan]], [[np.inf]], [[]]])
def test_draws_that_are_not_counts_are_refused(draws: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="draw"):
        Distribution.of(draws)


def test_midpoints_stand_for_equal_shares() -> None:
    assert midpoints(2).tolist() == [0.25, 0.75]
    assert len(midpoints()) == DRAWS


@pytest.mark.slow
@given(DRAWN)
def test_quantiles_rise_and_are_draws(draws: np.ndarray) -> None:
    forecast = Distribution.of(draws)
    quantiles = forecast.quantile(LEVELS)
    assert quantiles.shape == (len(draws), 99)
    assert (np.diff(quantiles, axis=1) >= 0).all()
    for row, found in zip(draws, quantiles, strict=True):
        assert set(found) <= set(row)
        for level, value in zip(LEVELS, found, strict=True):
            assert (row <= value).mean() >= level - 1e-9
            assert (row < value).mean() < level


@given(DRAWN, st.integers(0, 2000))
def test_probabilities_fall_as_the_count_rises(draws: np.ndarray, count: int) -> None:
    forecast = Distribution.of(draws)
    assert (forecast.p_ge(0) == 1).all()
    assert (forecast.p_ge(count) >= forecast.p_ge(count + 1)).all()
