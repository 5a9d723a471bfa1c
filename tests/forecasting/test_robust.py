"""Test that one wrong huge number is capped before a model reads it, and nothing else changes."""

from dataclasses import replace

import numpy as np

from ewarn.core import transforms
from ewarn.forecasting import robust


def _with(known, values):
    return replace(known, columns={"fatalities": np.asarray(values, np.float32)})


def test_a_panel_without_such_a_number_is_the_same_panel(known):
    assert robust.capped(known) is known


def test_a_number_that_stands_alone_is_capped_at_the_units_second_largest(known):
    values = np.tile(known.columns["fatalities"][:, -4:], 1)
    values[:] = [[0, 30, 12, 0], [1, 2, 100_000, 16], [0, 0, 0, 0], [5, 0, 0, 0], *[[0] * 4] * 2]
    found = robust.capped(_with(known, values)).columns["fatalities"]
    assert found[1].tolist() == [1, 2, 16, 16]
    others = np.arange(6) != 1
    np.testing.assert_array_equal(found[others], values[others])


def test_several_huge_numbers_do_not_hide_each_other(known):
    values = np.zeros((6, 4))
    values[:3] = [[0, 30, 100_000, 90_000], [100_000, 2, 100_000, 16], [np.nan, 7, 0, 0]]
    found = robust.capped(_with(known, values)).columns["fatalities"]
    assert found[0].tolist() == [0, 30, 96, 96]  # 6 times 30, and then 6 times the 16 elsewhere
    assert found[1].tolist() == [16, 2, 16, 16]
    np.testing.assert_array_equal(found[2:], values[2:])


def test_months_of_all_sizes_are_left_as_they_are(known):
    values = np.zeros((6, 4))
    values[:2] = [[9_000, 2_000, 500, 100], [30, 2_000, 5, 1]]
    same = _with(known, values)
    assert robust.capped(same) is same


def test_a_war_that_lasts_is_capped_at_six_times_the_largest_elsewhere(known):
    values = np.zeros((6, 4))
    values[:2] = [[0, 50, 20, 0], [9_000, 8_000, 9_500, 7_000]]
    found = robust.capped(_with(known, values)).columns["fatalities"]
    assert found[1].tolist() == [300, 300, 300, 300]


def test_where_others_are_quiet_the_cap_is_that_of_ten_deaths(known):
    values = np.zeros((6, 3))
    values[2] = [40, 59, 60]
    assert robust.capped(_with(known, values)).columns["fatalities"][2].tolist() == [40, 59, 60]
    values[2] = [40, 59, 61]
    assert robust.capped(_with(known, values)).columns["fatalities"][2].tolist() == [40, 59, 59]


def test_groups_carry_no_more_deaths_into_other_units_than_there_were(known):
    deaths, groups = np.zeros((6, 3)), np.zeros((6, 3))
    deaths[:2] = [[0, 30, 12], [8, 100_000, 0]]
    groups[0] = [2, 50_000, 25_000]
    columns = {"fatalities": deaths, "groups_fatalities": groups}
    columns = {name: values.astype(np.float32) for name, values in columns.items()}
    found = robust.capped(replace(known, columns=columns)).columns
    assert found["fatalities"][1].tolist() == [8, 10, 0]  # 30 elsewhere, but LEAST is 10
    totals = transforms.decay(np.array([[8.0, 40, 12]]), 1)  # the month before counts by half
    np.testing.assert_allclose(found["groups_fatalities"][0], [2, *totals[0, 1:]], rtol=1e-6)
