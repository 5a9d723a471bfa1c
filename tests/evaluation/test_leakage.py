"""The leakage test: what it compares, what it plants, and that it finds what looks ahead."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from support import worlds

from ewarn.core import months, specs
from ewarn.core.errors import BadInput
from ewarn.data import panel
from ewarn.evaluation import leakage
from ewarn.evaluation.leakage._planting import DEAD, plant
from ewarn.forecasting import features
from ewarn.forecasting.features import _withdrawals

SETS = ["events", "actors", "withdrawals"]


def spec(*columns, leads=(1, 3)):
    update = {"leads": list(leads), "columns": list(columns), "feature_sets": SETS}
    return specs.model("negbin").model_copy(update=update)


def checks(checked):
    return {one.check for one in checked.findings}


def test_what_is_planted_is_known_from_the_next_day(loaded):
    june = months.parse("2018-06")
    more = plant(loaded.inputs, 4, june)
    before, after = (panel.build(more, day) for day in (date(2018, 6, 30), date(2018, 7, 31)))
    without = panel.build(loaded.inputs, date(2018, 7, 31))
    for name, cells in before.columns.items():
        np.testing.assert_array_equal(cells, without.columns[name][:, :-1])
    assert before.milestones.empty
    assert len(after.milestones) == 5
    assert after.columns["fatalities"][4, -1] == DEAD
    assert after.columns["events"].sum() - without.columns["events"].sum() == 1


@pytest.mark.slow
def test_nothing_is_found_and_the_planted_facts_show_later(loaded, known):
    checked = leakage.check(spec(), loaded.inputs, known)
    assert checked.findings == ()
    assert checked.leads == (1, 3)
    assert checked.planted_after == checked.months[-1]
    # Months are known to what was planted: deaths, and ends ahead and on record.
    assert checked.noticed > 40


@pytest.mark.slow
def test_another_seed_draws_other_months(loaded, known):
    one, other = (
        leakage.check(spec("fatalities.lag_0"), loaded.inputs, known, at) for at in (0, 1)
    )
    assert one.months != other.months


def test_monthly_counts_without_milestones(known, loaded):
    table = pd.DataFrame({"unit": 0, "month": worlds.FIRST, "events": [1], "fatalities": [2.0]})
    bare = replace(loaded.inputs, events=None, counts=table, milestones=None)
    checked = leakage.check(spec(), bare, panel.build(bare, known.as_of))
    assert checked.findings == ()
    assert checked.noticed > 20


def test_a_transform_that_looks_ahead_is_found_by_both_checks(loaded, known, monkeypatch):
    def ahead(values, number):
        return np.roll(values, number - 1, axis=1)

    monkeypatch.setitem(features._backward.VOCABULARY, "lag", ahead)
    checked = leakage.check(spec("fatalities.lag_0"), loaded.inputs, known)
    assert checks(checked) == {"rebuilt", "planted"}
    planted = next(one for one in checked.findings if one.check == "planted")
    assert planted.month == checked.planted_after  # the month before the planted event
    assert planted.trained_on - planted.known_then == DEAD
    assert str(planted) == (
        f"fatalities.lag_0 of {planted.unit} in {planted.month} is {planted.trained_on:g} in a"
        f" panel with later facts planted, and {planted.known_then:g} without"
    )


def test_milestones_read_before_they_were_known_are_found(loaded, known, monkeypatch):
    """Features that go by the day of effect alone, as if it had always been known."""
    monkeypatch.setattr(
        _withdrawals, "_holds", lambda _, rows: np.ones((len(rows["unit"]), 1), bool)
    )
    checked = leakage.check(spec(), loaded.inputs, known)
    planted = {one.feature for one in checked.findings if one.check == "planted"}
    own, nation = "ahead.milestones.", "ahead.country_milestones."
    assert {f"{own}months_until", f"{own}bases_to_close", f"{own}months_since"} <= planted
    assert {f"{own}contingents_to_leave", f"{nation}mandate_ends"} <= planted


@pytest.mark.slow
def test_a_leak_of_what_nobody_planted_or_knew_in_the_file_is_found_by_planting(
    loaded, known, monkeypatch
):
    """Without milestones of its own, a panel rebuilt cannot show that they are read too early."""
    monkeypatch.setattr(
        _withdrawals, "_holds", lambda _, rows: np.ones((len(rows["unit"]), 1), bool)
    )
    bare = replace(loaded.inputs, milestones=None)
    checked = leakage.check(spec(), bare, panel.build(bare, known.as_of))
    assert checks(checked) == {"planted"}


def test_a_panel_without_training_rows_is_refused(loaded):
    short = panel.build(loaded.inputs, date(2016, 3, 31))
    with pytest.raises(BadInput, match="panel: found 3 months; expected more than 3"):
        leakage.check(spec(), loaded.inputs, short)
