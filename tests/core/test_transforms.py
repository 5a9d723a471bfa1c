"""Transforms against values worked out by hand, and that they look back only."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ewarn.core import transforms
from ewarn.forecasting.features._backward import VOCABULARY

NAN = np.nan
COUNTS = np.array([[0.0, 3, 0, 1, 8]])


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        ("lag", 0, [0, 3, 0, 1, 8]),
        ("lag", 2, [NAN, NAN, 0, 3, 0]),
        ("sum", 3, [NAN, NAN, 3, 4, 9]),
        ("mean", 2, [NAN, 1.5, 1.5, 0.5, 4.5]),
        ("max", 2, [NAN, 3, 3, 1, 8]),
        ("change", 1, [NAN, 3, -3, 1, 7]),
        ("months_since", 3, [120, 0, 1, 2, 0]),
        ("lost", 2, [NAN, NAN, 3, 3, 0]),
        # half-life 1: 0; 3/1.5; 1.5/1.75; 1.75/1.875; 8.875/1.9375
        # log(1 + count) is 0, log 4, 0, log 2, log 9; the weights as for decay
        (
            "decay_log",
            1,
            np.log([1, 4, 4, 4 * 2**4, 4 * 2**4 * 9**8])
            / [1, 1.5, 2 * 1.75, 4 * 1.875, 8 * 1.9375],
        ),
        # 0; 1/1.5; 0.5/1.75; 1.25/1.875; 1.625/1.9375
        ("often", 1, [0, 1 / 1.5, 0.5 / 1.75, 1.25 / 1.875, 1.625 / 1.9375]),
        ("decay", 1, [0, 2, 1.5 / 1.75, 1.75 / 1.875, 8.875 / 1.9375]),
    ],
)
def test_worked_by_hand(name, number, expected):
    np.testing.assert_allclose(VOCABULARY[name](COUNTS, number)[0], expected)


def test_every_transform_is_worked_by_hand():
    marks = test_worked_by_hand.pytestmark[0].args[1]
    assert {name for name, *_ in marks} == set(VOCABULARY)


def test_a_month_nobody_observed_is_never_a_zero():
    gap = np.array([[1.0, NAN, 2, 4]])
    np.testing.assert_array_equal(transforms.sum(gap, 2), [[NAN, NAN, NAN, 6]])
    np.testing.assert_array_equal(transforms.max(gap, 2), [[NAN, NAN, NAN, 4]])
    np.testing.assert_array_equal(transforms.months_since(gap, 4), [[120, NAN, 120, 0]])
    # half-life 1, weights 1/8, -, 1/2, 1: (1/8 + 1 + 4) / (13/8)
    np.testing.assert_allclose(transforms.decay(gap, 1)[0, 3], 5.125 / 1.625)


_values = arrays.arrays(float, (2, 30), elements=st.integers(0, 500).map(float))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(VOCABULARY))
@given(values=_values, later=_values, month=st.integers(0, 29), number=st.integers(1, 40))
def test_looks_back_only(name, values, later, month, number):
    other = values.copy()
    other[:, month + 1 :] = later[:, month + 1 :]
    seen, unseen = VOCABULARY[name](values, number), VOCABULARY[name](other, number)
    np.testing.assert_array_equal(seen[:, : month + 1], unseen[:, : month + 1])


@pytest.mark.parametrize("name", sorted(VOCABULARY))
def test_takes_values_and_one_number(name):
    assert len(inspect.signature(VOCABULARY[name]).parameters) == 2
