"""One unit: history, forecast, milestones, drivers, past forecasts, clicked through."""

import csv
import io
import math

from browser.pages import settled

CODE, NAME = "MLI-GA", "Gao"


def test_history_forecast_and_milestones_stand_on_one_axis(reader):
    page = reader.open(f"unit/{CODE}")
    assert page.locator("h2").inner_text().startswith(NAME)
    life = page.locator("#life svg").first
    assert life.get_attribute("aria-label") == reader.words["picture_label"]
    assert life.locator(".fan90, .fan50, .median").count() == 3
    # 36 months, of which nobody saw two; deaths of all three types in the others.
    assert life.locator("rect.unseen").count() == 2
    assert life.locator(".type0").count() == 34
    assert life.locator(".group").count() == 2 * 34
    # Barkhane's closure in Gao, and what MINUSMA announced for the whole country.
    assert life.locator("circle.announced").count() == 2
    assert life.locator("path.effective").count() == 2
    texts = life.locator("text").all_text_contents()
    assert any(text.startswith("Barkhane") for text in texts)
    assert {reader.words["observed"], reader.words["forecast"], "Group A"} <= set(texts)
    page.locator("#life details").last.locator("summary").click()
    assert page.locator("#life details").last.locator("tbody tr").count() == 2


def test_a_month_is_read_by_pointing_at_it_and_in_a_table(reader):
    page = reader.open(f"unit/{CODE}")
    picture = page.locator("#life svg").first
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 100)
    assert "20" in page.locator(".readout").inner_text()
    page.mouse.move(box["x"] + box["width"] - 8, box["y"] + 100)
    assert "2021" in page.locator(".readout").inner_text()
    page.locator("#life details summary").first.click()
    assert page.locator("#life details").first.locator("tbody tr").count() == 36
    page.locator(".spans button").first.click()
    assert page.locator(".spans [aria-pressed=true]").inner_text().startswith("3")


def test_chances_of_change_for_every_month(reader, site):
    page = reader.open(f"unit/{CODE}")
    assert page.locator("#months svg rect").count() == 12 * 5
    page.locator("#months summary").click()
    rows = page.locator("#months tbody tr")
    assert rows.count() == 12
    risk = site.rows("/v1/risk-scores", admin1_code=CODE, lead=12)[0]["risk"]
    assert f"{risk:.0%}".rstrip("%") in rows.last.inner_text()


def test_why_of_the_month_chosen(reader, site):
    page = reader.open(f"unit/{CODE}")
    for lead, month in ((1, "2021"), (3, "2021")):
        page.locator("#why #lead").select_option(str(lead))
        settled(page)
        drivers = site.rows("/v1/drivers", admin1_code=CODE, lead=lead)
        assert page.locator(".drivers tbody tr").count() == len(drivers) == 3
        first = page.locator(".drivers tbody tr").first.inner_text()
        assert reader.words["driver_own_history"] in first
        points = math.floor(100 * drivers[0]["contribution"] + 0.5)
        assert f"+{points}" in first
        assert month in page.locator("#why p").first.inner_text()
    assert {"1 event here", "1 événement ici"} & set(
        page.locator(".drivers td").all_text_contents()
    )
    changed = page.locator("#why .narrow tbody th").all_text_contents()
    assert changed[0] == reader.words["part_new_events"]


def test_past_forecasts_stand_beside_what_came(reader, site):
    page = reader.open(f"unit/{CODE}")
    rows = site.rows(f"/v1/units/{CODE}/outcomes", lead=1)
    # One was issued of 2020-12, and the hindcast says the month before.
    assert sorted(row["kind"] for row in rows) == ["hindcast", "hindcast", "issued"]
    assert page.locator("#past svg rect.interval").count() == 2
    assert page.locator("#past svg rect.interval.issued").count() == 1
    page.locator("#past summary").click()
    cells = page.locator("#past tbody tr").last.inner_text()
    assert reader.words["kind_of_issued"] in cells


def test_a_unit_has_an_address_of_its_own_and_files(reader):
    page = reader.open("unit/NER-TL", lead="2")
    assert page.evaluate("document.title").endswith("· ewarn")
    with page.expect_download() as waited:
        page.get_by_role("button", name=reader.words["history_csv"]).click()
    rows = list(csv.DictReader(io.StringIO(waited.value.path().read_text())))
    assert len(rows) == 36
    assert {row["admin1_code"] for row in rows} == {"NER-TL"}
    page.locator(".crumbs a").click()
    page.wait_for_selector("#map canvas")


def test_a_name_that_is_markup_is_shown_as_text(opened):
    name = '<script>document.title = "taken over"</script>'
    page = opened("unit/NER-DF")
    assert page.locator("h2").inner_text().startswith(name)
    page = opened(search="document title")
    assert page.locator(".ranked th a").inner_text() == name
    assert "taken over" not in page.title().split(" · ")[0].removeprefix("[simulated] ")
    page = opened("brief", country="NER")
    assert name in page.locator(".sheet").inner_text()
    assert page.evaluate("document.scripts.length") == 2  # the page's own


def test_a_unit_that_is_not_there_is_said_to_be_unknown(reader):
    page = reader.open("unit/MLI-NOWHERE")
    assert "MLI-NOWHERE" in page.locator("[role=alert]").last.inner_text()
