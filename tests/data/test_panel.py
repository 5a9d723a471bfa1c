"""The panel: totals kept, deployments carried forward, only what was known on the day."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from support import worlds

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.data import ingest, panel
from ewarn.data.panel import _groups, _tempo
from ewarn.data.panel._grid import Grid


def test_totals_are_kept(known):
    assert known.shape == (6, 60)
    assert known.columns["events"].sum() == worlds.EVENTS
    assert known.columns["fatalities"].sum() == worlds.FATALITIES
    assert known.columns["fatalities_state_based"].sum() == worlds.FATALITIES
    assert known.columns["fatalities_one_sided"].sum() == 0


def test_cells_are_those_of_the_world(known):
    mli_b = known.columns["fatalities"][1]
    assert mli_b.sum() == 200
    assert set(mli_b) == {0, 10}
    assert known.columns["events"][5].tolist() == [0.0] * 59 + [39.0]
    assert known.columns["active_groups"][0].tolist() == [2.0] * 60  # the army and a group


def test_neighbours_are_those_of_the_world(known):
    np.testing.assert_array_equal(known.neighbours.toarray(), worlds.NEIGHBOURS)


def test_an_earlier_day_sees_a_prefix(loaded, known):
    then = panel.build(loaded.inputs, date(2019, 8, 30))  # August had not ended
    assert months.label(then.reference_month) == "2019-07"
    for name in ("events", "fatalities", "active_groups"):
        np.testing.assert_array_equal(then.columns[name], known.columns[name][:, :43])


def test_a_day_before_everything_is_refused(loaded):
    with pytest.raises(BadInput, match=r"as_of: found 2016-01-30; expected .* 2016-01 to 2020-12"):
        panel.build(loaded.inputs, date(2016, 1, 30))


def test_milestones_count_in_the_month_they_become_known(known):
    announced, effective = (
        known.columns[f"milestones_{name}"] for name in ("announced", "effective")
    )
    june, march = months.parse("2020-06") - worlds.FIRST, months.parse("2020-03") - worlds.FIRST
    assert np.argwhere(announced).tolist() == [[0, june]]  # planned, in MLI-A alone
    assert np.argwhere(effective).tolist() == [[3, march], [4, march], [5, march]]  # all of Niger


def test_a_milestone_not_yet_known_is_not_there(loaded):
    before = panel.build(loaded.inputs, date(2020, 6, 9))
    assert before.milestones["milestone_id"].tolist() == ["M2"]
    assert before.columns["milestones_announced"].sum() == 0


def test_a_map_stands_until_the_next_one_and_a_year_at_most():
    maps = _maps((0, "A", 2, 100.0), (0, "A", 4, 50.0), (1, "A", 4, 10.0))
    columns = _build(maps, 24).columns
    assert np.isnan(columns["troops"][:, :2]).all()  # before any map
    np.testing.assert_array_equal(columns["troops"][0, 2:17], [100] * 2 + [50] * 13)
    np.testing.assert_array_equal(columns["bases"][1, 2:17], [0] * 2 + [1] * 13)
    assert np.isnan(columns["troops"][:, 17:]).all()  # nobody has mapped any mission for a year
    assert columns["troops_change"][0, 4] == -50


def test_a_mission_that_another_takes_over_is_not_counted_twice():
    """B's first map has one of A's two bases; C's has one of the three that then stand."""
    maps = _maps((0, "A", 0, 100.0), (1, "A", 0, 50.0), (0, "B", 3, 80.0), (2, "B", 3, 10.0))
    columns = _build(maps, 6).columns
    np.testing.assert_array_equal(columns["troops"][0], [100, 100, 100, 80, 80, 80])
    np.testing.assert_array_equal(columns["bases"][1], [1, 1, 1, 0, 0, 0])
    three = _maps((0, "A", 0, 1.0), (1, "A", 0, 1.0), (2, "A", 0, 1.0), (0, "C", 3, 1.0))
    np.testing.assert_array_equal(_build(three, 6).columns["bases"][0], [1, 1, 1, 2, 2, 2])


def test_troops_nobody_told_are_missing_not_zero():
    columns = _build(_maps((0, "A", 1, np.nan), (0, "A", 3, 20.0)), 6).columns
    np.testing.assert_array_equal(columns["troops"][0], [np.nan, np.nan, np.nan, 20, 20, 20])
    np.testing.assert_array_equal(columns["bases"][0], [np.nan, 1, 1, 1, 1, 1])


_rows = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 11), st.integers(0, 9)), min_size=1)


@pytest.mark.slow
@given(rows=_rows, seed=st.randoms())
def test_totals_are_kept_and_order_changes_nothing(rows, seed):
    shuffled = rows.copy()
    seed.shuffle(shuffled)
    one, other = (_counted(some) for some in (rows, shuffled))
    assert one.columns["fatalities"].sum() == sum(dead for *_, dead in rows)
    assert one.columns["events"].sum() == len(rows)
    pd.testing.assert_frame_equal(one.frame(), other.frame())


