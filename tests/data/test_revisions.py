"""Test the revision model: figures worked out by hand, totals kept, and the scores it must have."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ewarn.data import revisions
from ewarn.data.revisions import Revisions

ROOT = Path(__file__).parents[2]
VINTAGES = ROOT.parent / "shared/data/revisions/ucdp_country_month_vintages_africa.csv.gz"
MIDDLES = (np.arange(100) + 0.5) / 100


def _pairs(*rows):
    columns = ["country", "reported", "final"]
    return pd.DataFrame(rows, columns=columns).assign(age="first", month="2024-01")


def test_where_every_report_doubled_so_do_the_draws():
    model = revisions.fit(_pairs(*[("MLI", 9, 19)] * 30, *[("MLI", 0, 0)] * 30))
    assert set(revisions.level(model, 9, "first", "MLI", MIDDLES)) == {19}  # log(20) - log(10)
    assert set(revisions.level(model, 4, "first", "MLI", MIDDLES)) == {9}
    assert set(revisions.level(model, 0, "first", "MLI", MIDDLES)) == {0}


def test_the_share_that_ends_at_zero_and_the_share_that_begins_there():
    rows = [("MLI", 2, 0)] * 30 + [("MLI", 2, 2)] * 70 + [("MLI", 0, 0)] * 90 + [("MLI", 0, 5)] * 10
    model = revisions.fit(_pairs(*rows))
    two, none = (revisions.level(model, one, "first", "MLI", MIDDLES) for one in (2, 0))
    assert ((two == 0).mean(), (two == 2).mean()) == pytest.approx((0.3, 0.7))
    assert ((none == 0).mean(), (none == 5).mean()) == pytest.approx((0.9, 0.1))


def test_a_country_of_many_months_has_its_own_and_one_of_few_that_of_all():
    rows = [("NGA", 20, 20)] * 200 + [("SDN", 20, 41)] * 40 + [("BEN", 20, 41)]
    model = revisions.fit(_pairs(*rows, *[("MLI", 0, 0)] * 9))
    shares = {
        code: (revisions.level(model, 20, "first", code, MIDDLES) == 41).mean()
        for code in ("NGA", "BEN", "SDN", "KEN")
    }
    assert shares["NGA"] < shares["KEN"] < shares["BEN"] < shares["SDN"]
    of_all = 41 / 241
    assert shares["KEN"] == pytest.approx(of_all, abs=0.03)
    assert shares["SDN"] == pytest.approx(40 / 44 + 4 / 44 * of_all, abs=0.03)  # n / (n + 4)


def test_it_is_read_again_as_it_was_written():
    model = revisions.shipped()
    assert Revisions.from_json(model.to_json()) == model
    assert set(model.by_age) == {"first", "later"}
    assert 0 <= model.correlation < 1


def _histories(order=(0, 1, 2, 3), count=40, seed=0):
    reported = np.array([[12, 0], [3, 0], [0, 0], [5, 7]], float)
    recent = np.array([4.0, 1, 0, 2])
    units, countries = ["A", "B", "C", "D"], ["MLI", "MLI", "MLI", "NER"]
    picked = list(order)
    return revisions.histories(
        revisions.shipped(), reported[picked], recent[picked], [units[at] for at in picked],
        [countries[at] for at in picked], ["later", "first"], count, seed,
    )  # fmt: skip


def test_units_add_up_to_the_countrys_draws_in_whole_numbers():
    found = _histories()
    assert found.shape == (40, 4, 2)
    assert ((found >= 0) & (found == np.rint(found))).all()
    own = np.array([15.0, 0])
    drawn = revisions.totals(revisions.shipped(), own, ["later", "first"], "MLI", 40, 0)
    np.testing.assert_array_equal(found[:, :3].sum(axis=1), drawn)
    middles = (np.arange(40) + 0.5) / 40  # each month has just its quantiles, in some order
    expected = revisions.level(revisions.shipped(), 15, "later", "MLI", middles)
    np.testing.assert_array_equal(np.sort(drawn[:, 0]), expected)


def test_the_order_of_units_changes_nothing_and_the_seed_does():
    order = [3, 1, 0, 2]
    np.testing.assert_array_equal(_histories(order), _histories()[:, order])
    assert (_histories(seed=1) != _histories()).any()


def test_zero_may_become_violence_and_violence_zero():
    found = _histories(count=400)
    assert (found[:, 2, 0] > 0).any()  # a unit without deaths, in a country with some
    assert (found[:, :3, 1].sum(axis=1) > 0).any()  # a country without any
    assert (found[:, 1, 0] == 0).any()


@pytest.mark.realdata
@pytest.mark.skipif(not VINTAGES.is_file(), reason=f"no vintages at {VINTAGES}")
def test_scores_on_months_it_was_not_fitted_on():
    spec = importlib.util.spec_from_file_location("tool", ROOT / "tools/build_revision_prior.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    wide = tool.read(VINTAGES)
    found = tool.scores(wide).loc["all"]
    assert found["n"] == 282
    assert found["difference"] <= -0.2  # CRPS of log1p, against the first report taken as final
    assert 0.85 <= found["covered 90 %"] <= 0.95
    assert found["median country"] <= 0  # CRPS of counts
    shipped = revisions.fit(tool.shipped_pairs(wide))
    assert shipped == revisions.shipped()  # the figures are those of the tool


def _branch(n, gone, shift):
    return revisions.Branch(n, gone, (shift,) * 21)


def _of(branch, **countries):
    figures = revisions.Figures((branch,) * 8, countries, 4.0)
    return Revisions({"first": figures}, 0.2)


def test_figures_of_ones_own_are_weighed_by_how_many_months_they_are_of():
    """30 months of which a fifth end at 0 beside 10 of which none do: 24 and 10 that do not."""
    prior = _of(_branch(30, 0.2, 0.0), MLI=_branch(5, 0.0, 1.0), NGA=_branch(9, 0.5, -1.0))
    own = _of(_branch(10, 0.0, 1.7), MLI=_branch(15, 0.4, 2.0), TCD=_branch(1, 0.0, 0.3))
    found = revisions.combined(own, prior).by_age["first"]
    assert (found.classes[3].n, found.classes[3].gone) == pytest.approx((40, 6 / 40))
    assert found.classes[3].shifts == pytest.approx((17 / 34,) * 21)
    assert (found.countries["MLI"].n, found.countries["MLI"].gone) == pytest.approx((20, 0.3))
    assert found.countries["MLI"].shifts == pytest.approx(((9 * 2 + 5 * 1) / 14,) * 21)
    assert found.countries["NGA"] == prior.by_age["first"].countries["NGA"]
    assert found.countries["TCD"] == own.by_age["first"].countries["TCD"]


def test_classes_nobody_saw_leave_the_shipped_figures():
    prior = _of(_branch(30, 0.2, 0.5))
    assert revisions.combined(_of(_branch(0, 0.0, 0.0)), prior) == prior
