"""Features: generated names, values from the tiny world, and only what was known."""

from datetime import date

import numpy as np
import pytest
from support import worlds

from ewarn.core import months, specs
from ewarn.core.errors import BadInput, Unknown
from ewarn.data import ingest, panel
from ewarn.forecasting import features
from ewarn.forecasting.features import _backward, _known_ahead

SETS = specs.names("features")


def last(design, name, lead=1):
    """The values of a feature in the last month, (units,)."""
    return design.at(lead, slice(-1, None))[:, design.names.index(name)]


def test_four_sets_are_shipped():
    assert SETS == ["actors", "events", "tempo", "withdrawals"]


def test_values_of_the_world(known):
    design = features.build(known, SETS)
    np.testing.assert_array_equal(last(design, "fatalities.sum_3"), [6, 10, 0, 0, 0, 39])
    # NER-B touches every square but itself: 6 + 10 + 39
    assert last(design, "neighbours.fatalities.sum_3")[4] == 55
    np.testing.assert_array_equal(last(design, "country.fatalities.sum_3"), [16] * 3 + [39] * 3)
    np.testing.assert_array_equal(last(design, "fatalities.months_since_25"), [120] * 5 + [0])
    assert last(design, "active_groups.lag_0").tolist() == [2, 0, 0, 0, 0, 2]


def test_calendar_is_of_the_target_month(known):
    design = features.build(known, ["events"])
    np.testing.assert_allclose(last(design, "ahead.calendar.cos", lead=1), 1)  # January 2021
    np.testing.assert_allclose(last(design, "ahead.calendar.cos", lead=7), -1)  # July 2021


def test_milestones_ahead_are_counted_at_the_target_month(known):
    # In December 2020 a closure in MLI-A is planned for March 2021; Niger's exit was in March 2020.
    design = features.build(known, ["withdrawals"])
    until, since = "ahead.milestones.months_until", "ahead.milestones.months_since"
    assert last(design, until, lead=1).tolist() == [2, 36, 36, 36, 36, 36]
    assert last(design, until, lead=3).tolist() == [0, 36, 36, 36, 36, 36]
    assert last(design, until, lead=4).tolist() == [36] * 6
    assert last(design, since, lead=4).tolist() == [36] * 6  # a plan whose day passed is no record
    country = last(design, "ahead.country_milestones.months_since", lead=1)
    assert country.tolist() == [36, 36, 36, 10, 10, 10]


def test_no_reference_month_uses_what_was_announced_later(known):
    design = features.build(known, ["withdrawals"], ["ahead.milestones.months_until"])
    until = design.at(1, slice(None)).reshape(60, 6)[:, 0]
    june = months.parse("2020-06") - worlds.FIRST
    assert set(until[:june]) == {36}
    assert until[june:].tolist() == [8, 7, 6, 5, 4, 3, 2]


@pytest.mark.parametrize("lead", [1, 12])
def test_features_as_of_earlier_are_a_prefix(loaded, known, lead):
    """What a day's panel gives for its months is what any later panel gives for them."""
    design = features.build(known, SETS)
    then = features.build(panel.build(loaded.inputs, date(2020, 5, 31)), SETS)
    span = slice(0, 53)
    np.testing.assert_array_equal(then.at(lead, span), design.at(lead, span))


@pytest.mark.parametrize("lead", [1, 12])
def test_a_design_of_the_last_months_is_the_end_of_the_whole(known, lead):
    whole, late = features.build(known, SETS), features.build(known, SETS, since=57)
    assert late.behind.shape == (3, 6, len(late.looking))
    for span in (slice(57, 60), slice(58, 59), slice(-1, None)):
        np.testing.assert_array_equal(late.at(lead, span), whole.at(lead, span))


def test_a_few_units_at_a_time_give_what_all_at_once_do(known, monkeypatch):
    whole = features.build(known, SETS).at(1, slice(None))
    monkeypatch.setattr(_backward, "AT_A_TIME", 4)
    np.testing.assert_array_equal(features.build(known, SETS).at(1, slice(None)), whole)


def test_order_of_rows_changes_no_byte(tmp_path, known):
    loaded = ingest.load(worlds.files(tmp_path, shuffle=7))
    other = panel.build(loaded.inputs, worlds.AS_OF)
    one, two = (features.build(some, SETS).at(3, slice(None)) for some in (known, other))
    assert one.tobytes() == two.tobytes()


def test_a_panel_without_a_column_says_which_features_are_missing(known):
    design = features.build(known, ["withdrawals"])
    assert "troops.lag_0" in design.missing  # the tiny world has no deployments
    assert not set(design.missing) & set(design.names)


def test_unknown_feature_names_the_nearest(known):
    with pytest.raises(Unknown, match=r"fatalities\.sum_4.*known: .*fatalities\.sum_3"):
        features.build(known, ["events"], ["fatalities.sum_4"])


@pytest.mark.parametrize(
    ("text", "message"),
    [("median 3", "unknown transform 'median'"), ("mean", "expected one whole number")],
)
def test_a_wrong_line_in_a_set_is_refused(text, message):
    wrong = specs.FeatureSet(name="x", why="y", unit={"events": [text]})
    with pytest.raises((BadInput, Unknown), match=message):
        list(_backward.plan([wrong], ["events"]))


def test_a_wrong_line_ahead_is_refused():
    wrong = specs.FeatureSet(name="x", why="y", ahead={"calendar": ["tan"]})
    with pytest.raises(Unknown, match=r"calendar\.tan"):
        list(_known_ahead.plan([wrong]))


@pytest.mark.parametrize("name", SETS)
def test_shipped_sets_are_whole(name, known):
    features.build(known, [name])
    one = specs.feature_set(name)
    assert one.name == name
    assert one.why
