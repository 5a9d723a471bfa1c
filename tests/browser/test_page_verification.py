"""The track record: alerts within a budget, reliability, skill, the model's card."""

from browser.pages import settled


def test_hits_and_false_alarms_are_those_of_the_budget(reader, site):
    page = reader.open("verification")
    for budget in (8, 300):
        (row,) = site.rows("/v1/alert-budgets", budget=budget)
        shown = [
            page.locator(f".{name} dd").evaluate("one => one.firstChild.textContent")
            for name in ("hits", "false_alarms", "misses")
        ]
        digits = ["".join(filter(str.isdigit, text)) for text in shown]
        assert digits == [str(row[name]) for name in ("hits", "false_alarms", "misses")]
        page.locator("#budget").fill("300")
        page.locator("#budget").press("Enter")
        page.wait_for_url("**budget=300**")
        settled(page)


def test_reliability_and_skill_of_issued_forecasts_and_of_the_hindcast(reader, site):
    page = reader.open("verification")
    assert page.locator("#issued figure svg").count() == 3
    assert page.locator("#hindcast figure svg").count() == 3
    assert page.locator("#hindcast .dot").count() >= 3
    # The hindcast's log CRPS is 0.9 against 1: a skill of 10 % at leads 1 to 3.
    page.locator("#hindcast summary").last.click()
    rows = page.locator("#hindcast tbody tr")
    assert rows.count() == 3
    assert "10" in rows.first.inner_text()
    assert page.locator("#hindcast svg .curve").count() == 3 + 4
    scored = [row for row in site.rows("/v1/verification", kind="issued") if row["n"]]
    assert page.locator("#issued tbody tr").count() == len({row["lead"] for row in scored})


def test_the_models_card_is_linked(reader):
    page = reader.open("verification")
    page.get_by_role("link", name=reader.words["model_card"]).click()
    page.wait_for_url("**/v1/models/made-up/3.html")


def test_of_an_older_issue_no_more_is_shown_than_was_known(reader, site):
    page = reader.open("verification", issue=site.older)
    assert page.locator("#issued .empty").count() == 1
    assert page.locator("#alerts .empty").inner_text() == reader.words["no_hindcast"]
