"""The brief, older issues, and what is shown when something is simulated, old, missing or slow."""

import json
import re

import pytest
from support import served, small_watch
from support.small_issue import written

from browser.pages import settled
from ewarn.core.settings import Settings
from ewarn.database import Database

ROWS = ".ranked tbody tr"


def test_the_brief_has_a_page_a_country(reader):
    page = reader.open("brief")
    assert page.locator(".sheet").count() == 10
    sheet = page.locator(".sheet").first
    assert sheet.locator("svg path.border").count() > 3
    assert reader.words["coming_title"] in sheet.inner_text()
    assert reader.words["simulated"] in sheet.inner_text()
    page.locator("#country").select_option("MLI")
    settled(page)
    assert page.locator(".sheet h3").all_text_contents() == ["Mali"]
    assert "Barkhane" in page.locator(".sheet").inner_text()
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name=reader.words["print"]).click()
    assert page.evaluate("window.printed")


def test_the_brief_prints_a_country_a_page(opened):
    page = opened("brief")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 10


def test_as_of_shows_what_was_said_then(reader, site):
    page = reader.open()
    page.locator("#issue").select_option(site.older)
    page.wait_for_selector(".state.past")
    settled(page)
    assert "2020" in page.locator("output[for=lead]").inner_text()  # then, lead 1 was December
    assert page.locator(".ranked caption").inner_text().count("2020") == 1
    page.locator(f"{ROWS} th a").first.click()
    page.wait_for_selector("#life svg")
    page.locator("#life details summary").first.click()
    assert page.locator("#life details").first.locator("tbody tr").count() == 35
    assert page.locator("#past .empty").count() == 1
    page.get_by_role("button", name=reader.words["to_newest"]).click()
    page.wait_for_selector(".state:not(.past)")
    settled(page)
    assert "issue=" not in page.url


def test_simulated_data_carry_a_banner_that_stays_in_view(reader):
    page = reader.open("unit/MLI-GA")
    banner = page.locator("#simulated")
    assert banner.inner_text() == reader.words["simulated"]
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(100)
    assert banner.bounding_box()["y"] == 0
    assert page.title().startswith(f"[{reader.words['made_up']}]")


def test_old_data_are_called_old(reader):
    page = reader.open()
    assert page.locator(".state.old").count() == 1


def test_data_that_are_behind_are_called_so(opened):
    def behind(route):
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"months_behind": 2})

    page = opened()
    page.route("**/v1/overview*", behind)
    page.reload()
    settled(page)
    assert "2 months" in page.locator(".state.behind").inner_text()


def test_what_is_loading_says_so(reader):
    page = reader.open()
    page.route("**/v1/overview*", lambda _: None)  # never answered
    page.goto("about:blank")
    page.go_back(wait_until="commit")
    page.wait_for_selector("main[aria-busy=true]", state="attached")
    assert page.locator(".state.loading").count() == 1


@pytest.mark.parametrize(
    ("status", "said"), [(500, "failed"), (429, "too_many"), (503, "none_yet"), (0, "unreachable")]
)
def test_a_failure_takes_away_what_was_shown_and_can_be_tried_again(opened, status, said):
    page = opened(expected="Failed to load resource")
    words = page.evaluate("fetch('web/words/en.json').then((one) => one.json())")

    def fail(route):
        if status:
            problem = {"title": "wrong", "detail": "what was wrong"}
            route.fulfill(status=status, body=json.dumps(problem))
        else:
            route.abort()

    page.route("**/v1/overview*", fail)
    page.get_by_role("link", name=words["how_good"]).click()
    alert = page.locator(".error")
    alert.wait_for()
    assert alert.locator("h2").inner_text() == words[said]
    assert page.locator("svg, canvas, table").count() == 0
    page.unroute("**/v1/overview*")
    page.get_by_role("button", name=words["again"]).click()
    page.wait_for_selector("#alerts")


def test_a_service_without_an_issue_says_what_to_do(opened, tmp_path):
    with served.serving(tmp_path) as service:
        page = opened(url=service.url, expected="503")
        assert "make forecast" in page.locator(".error").inner_text()
        page.close()  # before the service stops: what still loads would be refused


def test_a_page_that_is_not_there(reader):
    page = reader.open("nowhere")
    assert "nowhere" in page.locator(".error").inner_text()


def test_where_reading_needs_a_key_it_is_asked_for_and_then_used(opened, tmp_path):
    settings = Settings(home=tmp_path)
    written(settings.issues)
    key = small_watch.a_key(Database(settings.database))["X-Api-Key"]
    with served.serving(tmp_path, EWARN_READ="keyed") as service:
        page = opened("unit/MLI-gao", url=service.url, expected="401")
        assert page.locator(".error h2").inner_text().startswith("A key")
        page.locator(".error .signing input").fill(key)
        page.locator(".error .signing button").click()
        page.wait_for_selector("#life svg")
        with page.expect_download() as waited:  # which a plain link could not
            page.get_by_role("button", name="History, CSV").click()
        assert "MLI-gao" in waited.value.path().read_text()
