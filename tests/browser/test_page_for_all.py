"""Keyboard and screen reader, contrast, a telephone's width: for whoever reads the page."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from browser.pages import settled

VIEWS = ["", "unit/MLI-GA", "verification", "brief"]
SERIOUS = ("serious", "critical")


def _faults(page):
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page).response["violations"]
    return [
        (one["id"], [node["target"] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [("wide", "light", "en"), ("wide", "dark", "fr"), ("narrow", "light", "fr")],
)
def test_axe_finds_no_serious_fault(opened, view, width, scheme, language):
    assert _faults(opened(view, width, language, scheme)) == []


def test_axe_finds_no_serious_fault_in_failures_and_empty_lists(opened):
    assert _faults(opened("nowhere")) == []
    assert _faults(opened(search="nowhere at all")) == []


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_wider_than_a_telephone(opened, view):
    page = opened(view, "narrow", "fr")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_all_of_it_can_be_reached_by_keyboard(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto(page.url.split("#")[0])
    settled(page)
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"issue", "lead", "measure", "search", "country", "mission", "map"} <= reached
    page.locator(".ranked th a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#life")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_language_is_said_and_can_be_changed(opened, language):
    page = opened(language=language)
    assert page.evaluate("document.documentElement.lang") == language
    other = {"en": "fr", "fr": "en"}[language]
    page.locator(f".languages [lang={other}]").click()
    page.wait_for_selector(f"html[lang={other}]")
    assert f"lang={other}" in page.url
