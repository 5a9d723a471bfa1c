"""Milestones: which of several statements holds, until when, and that nothing looks ahead."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ewarn.cli import _output
from ewarn.core import months
from ewarn.data import panel
from ewarn.data.sources.milestones import PLANNED, RECORDED
from ewarn.forecasting import features

FIRST = months.parse("2023-01")
UNITS = pd.DataFrame({"code": ["A", "B", "C"], "country": ["MLI", "MLI", "NER"]})
NEIGHBOURS = csr_array(np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32))
TARGET = "2023-07"  # what the tests below ask about, with the knowledge of June, at lead 1


def rows(*lines):
    """Tidy milestones of mission M in unit A from lines of kind, announced, effective, and more."""
    table = pd.DataFrame([_row(number, *line) for number, line in enumerate(lines)])
    return table.astype(dict.fromkeys(["known_on", "effective_on"], "datetime64[s]"))


def _row(number, kind, announced, effective, more=None):
    told, day = (pd.Timestamp(one) if one else pd.NaT for one in (announced, effective))
    known = told if kind in PLANNED or pd.isna(day) else max(told, day)
    return {
        "milestone_id": f"M{number}", "country": "MLI", "mission": "M", "place": "Ber", "unit": 0,
        "kind": kind, "ends": (PLANNED | RECORDED)[kind], "is_planned": kind in PLANNED,
        "known_on": known, "effective_on": day, "confidence": "high",
    } | (more or {})  # fmt: skip


def made(milestones, deployments=None, last="2023-12"):
    counts = pd.DataFrame({"unit": [0], "month": [FIRST], "events": [0], "fatalities": [0.0]})
    last_month = months.parse(last)
    return panel.Inputs(
        UNITS, NEIGHBOURS, FIRST, last_month,
        counts=counts, milestones=milestones, deployments=deployments,
    )  # fmt: skip


def known(milestones, as_of="2023-06-30"):
    return panel.build(made(milestones), date.fromisoformat(as_of))


def of(built, name, lead=1, unit=0):
    """One feature of one unit in the newest month."""
    design = features.build(built, ["withdrawals"])
    return design.at(lead, slice(-1, None))[unit, design.names.index(f"ahead.{name}")]


def until(*lines, as_of="2023-06-30"):
    return of(known(rows(*lines), as_of), "milestones.months_until")


PLAN = ("planned_base_closure", "2023-04-01", "2023-08-15")


def test_a_later_plan_replaces_the_earlier_one_from_the_day_it_is_known():
    later = ("planned_base_closure", "2023-06-20", "2023-10-15")
    assert until(PLAN, later, as_of="2023-06-19") == 2  # May is the reference month: from June
    assert until(PLAN, later, as_of="2023-06-20") == 4
    assert until(PLAN, later) == 3
    assert until(later, PLAN) == 3  # whichever row comes first


def test_a_plan_brought_back_to_life_holds_again():
    later = ("planned_base_closure", "2023-05-01", "2023-10-15")
    again = ("planned_base_closure", "2023-06-01", "2023-08-15")
    assert until(PLAN, later, again) == 1


@pytest.mark.parametrize("other", [{"place": "Gao"}, {"mission": "N"}, {"unit": 1}])
def test_a_plan_for_another_place_or_mission_replaces_nothing(other):
    assert until(PLAN, ("planned_base_closure", "2023-06-20", "2023-10-15", other)) == 1


def test_another_kind_of_end_replaces_nothing():
    assert until(PLAN, ("liquidation_start", "2023-06-20", "2023-10-15")) == 1
    assert until(PLAN, ("withdrawal_deadline", "2023-06-20", "2023-10-15")) == 1


def test_a_deadline_replaces_the_announcement_of_the_same_withdrawal():
    announced = ("announcement", "2023-04-01", "2023-08-15")
    assert until(announced, ("withdrawal_deadline", "2023-06-20", "2023-10-15")) == 3


def test_contingents_are_not_told_apart_so_none_replaces_another():
    leaving = [("tcc_withdrawal_announced", f"2023-0{month}-01", "2023-09-30") for month in (3, 4)]
    built = known(rows(*leaving))
    assert of(built, "milestones.contingents_to_leave") == 2
    assert of(built, "milestones.months_until") == 36


def test_places_without_a_name_are_not_taken_for_one():
    nameless = [("planned_base_closure", f"2023-0{month}-01", "2023-09-30", {"place": ""})
                for month in (3, 4)]  # fmt: skip
    assert of(known(rows(*nameless)), "milestones.bases_to_close") == 2


def test_a_statement_without_a_date_takes_none_away():
    vague = ("planned_base_closure", "2023-05-01", "")
    built = known(rows(PLAN, vague))
    assert of(built, "milestones.months_until") == 1
    assert of(built, "milestones.bases_to_close") == 1  # one base, told of twice
    assert of(built, "milestones.bases_to_close", lead=3) == 0  # September


def test_a_base_without_a_date_stands_to_close_until_it_has():
    vague = ("planned_base_closure", "2023-05-01", "")
    assert of(known(rows(vague)), "milestones.bases_to_close", lead=12) == 1
    closed = ("base_closure", "2023-06-02", "2023-06-01")
    assert of(known(rows(vague, closed)), "milestones.bases_to_close") == 0


@pytest.mark.parametrize("kind", ["planned_base_closure", "tcc_withdrawal_announced"])
def test_a_recorded_closure_ends_the_plans_for_that_base(kind):
    plan = (kind, "2023-04-01", "2023-08-15", {"place": "BER"})
    early = ("base_handover", "2023-06-10", "2023-06-09")
    name = "contingents_to_leave" if kind.startswith("tcc") else "bases_to_close"
    before, after = (known(rows(plan, early), f"2023-06-{day}") for day in ("09", "10"))
    assert of(before, f"milestones.{name}") == 1
    assert of(after, f"milestones.{name}") == 0
    assert of(after, "milestones.months_until") == 36
    assert of(after, "milestones.months_since") == 0  # June, at lead 1 of May


def test_a_mission_gone_has_no_base_left_to_close_but_its_deadlines_stand():
    deadline = ("withdrawal_deadline", "2023-04-01", "2023-09-30", {"unit": -1, "place": ""})
    gone = ("mission_exit", "2023-06-10", "2023-06-09", {"place": "HQ", "unit": 1})
    built = known(rows(PLAN, deadline, gone))
    assert of(built, "milestones.bases_to_close") == 0
    assert of(built, "country_milestones.months_until") == 2


def test_announced_after_it_took_effect_is_unknown_before():
    late = ("operation_end", "2023-06-01", "2023-05-30")
    assert of(known(rows(late), "2023-05-31"), "milestones.months_since") == 36
    assert of(known(rows(late), "2023-06-01"), "milestones.months_since") == 1  # May from June


def test_scopes():
    """A plan in B is A's and C's neighbour's; Mali's (A and B) but not Niger's (C)."""
    built = known(rows((*PLAN, {"unit": 1})))
    own, near, nation = (
        [of(built, f"{scope}months_until", unit=unit) for unit in range(3)]
        for scope in ("milestones.", "neighbours_milestones.", "country_milestones.")
    )
    assert (own, near, nation) == ([36, 1, 36], [1, 36, 1], [1, 1, 36])


