"""The digest of an issue: its facts by hand, its words in both languages, and its formats."""

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from support import small_issue

from ewarn.core import columns
from ewarn.core.errors import Unknown
from ewarn.evaluation import verification
from ewarn.publishing import digest
from ewarn.publishing import issue as issues
from ewarn.publishing.digest import Inputs, Place, Scope, _facts, _milestones
from ewarn.publishing.digest._words import words

ROOT = Path(__file__).parents[2]
TODAY = date(2021, 1, 15)
FOLDER = ROOT / "src/ewarn/publishing/digest/words"
EN, FR = (json.loads((FOLDER / f"{name}.json").read_text()) for name in ("en", "fr"))
WEB = json.loads((ROOT / "api/ewarn_api/web/words/fr.json").read_text())
MALI = Scope("Mali desk", frozenset({"MLI-gao", "MLI-mopti"}), (1, 2, 3), 0.05)


@pytest.fixture
def issue(tmp_path):
    """The small issue, a month after another."""
    before = small_issue.earlier(tmp_path)
    return small_issue.written(tmp_path, last_issue=before.id)


def scored(**escalated):
    """Forecasts of December 2020 at lead 1 beside outcomes: risks 0.09 down to 0.04."""
    codes = list(small_issue.units()["code"])
    rows = [
        {
            "unit": code,
            "risk": (9 - place) / 100,
            "expected": 1.0,
            "is_escalation": code in escalated,
        }
        for place, code in enumerate(codes)
    ]
    return pd.DataFrame(rows).assign(lead=1, target_month="2020-12")


def composed(issue, language="en", scope=Scope(), url="", **inputs):  # noqa: B008
    facts = digest.collect(issue, scope, Inputs(TODAY, **inputs))
    return digest.compose(facts, language, url)


# Facts


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


def alert(**changed):
    row = dict.fromkeys(columns.TABLES["alerts"])
    row |= {"admin1_code": "MLI-gao", "admin1_name": "Gao", "location_code": "MLI"}
    row |= {"location_name": "Mali", "target_month": "2021-02", "measure": "risk"}
    return row | {"measured": 0.31, "threshold": 0.3, "reason": "threshold"} | changed


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


# Words


def test_both_languages_have_the_same_phrases_with_the_same_names():
    names = re.compile(r"{(\w+)}")
    assert list(EN) == list(FR)
    differ = {key for key in EN if set(names.findall(EN[key])) != set(names.findall(FR[key]))}
    assert differ == {"finding_with", "finding_older"}  # evidence is in English


def test_the_page_and_the_digest_use_the_same_words():
    for key in set(FR) & set(WEB):
        if key.startswith(("kind_", "driver_")):
            assert FR[key] == WEB[key], key
        if key.startswith("part_"):
            assert FR[key].casefold() == WEB[key].casefold(), key


def test_every_part_has_words():
    assert {f"part_{name}" for name in columns.PARTS_OF_A_CHANGE} <= set(EN)


def test_numbers_and_days_are_written_as_in_french():
    write = words("fr")
    assert write.percent(0.31) == "31\u202f%"
    assert write.percent(0.001) == "<\u00a01\u202f%"
    assert write.count(12345) == "12\u202f345"
    assert write.day(date(2021, 3, 1)) == "1er mars 2021"
    assert write.many("rises", 0) == "0 hausse"
    assert write.country("TCD", "Chad") == "Tchad"
    assert write.points(-3) == "−3 points"


def test_a_text_in_french_has_no_english(issue):
    rows = scored(**{"MLI-gao": 1, "MLI-mopti": 1})
    found = composed(issue, "fr", MALI, alerts=[alert(issue=issue.id)], scored=rows)
    text = digest.text(found)
    english = {"the", "of", "and", "issue", "month", "risk", "none", "since", "days", "data"}
    assert not english & set(re.findall(r"[a-z]+", text.lower()))
    assert not re.search(r"[^\u202f\u00a0][;!?%]|\d\.\d| [;:!?%]", text)


def test_a_language_without_words_is_unknown(issue):
    with pytest.raises(Unknown, match="language 'de'"):
        composed(issue, "de")


# Formats


class Seen(HTMLParser):
    """The tags of a page, with attributes, and its text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.shown = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.shown += data


@pytest.mark.parametrize("language", ["en", "fr"])
def test_html_has_no_script_no_style_sheet_and_no_other_host(issue, language):
    page = Seen(digest.html(composed(issue, language, url="https://w.example"), "cid:map"))
    assert not {"script", "link", "iframe", "style"} & {tag for tag, _ in page.tags}
    assert [of["src"] for tag, of in page.tags if tag == "img"] == ["cid:map"]
    links = [of["href"] for tag, of in page.tags if tag == "a"]
    assert all(one.startswith(f"https://w.example/?issue={issue.id}&lang=") for one in links)
    assert any(one.endswith("#/unit/TCD-lac") for one in links)


def test_without_an_address_of_the_page_there_are_no_links(issue):
    page = digest.html(composed(issue), "map.png")
    assert "<a " not in page
    assert "](" not in digest.markdown(composed(issue), "map.png").replace("](map.png)", "")


def test_simulated_is_marked_in_every_format(issue):
    found = composed(issue)
    for text in (digest.html(found, "m"), digest.markdown(found, "m"), digest.text(found)):
        assert "SIMULATED EVENTS" in text
    assert found.subject.startswith("[SIMULATED] ")


NASTY = "<script>alert(1)</script>\r\nBcc: all@example.org\n# *bold* [x](http://evil) | `c`"


def test_names_add_no_markup_in_any_format(issue):
    found = composed(issue, scope=replace(MALI, name=NASTY))
    page = Seen(digest.html(found, "m"))
    assert "script" not in {tag for tag, _ in page.tags}
    assert "<script>alert(1)</script>" in page.shown
    assert not re.search(r"[\r\n]", found.subject)
    text = digest.markdown(found, "m")
    assert r"\<script\>" in text
    assert "](http://evil)" not in text.replace(r"\](http://evil)", "")
    assert r"\*bold\*" in text
    assert not re.search(r"^# \*", text, re.M)
    assert "\r" not in digest.text(found)


def test_language_of_the_drivers_is_that_of_the_digest(issue):
    assert "1 événement ici" in digest.text(composed(issue, "fr"))
    assert "1 event here" in digest.text(composed(issue, "en"))
