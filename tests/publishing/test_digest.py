"""The facts of a digest, worked out by hand on the small issue."""

from dataclasses import replace
from datetime import date

import pytest
from support import small_issue
from support.small_digest import MALI, TODAY, alert, chained, composed, scored

from ewarn.core import columns
from ewarn.evaluation import verification
from ewarn.publishing import digest
from ewarn.publishing import issue as issues
from ewarn.publishing.digest import Inputs, Place, Scope, _facts, _milestones


@pytest.fixture
def issue(tmp_path):
    return chained(tmp_path)


def test_what_is_new_since_the_issue_before(issue):
    facts = digest.collect(issue, Scope(), Inputs(TODAY))
    assert facts.new_months == ("2020-12",)
    assert (facts.age_days, facts.units, facts.overdue_days) == (15, 6, 0)
    assert facts.due == date(2021, 1, 31)  # the source has no delay


def test_overdue_counts_from_the_day_it_was_due_and_the_margin(issue):
    facts = digest.collect(issue, Scope(), Inputs(date(2021, 2, 20), overdue_margin=14))
    assert facts.overdue_days == 6  # 20 days after 31 January, less 14


def test_rises_are_by_points_and_carry_their_parts(issue):
    """At lead 3 risks are 0.20, 0.16 and 0.12 and were a tenth less: 2, 2 and 1 points; the two of
    0.08 moved by less than a point, and of Tibesti no change is known.
    """
    facts = digest.collect(issue, Scope(), Inputs(TODAY))
    found = [(one.place.code, one.target_month, one.points) for one in facts.rises]
    march = "2021-03"
    assert found == [
        ("TCD-lac", march, 2), ("NER-tillaberi", march, 2), ("NER-diffa", march, 1)
    ]  # fmt: skip
    assert facts.falls == ()
    assert facts.rises[0].parts == {}
    # Of tillaberi's 0.016 new events gave twice as much, calendar and model took half of it each.
    parts = facts.rises[1].parts
    assert parts["new_events"] == pytest.approx(0.032)
    assert next(iter(parts)) == "new_events"
    assert sum(parts.values()) == pytest.approx(0.016)


def test_a_fall_is_a_fall(tmp_path):
    tables = small_issue.tables(is_first=False)
    change = tables["changes"]
    change["last_risk"] = change["risk"] + 0.05
    change["risk_change"] = change["risk"] - change["last_risk"]
    change[list(columns.PARTS_OF_A_CHANGE)] = 0.0
    change["new_events"] = change["risk_change"]
    before = small_issue.earlier(tmp_path)
    told = small_issue.about(last_issue=before.id)
    made = issues.write(tmp_path, tables, told, small_issue.FILES, small_issue.NOW)
    facts = digest.collect(made, Scope(leads=(1,)), Inputs(TODAY))
    assert facts.rises == ()
    assert {one.points for one in facts.falls} == {-5}
    item = digest.compose(facts, "en").sections[1].items[0]
    assert (item.badge, item.tone) == ("−5 points", "fall")
    assert "Through: new events −5 points" in item.lines


def test_a_first_issue_has_nothing_to_compare_with(tmp_path):
    found = composed(small_issue.written(tmp_path))
    assert found.sections[1].notes == ("There is no issue before this one to compare with.",)
    assert "this is the first issue" in digest.text(found)


def test_milestones_are_those_of_the_units_and_of_their_countries(issue):
    """Barkhane's in Gao and MINUSMA's in Mali are 60 days ahead; UNIFIL's is elsewhere."""
    facts = digest.collect(issue, Scope(), Inputs(TODAY))
    assert [(one.mission, one.place.name) for one in facts.milestones] == [
        ("MINUSMA", ""), ("Barkhane", "Gao")
    ]  # fmt: skip
    niger = digest.collect(issue, Scope("Niger", frozenset({"NER-diffa"})), Inputs(TODAY))
    assert niger.milestones == ()


@pytest.mark.parametrize(("day", "n"), [("2021-03-31", 1), ("2021-04-01", 0), ("2020-12-31", 0)])
def test_milestones_are_of_the_ninety_days_after(day, n):
    """Ninety days after 31 December 2020 is 31 March 2021; one of the day itself is over."""
    stones = small_issue.milestones()[:1].assign(effective_on=day)
    places = {"MLI-gao": Place("MLI-gao", "Gao", "MLI", "Mali")}
    assert len(_milestones.coming(stones, places, date(2020, 12, 31))) == n


def test_the_record_counts_hits_false_alarms_and_misses(issue):
    """Risks from 0.05 flag the first five of six: one of them escalated, and the sixth did."""
    rows = scored(**{"MLI-gao": 1, "TCD-tibesti": 1})
    facts = digest.collect(issue, Scope(threshold=0.05), Inputs(TODAY, scored=rows))
    record = facts.record
    assert [one.code for one in record.hits] == ["MLI-gao"]
    assert [len(one) for one in (record.false_alarms, record.misses)] == [4, 1]
    assert (record.scored, record.lead, record.target_month) == (6, 1, "2020-12")


def test_the_record_of_a_list_is_about_its_units_alone(issue):
    rows = scored(**{"MLI-gao": 1, "TCD-tibesti": 1})
    record = digest.collect(issue, MALI, Inputs(TODAY, scored=rows)).record
    assert (len(record.hits), len(record.false_alarms), len(record.misses)) == (1, 1, 0)
    assert record.scored == 2


def test_the_record_gives_its_sample_size(issue):
    text = digest.text(composed(issue, scored=scored(**{"MLI-gao": 1})))
    assert "Of 6 flagged, 1 escalated and 5 did not; 0 escalated without being flagged." in text
    assert "These counts are over 6 units and one month: too few" in text


def test_as_many_are_flagged_as_verification_flags():
    assert verification.TOP == _facts.TOP


def test_alerts_of_this_issue_are_new_and_those_it_ended_are_counted(issue):
    rows = [alert(issue=issue.id), alert(issue=issue.id, target_month="2021-01", measured=0.4)]
    rows += [alert(issue="2020-11-x", ended_by=issue.id)]
    section = composed(issue, scope=MALI, alerts=rows).sections[2]
    assert [(one.head, one.text) for one in section.items] == [
        ("Gao, Mali", "January 2021 40%; February 2021 31%")
    ]
    assert section.notes == ("At or above the threshold of the list: risk 30%.",)
    assert section.after == ("1 earlier alert ended.",)


def test_alerts_of_several_measures_have_their_thresholds(issue):
    extreme = {"measure": "p_ge_100", "measured": 0.5, "threshold": 0.5, "reason": "extreme"}
    rows = [alert(issue=issue.id), alert(issue=issue.id, target_month="2021-01", **extreme)]
    (item,) = composed(issue, scope=MALI, alerts=rows).sections[2].items
    assert item.text == (
        "January 2021: chance of 100 deaths or more 50%, threshold 50% (an extreme);"
        " February 2021: risk 31%, threshold 30%"
    )


def test_a_list_whose_alerts_were_not_run_has_that_stated_not_none(issue):
    section = composed(issue, scope=MALI).sections[2]
    assert section.notes == ("The alerts of this list have not been run on this issue.",)
    none = composed(issue, scope=MALI, alerts=[]).sections[2]
    assert none.notes == ("This issue raised no alert.",)


def test_units_that_the_issue_has_not_are_named(issue):
    scope = replace(MALI, units=frozenset({"MLI-gao", "XXX"}))
    found = composed(issue, scope=scope)
    assert found.warnings == ("Not in this issue, so nothing is stated about them: XXX.",)
    assert found.subtitle == "Mali desk, 1 unit"