def test_a_mandate_ends_within_the_lead():
    mandate = ("mandate_end", "2023-04-01", "2023-08-15", {"unit": -1})
    past = ("mandate_end", "2023-04-01", "2023-06-30", {"unit": -1, "mission": "N"})
    built = known(rows(mandate, past))
    ends = [of(built, "country_milestones.mandate_ends", lead) for lead in (1, 2, 3)]
    assert ends == [0, 1, 1]  # July, August, September; June itself has been


def test_of_two_known_the_same_day_the_surer_counts_and_it_is_said(capsys):
    unsure = ("planned_base_closure", "2023-04-01", "2023-10-15", {"confidence": "low"})
    for lines in ((PLAN, unsure), (unsure, PLAN)):
        built = known(rows(*lines))
        assert of(built, "milestones.months_until") == 1
    _output.panel(built)
    assert (
        "M, Ber: M0 gives 2023-10 (known 2023-04-01, confidence low), M1 gives 2023-08"
        " (known 2023-04-01, confidence high): the second counts"
    ) in capsys.readouterr().out


def test_of_two_records_the_one_known_latest_counts_and_it_is_said():
    first = ("base_closure", "2023-03-02", "2023-03-01")
    second = ("base_handover", "2023-05-02", "2023-04-20", {"confidence": "low"})
    built = known(rows(first, second))
    assert of(built, "milestones.months_since") == 3  # April from July
    assert of(known(rows(first, second), "2023-04-30"), "milestones.months_since") == 2
    (said,) = panel.disagreements(built.milestones)
    assert said.startswith("M, Ber: M0 gives 2023-03 (known 2023-03-02")


