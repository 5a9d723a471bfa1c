"""Classes of change at their edges, and the risk that is read from them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from ewarn.core.errors import BadInput
from ewarn.core.specs import Thresholds
from ewarn.forecasting import escalation
from ewarn.forecasting.distribution import Distribution

USUAL = Thresholds()


@pytest.mark.parametrize(
    ("outcome", "base", "name"),
    [
        (0, 0, "stable"),
        (4, 0, "stable"),
        (5, 0, "increase"),  # at least 5
        (24, 0, "increase"),
        (25, 0, "large_increase"),  # at least 25
        (49, 40, "stable"),
        (50, 40, "increase"),  # at least a quarter of 40
        (79, 40, "increase"),
        (80, 40, "large_increase"),  # at least as much again
        (0, 4.5, "stable"),
        (0, 5, "decrease"),
        (91, 100, "stable"),
        (75, 100, "decrease"),  # a quarter
        (51, 100, "decrease"),
        (50, 100, "large_decrease"),  # half
        (0, 25, "large_decrease"),
        (0, 24, "decrease"),
    ],
)
def test_classes_at_their_edges(outcome: float, base: float, name: str) -> None:
    place = escalation.classify(np.array([outcome]), np.array([base]), USUAL)
    assert place.dtype == np.int8
    assert escalation.CLASSES[place.item()] == name


def test_large_wins_where_its_threshold_is_the_lower() -> None:
    odd = Thresholds(floor=50, large_floor=10)
    assert escalation.classify(np.array([20, 0]), np.array([0, 20]), odd).tolist() == [4, 0]


def test_probabilities_by_hand() -> None:
    forecast = Distribution.of([[0, 10, 30, 60], [0, 0, 0, 0]])
    found = escalation.probabilities(forecast, np.array([10.0, 0]), USUAL)
    # Changes from 10: -10 a decrease, 0 stable, +20 an increase, +50 a large one.
    assert found.tolist() == [[0, 0.25, 0.25, 0.25, 0.25], [0, 0, 1, 0, 0]]
    assert escalation.risk(found).tolist() == [0.5, 0]


@given(
    arrays(
        np.float32,
        array_shapes(min_dims=2, max_dims=2, max_side=12),
        elements=st.integers(0, 300),
    ),
    st.floats(0, 200),
)
def test_probabilities_sum_to_one_and_agree_with_classes(draws: np.ndarray, usual: float) -> None:
    base = np.full(len(draws), usual)
    found = escalation.probabilities(Distribution.of(draws), base, USUAL)
    assert found.sum(axis=1) == pytest.approx(1)
    classes = escalation.classify(draws[:, 0], base, USUAL)
    assert (found[np.arange(len(draws)), classes] > 0).all()


@given(st.integers(0, 40_000), st.floats(0.1, 60), st.floats(0, 3), st.floats(0.1, 60))
def test_the_least_increase_is_where_classes_begin_to_be_increases(
    total: int, floor: float, share: float, large: float
) -> None:
    base = np.array([total / 12])
    rules = Thresholds(floor=floor, share=share, large_floor=large)
    count = escalation.least_increase(base, rules)
    up = [escalation.CLASSES[escalation.classify(count - x, base, rules).item()] for x in (0, 1)]
    assert up[0] in ("increase", "large_increase")
    assert up[1] not in ("increase", "large_increase")


def test_base_and_onset() -> None:
    nan = np.nan
    history = np.array([[0.0] * 12, [6.0] + [0] * 11, [nan] * 10 + [0, 3], [nan] * 11 + [0]])
    assert escalation.base(history).tolist() == [0, 0.5, 1.5, 0]
    assert escalation.is_onset(history).tolist() == [True, False, False, True]


def test_a_row_that_nobody_observed_is_refused() -> None:
    with pytest.raises(BadInput, match="1 rows without an observed month"):
        escalation.base(np.array([[0.0] * 12, [np.nan] * 12]))