@pytest.mark.slow
@pytest.mark.realdata
def test_every_real_event_is_in_the_panel_or_set_aside(shared_data):
    path = shared_data / "ged/ged211_africa.csv.gz"
    official = pd.read_csv(path)
    loaded = ingest.load(ingest.Files(events=path))
    assert loaded.day == date(2021, 1, 20)  # UCDP tells of a month 20 days after its end
    known = panel.build(loaded.inputs, loaded.day)
    aside = loaded.set_aside[loaded.set_aside["file"] == path.name]
    lost = official.iloc[aside["row"] - 2]["best"].sum()
    assert known.columns["events"].sum(dtype=float) + len(aside) == len(official) == 36_546
    assert known.columns["fatalities"].sum(dtype=float) + lost == official["best"].sum()
    assert known.shape == (860, 384)


def _units() -> pd.DataFrame:
    return pd.DataFrame({"code": ["A", "B", "C"], "country": ["MLI", "MLI", "NER"]})


ALONE = csr_array((3, 3))  # no unit has a neighbour


def _counted(rows: list[tuple[int, int, int]]) -> panel.Panel:
    counts = pd.DataFrame(rows, columns=["unit", "month", "fatalities"])
    counts = counts.assign(month=counts["month"] + worlds.FIRST, events=1)
    made = panel.Inputs(_units(), ALONE, worlds.FIRST, worlds.FIRST + 11, counts=counts)
    return panel.build(made, months.last_day(worlds.FIRST + 11))


def _maps(*rows: tuple[int, str, int, float]) -> pd.DataFrame:
    maps = pd.DataFrame(rows, columns=["unit", "mission", "month", "troops"])
    return maps.assign(month=maps["month"] + worlds.FIRST, place=maps["unit"].map("base {}".format))


def _build(maps: pd.DataFrame, span: int) -> panel.Panel:
    nothing = pd.DataFrame({"unit": [0], "month": [worlds.FIRST], "events": 0, "fatalities": 0})
    last = worlds.FIRST + span - 1
    made = panel.Inputs(_units(), ALONE, worlds.FIRST, last, counts=nothing, deployments=maps)
    return panel.build(made, months.last_day(last))


GRID = Grid(2, 0, 1)


def _of_group(rows):
    """Events of one group, from (unit, day, fatalities)."""
    unit, day, fatalities = zip(*rows, strict=True)
    day = pd.to_datetime(list(day))
    table = {"unit": unit, "day": day, "month": day.month - 1, "fatalities": fatalities}
    return pd.DataFrame(table | {"actor_a": "G", "actor_b": "Civilians", "type_of_violence": 0})


def test_an_event_counts_half_ten_days_before_the_end_of_its_month():
    events = _of_group([(0, "2020-01-21", 4), (0, "2020-01-31", 1), (1, "2020-02-29", 2)])
    cells = dict(_tempo.columns(GRID, events))
    np.testing.assert_allclose(cells["late_events"], [[1.5, 0], [0, 1]])
    np.testing.assert_allclose(cells["late_fatalities"], [[3, 0], [0, 2]])
    assert cells["active_days"].tolist() == [[2, 0], [0, 1]]


def test_what_a_group_does_elsewhere_is_shared_out_as_its_events_were():
    # One event in unit 0 in January, three in unit 1 in February.
    events = _of_group([(0, "2020-01-05", 8), *[(1, "2020-02-05", 2)] * 3])
    cells = dict(_groups.columns(GRID, events))
    old = 0.5 ** (1 / 60)  # what January weighs in February, in the group's memory of places
    lately = (0.5 ** (1 / 6) * 1 + 3) / (0.5 ** (1 / 6) + 1)  # the group's events everywhere
    here = old / (old + 3)
    np.testing.assert_allclose(cells["groups_events"][:, 1], [here * lately, (1 - here) * lately])
    # In January all was in unit 0, and unit 1 knew nothing of it.
    assert cells["groups_fatalities"][:, 0].tolist() == [8, 0]


def test_what_groups_do_is_kept_in_total(known):
    # Two months of memory or sixty: shares of a group sum to 1, so nothing is lost between units.
    total = known.columns["groups_events"].sum(axis=0)
    assert (total > 0).all()
    assert total[-1] == pytest.approx(_decayed_events(known), rel=1e-5)


def _decayed_events(known):
    """Events by side, a month weighing half as much every six months."""
    events = 2 * known.columns["events"].sum(axis=0)
    age = np.arange(len(events))[::-1]
    return float((events * 0.5 ** (age / 6)).sum() / (0.5 ** (age / 6)).sum())