def test_a_changed_plan_or_the_same_month_twice_is_no_disagreement():
    later = ("planned_base_closure", "2023-06-20", "2023-10-15")
    same = ("planned_base_closure", "2023-06-20", "2023-10-31", {"confidence": ""})
    built = known(rows(PLAN, later, same))
    assert list(panel.disagreements(built.milestones)) == []


def test_a_recorded_exit_ends_what_the_mission_has_standing():
    maps = pd.DataFrame({"unit": [0, 0], "mission": ["M", "N"], "month": FIRST})
    maps = maps.assign(place="Ber", troops=100.0)
    gone = rows(("mission_exit", "2023-06-05", "2023-04-30"))
    standing = panel.build(made(gone, maps), date(2023, 12, 31)).columns["bases"][0]
    assert standing.tolist() == [2] * 5 + [1] * 7  # known in June, though it left in April
    ahead = rows(("mission_exit", "2023-03-01", "2023-04-30"))
    standing = panel.build(made(ahead, maps), date(2023, 12, 31)).columns["bases"][0]
    assert standing.tolist() == [2] * 4 + [1] * 8  # to the end of its last month


_day = st.dates(date(2023, 1, 1), date(2024, 3, 31))
_lines = st.lists(
    st.tuples(
        st.sampled_from([*PLANNED, *RECORDED]),
        _day,
        st.none() | _day,
        st.fixed_dictionaries(
            {
                "unit": st.integers(-1, 2),
                "country": st.sampled_from(["MLI", "NER"]),
                "mission": st.sampled_from(["M", "N", ""]),
                "place": st.sampled_from(["", "Ber", "ber", "Gao"]),
                "confidence": st.sampled_from(["", "low", "high"]),
            }
        ),
    ),
    min_size=1,
    max_size=12,
)
_bases = st.tuples(
    st.sampled_from(["M", "N"]), st.integers(0, 2), st.integers(0, 11), st.sampled_from(["X", "Y"])
)


@pytest.mark.slow
@settings(max_examples=40)
@given(lines=_lines, maps=st.lists(_bases, min_size=1), step=st.integers(0, 11))
def test_looks_back_only(lines, maps, step):
    """What a later panel gives for a month is what was known at its end."""
    given_ = made(rows(*lines), _maps(maps))
    full, then = (
        features.build(panel.build(given_, months.last_day(FIRST + last)), ["withdrawals"])
        for last in (11, step)
    )
    for lead in (1, 6):
        span = slice(0, step + 1)
        np.testing.assert_array_equal(then.at(lead, span), full.at(lead, span))


@pytest.mark.slow
@settings(max_examples=30)
@given(lines=_lines, maps=st.lists(_bases, min_size=1), random=st.randoms())
def test_order_of_rows_changes_nothing(lines, maps, random):
    tables = rows(*lines), _maps(maps)
    seed = random.randrange(1000)
    shuffled = (table.sample(frac=1, random_state=seed) for table in tables)
    one, other = (
        features.build(panel.build(made(*some), date(2023, 12, 31)), ["withdrawals"])
        for some in (tables, shuffled)
    )
    assert one.at(3, slice(None)).tobytes() == other.at(3, slice(None)).tobytes()


def _maps(bases):
    maps = pd.DataFrame(bases, columns=["mission", "unit", "month", "place"])
    return maps.assign(month=maps["month"] + FIRST, troops=50.0)
