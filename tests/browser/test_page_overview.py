"""The risk map: map, list, filters, watch lists, downloads, clicked through."""

import csv
import io
import json
import struct

import pytest

from browser.pages import settled, until

ROWS = ".ranked tbody tr"


def test_the_list_is_that_of_the_api(reader, site):
    page = reader.open()
    risks = sorted(site.rows("/v1/risk-scores", lead=1), key=lambda one: one["rank"])
    assert page.locator(ROWS).count() == 50
    names = page.locator(f"{ROWS} th a").all_text_contents()
    assert names == [one["admin1_name"] for one in risks[:50]]
    first = page.locator(ROWS).first
    assert f"{risks[0]['risk']:.0%}".rstrip("%") in first.inner_text()
    assert "0–5" in first.inner_text()  # the 90 % interval of unit 5 at lead 1
    assert first.locator(".spark path").get_attribute("d").count("M") == 24
    caption = page.locator(".ranked caption").inner_text()
    assert "860" in caption
    assert "2020" in caption
    page.get_by_role("button", name=reader.words["more"]).click()
    assert page.locator(ROWS).count() == 150


def test_the_slider_and_the_measure_change_map_list_and_key(reader, site):
    page = reader.open()
    picture = "document.querySelector('#map canvas').toDataURL()"
    before = page.evaluate(picture)
    slider = page.locator("#lead")
    slider.focus()
    slider.press("End")
    assert "2021" in page.locator("output[for=lead]").inner_text()
    until(page, "location.search.includes('lead=12')")  # once the slider rests
    until(page, f"{picture} !== {json.dumps(before)}")
    twelfth = sorted(site.rows("/v1/risk-scores", lead=12), key=lambda one: one["rank"])
    assert page.locator(f"{ROWS} th a").first.inner_text() == twelfth[0]["admin1_name"]
    before = page.evaluate(picture)
    page.locator("#measure").select_option("expected")
    until(page, f"{picture} !== {json.dumps(before)}")
    assert reader.words["expected"] in page.locator(".ranked [aria-sort]").inner_text()
    assert "100" in page.locator("section.map .legend").first.inner_text()
    page.locator("#measure").select_option("risk_change")
    assert reader.words["risk_change"] in page.locator(".ranked [aria-sort]").inner_text()


def test_a_place_is_found_by_any_of_its_names(reader):
    page = reader.open()
    page.locator("#search").fill("Tombouctou")
    assert page.locator(f"{ROWS} th a").all_text_contents() == ["Timbuktu"]
    page.locator("#search").fill("nowhere at all")
    assert page.locator(".empty").inner_text() == reader.words["nothing_found"]


def test_places_are_filtered_by_country_and_by_mission(reader):
    page = reader.open()
    page.locator("#country").select_option("MLI")
    countries = set(page.locator(f"{ROWS} small").all_text_contents())
    assert countries == {"Mali"}
    page.locator("#country").select_option("")
    # Barkhane has a milestone in Gao; MINUSMA one of the whole country.
    page.locator("#mission").select_option("Barkhane")
    assert page.locator(f"{ROWS} th a").all_text_contents() == ["Gao"]
    page.locator("#mission").select_option("MINUSMA")
    assert page.locator(ROWS).count() > 5
    page.reload()
    settled(page)
    assert page.locator("#mission").input_value() == "MINUSMA"


def test_a_click_on_the_map_leads_to_the_unit(reader):
    page = reader.open(country="TCD")
    page.wait_for_timeout(500)  # the map moves there
    page.locator("#map").click()
    page.wait_for_url("**#/unit/TCD-*")
    settled(page)
    assert "TCD-" in page.locator("h2").inner_text()
    page.go_back()
    settled(page)
    assert page.locator("#country").input_value() == "TCD"


def test_milestones_ahead_are_told_by_day(reader):
    page = reader.open()
    page.locator("section.map summary").click()
    lines = page.locator("section.map details li").all_text_contents()
    assert len(lines) == 2
    assert "Barkhane, Gao" in lines[0]
    assert "MINUSMA, Mali" in lines[1]
    assert all("2021" in line for line in lines)


def test_my_watch_lists_are_there_while_i_am_signed_in(reader, site):
    page = reader.open()
    assert page.locator("#list").count() == 0
    page.locator(".signing input").fill(site.key)
    page.get_by_role("button", name=reader.words["sign_in"]).click()
    page.locator("#list").select_option(label="Mali")
    assert set(page.locator(f"{ROWS} small").all_text_contents()) == {"Mali"}
    kept = page.evaluate("[JSON.stringify(localStorage), document.cookie, location.href]")
    assert site.key not in "".join(kept)
    page.get_by_role("button", name=reader.words["sign_out"]).click()
    page.wait_for_selector(".signing")
    settled(page)
    assert page.locator("#list").count() == 0
    assert page.locator(ROWS).count() == 50  # and nothing is left out by a list one cannot see
    assert page.evaluate("sessionStorage.length") == 0


def test_a_wrong_key_is_told_and_not_kept(opened):
    page = opened(expected="401")
    page.locator(".signing input").fill("no-such-key")
    page.locator(".signing button").click()
    page.wait_for_selector("[role=alert] h2")
    assert page.evaluate("sessionStorage.length") == 0
    page.get_by_role("link", name="ewarn").click()
    page.wait_for_selector(ROWS)


def _file(page, label):
    with page.expect_download() as waited:
        page.get_by_role("button", name=label, exact=True).click()
    return waited.value


def test_what_is_on_screen_can_be_taken_away(reader, site):
    page = reader.open(country="MLI", lead="3")
    found = _file(page, "CSV")
    assert found.suggested_filename == f"ewarn-{site.newer}-2021-03.csv"
    rows = list(csv.DictReader(io.StringIO(found.path().read_text())))
    assert {row["target_month"] for row in rows} == {"2021-03"}
    shown = page.locator(f"{ROWS} th a").all_text_contents()
    assert sorted(row["admin1_name"] for row in rows) == sorted(shown)
    features = json.loads(_file(page, "GeoJSON").path().read_text())["features"]
    assert len(features) == len(rows)


def test_the_map_can_be_taken_away_as_a_picture(opened):
    content = _file(opened(), "PNG").path().read_bytes()
    width, height = struct.unpack(">II", content[16:24])
    assert content.startswith(b"\x89PNG")
    assert width > 1000
    assert height > width  # the map, under a title and over a key


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ground_can_be_turned(opened, scheme):
    page = opened(scheme=scheme)
    back = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(back)
    page.locator("#controls [title*=Light]").click()
    settled(page)
    assert page.evaluate(back) != before
