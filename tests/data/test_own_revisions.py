"""Vintages of one's own: what was final when, and what the revision model learns, by hand."""

from dataclasses import replace
from datetime import date

import pytest
from support.releases import KIDAL, fetched, row, write

from ewarn.core import months
from ewarn.data import ingest, panel, revisions
from ewarn.data.vintages import Store
from ewarn.forecasting import preliminary

NOVEMBER = months.of(2025, 11)


@pytest.fixture(scope="module")
def load(tmp_path_factory):
    """Three states of a source: December 2025, January 2026, and the yearly release of July."""
    folder = tmp_path_factory.mktemp("releases")
    old = write(folder, "GEDEvent_v25_1.csv", row("a", "2023-01-05", 1), row("b", "2024-12-05", 2))
    early = [row("oct", "2025-10-05", 4), row("nov", "2025-11-05", 10)]
    several = write(folder, "GEDEvent_v25_01_25_11.csv", *early)
    december = write(folder, "GEDEvent_v25_0_12.csv", row("dec", "2025-12-05", 7))
    final = [row("nov", "2025-11-05", 10), row("nov2", "2025-11-09", 5, KIDAL)]
    final += [row("a", "2023-01-05", 1), row("b", "2024-12-05", 2)]
    final += [row("oct", "2025-10-05", 4), row("dec2", "2025-12-30", 1)]
    yearly = write(folder, "GEDEvent_v26_1.csv", *final)
    store = Store(folder / "vintages")
    states = [
        [fetched(old, "2025-12-20"), fetched(several, "2025-12-20")],
        [old, several, fetched(december, "2026-01-20")],
        [fetched(yearly, "2026-07-05"), old, several, december],
    ]

    def load(state, as_of=None, reverse=False):
        paths = states[state][::-1] if reverse else states[state]
        return ingest.load(ingest.Files(events=paths, countries=("MLI",)), store, as_of)

    for state in range(3):
        load(state).keep(admit=True)
    return load


def _rows(reports):
    some = reports[reports["month"] >= NOVEMBER - 1]
    return [tuple(row) for row in some[["month", "age", "reported", "final"]].to_numpy()]


def test_each_month_is_a_pair_once_it_is_final(load):
    """October was reported again in December's release of several months, the others once."""
    reports = load(2).inputs.reports
    assert _rows(reports) == [
        (NOVEMBER - 1, "later", 4, 4),
        (NOVEMBER, "first", 10, 15),
        (NOVEMBER + 1, "first", 7, 1),
    ]
    assert len(reports) == 12  # the months of 2025, in one country
    assert set(reports["known_on"]) == {date(2026, 7, 5)}


def test_before_the_yearly_release_nothing_is_learned(load):
    assert load(1).inputs.reports is None
    loaded = load(2)
    assert panel.build(loaded.inputs, date(2026, 7, 4)).revisions is None
    assert load(2, date(2026, 7, 4)).inputs.reports is None


def test_the_order_of_the_files_changes_nothing(load):
    assert load(2).inputs.reports.equals(load(2, reverse=True).inputs.reports)


def test_the_panel_carries_the_shipped_figures_combined_with_ones_own(load):
    known = panel.build(load(2).inputs, date(2026, 7, 5))
    own = revisions.fit(load(2).inputs.reports)
    assert known.revisions == revisions.combined(own, revisions.shipped())
    assert known.revisions != revisions.shipped()


def test_a_backtest_has_as_final_what_was_final_then(load):
    inputs = load(2).inputs
    then = panel.at(inputs, NOVEMBER + 1)
    assert (months.label(then.final_through), then.preliminary) == ("2024-12", 12)
    assert then.ages == ["later"] * 10 + ["first"] * 2
    now = panel.build(inputs, date(2026, 7, 5))
    assert (months.label(now.final_through), now.preliminary) == ("2025-12", 0)


def test_histories_are_drawn_by_the_model_of_the_panel(load):
    """Were every report final, nothing would be drawn but what was reported."""
    known = panel.at(load(1).inputs, NOVEMBER + 1)
    shift = (0.0,) * len(revisions.shipped().by_age["first"].classes[0].shifts)
    same = revisions.Branch(9, 0.0, shift)
    none = revisions.Branch(9, 1.0, shift)
    figures = revisions.Figures((none, *[same] * 7), {}, 4.0)
    exact = replace(known, revisions=revisions.Revisions({"first": figures}, 0.0))
    for one in preliminary.histories(exact, 3):
        assert (one.columns["fatalities"] == known.columns["fatalities"]).all()
    assert any(
        (one.columns["fatalities"] != known.columns["fatalities"]).any()
        for one in preliminary.histories(known, 3)
    )


def test_a_note_states_how_many_months_were_learned_from(load):
    note = "revisions learned from 12 country-months of earlier vintages, too"
    assert note in load(2).notes
    assert note not in load(1).notes
