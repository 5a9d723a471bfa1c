"""The words of digests in both languages, and their formats."""

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from support.small_digest import MALI, alert, chained, composed, scored

from ewarn.core import columns
from ewarn.core.errors import Unknown
from ewarn.publishing import digest
from ewarn.publishing.digest._words import words

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "src/ewarn/publishing/digest/words"
EN, FR = (json.loads((FOLDER / f"{name}.json").read_text()) for name in ("en", "fr"))
WEB = json.loads((ROOT / "api/ewarn_api/web/words/fr.json").read_text())


@pytest.fixture
def issue(tmp_path):
    return chained(tmp_path)


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
