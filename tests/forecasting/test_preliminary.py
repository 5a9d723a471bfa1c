"""Test forecasts from preliminary counts: plausible final histories, mixed, explained to the last
digit.
"""

from dataclasses import replace

import numpy as np
import pytest

from ewarn.core import specs
from ewarn.core.errors import BadInput
from ewarn.explain import drivers
from ewarn.forecasting import escalation, model, outputs, preliminary
from ewarn.publishing import tables

MONTHS = 5


@pytest.fixture
def open_end(known):
    """The panel, of which the last five months are preliminary."""
    return replace(known, final_through=known.reference_month - MONTHS)


def _spec(**more):
    small = {
        "leads": [1, 2],
        "feature_sets": ["events"],
        "columns": ["fatalities.lag_0", "fatalities.mean_12"],
    }
    return specs.model("negbin").model_copy(update=small | more)


def test_only_violence_in_preliminary_months_changes_and_whole_deaths_are_drawn(open_end):
    panels = preliminary.histories(open_end)
    assert len(panels) == 20
    for one in panels:
        for name, cells in one.columns.items():
            np.testing.assert_array_equal(
                cells[:, :-MONTHS], open_end.columns[name][:, :-MONTHS], err_msg=name
            )
            if not name.startswith(("fatalities", "events", "late_")):
                np.testing.assert_array_equal(cells, open_end.columns[name], err_msg=name)
        deaths = one.columns["fatalities"]
        assert ((deaths >= 0) & (deaths == np.rint(deaths))).all()
        assert (one.columns["events"][deaths > 0] > 0).all()  # no deaths without an event
    sums = {float(one.columns["fatalities"].sum()) for one in panels}
    assert len(sums) > 1


def test_the_histories_are_the_same_again_and_their_mean_is_what_is_expected(open_end):
    panels, again = preliminary.histories(open_end), preliminary.histories(open_end)
    for one, other in zip(panels, again, strict=True):
        np.testing.assert_array_equal(one.columns["fatalities"], other.columns["fatalities"])
    deaths = np.mean([one.columns["fatalities"] for one in panels], axis=0)
    np.testing.assert_allclose(preliminary.expected(panels).columns["fatalities"], deaths)


def test_a_panel_of_final_months_has_one_history_itself(known):
    assert preliminary.histories(known) == (known,)
    assert preliminary.final(known).shape == known.shape


def test_a_panel_without_a_final_month_teaches_nothing(known):
    with pytest.raises(BadInput, match="no final month"):
        preliminary.final(replace(known, final_through=known.first_month - 1))


def test_a_model_learns_from_final_months_alone(open_end):
    changed = {name: cells.copy() for name, cells in open_end.columns.items()}
    changed["fatalities"][:, -MONTHS:] += 100
    other = replace(open_end, columns=changed)
    assert model.digest(model.fit(_spec(), open_end)) == model.digest(model.fit(_spec(), other))
    reported = _spec(preliminary="as reported")
    assert model.digest(model.fit(reported, open_end)) != model.digest(model.fit(reported, other))


def test_the_forecast_is_the_mixture_of_those_from_each_history(open_end):
    fitted = model.fit(_spec(), open_end)
    found = model.forecast(fitted, open_end)
    assert found.corrected == MONTHS
    each = [
        fitted.fitted.forecast(next(iter(model.rows(fitted, one))))
        for one in preliminary.histories(open_end)
    ]
    for count in (1, 5, 25):
        mean = np.mean([one.p_ge(count) for one in each], axis=0)
        np.testing.assert_allclose(found.by_lead[1].p_ge(count), mean, atol=1 / 200)


def test_as_reported_the_forecast_is_from_the_panel_as_it_is(open_end):
    fitted = model.fit(_spec(preliminary="as reported"), open_end)
    found = model.forecast(fitted, open_end)
    assert found.corrected == 0
    assert found.expected is open_end


def test_drivers_add_up_to_the_mixed_risk_with_what_the_correction_adds(open_end):
    found = model.forecast(model.fit(_spec(), open_end), open_end)
    table = drivers.table(found)
    for lead, own in table.groupby("lead"):
        units = own.groupby("unit", sort=False)
        total = units["contribution"].sum() + units["reference_risk"].first()
        risk = escalation.risk(outputs.class_probabilities(found, lead))
        np.testing.assert_allclose(total.to_numpy(), risk, atol=1e-12)
        assert all(sorted(ranks) == list(range(1, 10)) for _, ranks in units["driver_rank"])
    correction = table[table["driver"] == "preliminary"]
    assert correction["contribution"].abs().max() > 0
    assert correction["sentence_fr"].str.contains("derniers mois provisoires").all()


def test_the_history_of_an_issue_has_reported_and_expected_deaths(open_end):
    found = model.forecast(model.fit(_spec(), open_end), open_end)
    history = tables.history(found.panel, found.expected)
    some = history[history["is_preliminary"]]
    assert len(some) == MONTHS * len(open_end.units)
    reported = open_end.columns["fatalities"][:, -MONTHS:].ravel()
    np.testing.assert_array_equal(some["fatalities"], reported)
    assert (some["expected_final"] != some["fatalities"]).any()
    rest = history[~history["is_preliminary"]]
    np.testing.assert_array_equal(rest["expected_final"], rest["fatalities"])
