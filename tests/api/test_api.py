"""What each resource of the service answers, on an issue whose numbers are known."""

import json
import shutil
import subprocess
import sys
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient
from support import small_watch
from support.small_issue import CARD, FILES, NOW, about, earlier, written

from ewarn.core import columns, months
from ewarn.core.settings import Settings
from ewarn_api.app import create
from ewarn_api.issues import store

pytestmark = pytest.mark.slow


@pytest.fixture
def issues(tmp_path):
    return Settings(home=tmp_path).issues


@pytest.fixture
def client(tmp_path, issues, monkeypatch):
    monkeypatch.setattr(store, "today", lambda: date(2021, 1, 15))
    written(issues)
    app = create(Settings(home=tmp_path))
    app.state.store.recheck = 0
    return TestClient(app, raise_server_exceptions=False)


def rows(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


# Resources


@pytest.fixture
def last(issues):
    """The issue of a month earlier; the newest tells what changed since it."""
    first = earlier(issues)
    written(issues, last_issue=first.id, now=NOW + timedelta(days=1))
    return first


def test_changes_are_of_what_moved_and_of_what_is_told_no_more(client, last):
    found = client.get("/v1/changes?limit=1000").json()
    assert (found["since"], found["changes_untold"]) == (last.id, None)
    by = {(row["admin1_code"], row["target_month"]): row for row in found["data"]}
    # The risk of Diffa, unit 2, was 3 * (lead + 1) / 100; the lead is one less than it was.
    diffa = by["NER-diffa", "2021-03"]
    assert (diffa["lead"], diffa["status"]) == (3, "moved")
    assert (diffa["risk"], diffa["last_risk"]) == (pytest.approx(0.12), pytest.approx(0.15))
    assert diffa["risk_change"] == pytest.approx(-0.03)
    assert by["NER-diffa", "2021-12"]["status"] == "new"
    gone = by["NER-diffa", "2020-12"]
    assert (gone["status"], gone["risk"], gone["lead"]) == ("withdrawn", None, None)
    assert gone["last_risk"] == pytest.approx(0.06)
    assert len(by) == found["totalCount"] == 6 * 13
    some = rows(client, "/v1/changes?status=withdrawn&status=new&location_code=NER")
    assert [row["status"] for row in some] == ["new", "new", "withdrawn", "withdrawn"]
    assert client.get("/v1/changes.csv?lead=12").text.count(",new,") == 6


def test_parts_are_told_of_the_last_issue_alone(client, last, issues):
    part = rows(client, "/v1/changes?admin1_code=NER-diffa&lead=3")[0]
    # As the issue tells them: of a tenth of the risk, twice, minus a half and minus a half.
    assert part["new_events"] == pytest.approx(0.024)
    assert part["revised_events"] == 0
    other = next(path.name for path in issues.iterdir() if path.name.startswith("2020-12")
                 and path.name != rows(client, "/v1/issues")[0]["issue"])  # fmt: skip
    found = client.get(f"/v1/changes?since={other}").json()
    assert (found["data"], found["since"]) == ([], other)  # the same risks
    back = rows(client, f"/v1/changes?issue={last.id}&since={other}&admin1_code=NER-diffa&lead=4")
    assert (back[0]["risk_change"], back[0]["new_events"]) == (pytest.approx(0.03), None)


def test_a_first_issue_has_no_changes_and_says_so(client):
    found = client.get("/v1/changes").json()
    assert (found["data"], found["since"], found["totalCount"]) == ([], None, 0)


def test_a_last_issue_that_is_gone_is_named(client, issues, last):
    shutil.rmtree(issues / last.id)
    found = client.get("/v1/changes")
    assert found.status_code == 404
    assert last.id in found.json()["detail"]


def test_risk_scores_come_by_lead_and_from_the_highest_risk(client):
    some = rows(client, "/v1/risk-scores?lead=3")
    # risk of unit u at lead 3 is (max(u, 1) + 1) * (3 + 1) / 100; of the last two the code decides
    assert [row["risk"] for row in some] == pytest.approx([0.24, 0.2, 0.16, 0.12, 0.08, 0.08])
    assert [row["rank"] for row in some] == [1, 2, 3, 4, 5, 6]
    assert some[0]["admin1_code"] == "TCD-tibesti"
    assert [row["admin1_code"] for row in some[-2:]] == ["MLI-gao", "MLI-mopti"]
    assert {row["target_month"] for row in some} == {"2021-03"}


def test_drivers_add_up_to_the_risk_and_the_leading_ones_stand_beside_it(client):
    where = "location_code=TCD&lead=3"
    for score in rows(client, f"/v1/risk-scores?{where}"):
        some = rows(client, f"/v1/drivers?{where}&admin1_code={score['admin1_code']}")
        assert [row["driver_rank"] for row in some] == [1, 2, 3]
        assert [score[f"driver_{place}"] for place in (1, 2, 3)] == [row["driver"] for row in some]
        assert score["contribution_1"] == some[0]["contribution"]
        total = some[0]["reference_risk"] + sum(row["contribution"] for row in some)
        assert total == pytest.approx(score["risk"], abs=1e-9)
        assert some[0]["sentence_fr"] == "1 événement ici"


def test_a_risk_score_has_names_as_hdx_gives_them_and_numbers_in_full(client):
    (row,) = rows(client, "/v1/risk-scores?admin1_code=TCD-lac&target_month=2021-01")
    assert row["location_code"] == "TCD"
    assert row["location_name"] == "Chad"
    assert row["admin1_name"] == 'Lac, "the lake"'
    assert row["expected"] == 4 * 1 / 7
    assert row["p_ge_1"] == 1 / 7
    assert row["is_onset"] is False


def test_forecasts_keep_the_columns_of_the_hubverse(client):
    url = "/v1/forecasts?admin1_code=NER-diffa&lead=12&output_type=quantile&limit=1000"
    some = rows(client, url)
    assert list(some[0])[1:] == [
        *("model", "target", "unit", "reference_month", "lead", "target_month"),
        *("output_type", "output_type_id", "value"),
    ]
    assert [row["output_type_id"] for row in some] == [f"{q / 100:.2f}" for q in range(1, 100)]
    assert some[49]["value"] == 2 * 12 * 0.5  # the median of unit 2 at lead 12
    assert {row["location_code"] for row in some} == {"NER"}


def test_the_mean_of_a_forecast_has_an_empty_id(client):
    (row,) = rows(client, "/v1/forecasts?admin1_code=NER-diffa&lead=1&output_type=mean")
    assert row["output_type_id"] is None
    assert row["value"] == 2 / 7


def test_units_of_a_country(client):
    some = rows(client, "/v1/units?location_code=MLI")
    assert [row["admin1_code"] for row in some] == ["MLI-gao", "MLI-mopti"]
    assert rows(client, "/v1/units/MLI-gao") == some[:1]


def test_history_has_null_where_nobody_looked_and_0_where_nothing_was_seen(client):
    some = rows(client, "/v1/units/MLI-gao/history")
    assert [row["month"] for row in some[:3]] == ["2018-01", "2018-02", "2018-03"]
    assert [row["fatalities"] for row in some[:3]] == [None, None, 0.0]
    assert rows(client, "/v1/units/NER-diffa/history")[-1]["fatalities_one_sided"] == 20.0


def test_milestones_by_country_and_by_unit(client):
    assert [row["milestone_id"] for row in rows(client, "/v1/milestones")] == ["M-1", "M-2", "M-3"]
    mali = rows(client, "/v1/milestones?location_code=MLI")
    assert [row["admin1_code"] for row in mali] == ["MLI-gao", None]
    (abroad,) = rows(client, "/v1/milestones?location_code=LBN")
    assert abroad["effective_on"] is None
    assert rows(client, "/v1/milestones?admin1_code=MLI-gao") == mali[:1]


def test_issues_newest_first_and_one_by_id(client, issues):
    first = rows(client, "/v1/issues")
    later = written(issues, scale=2.0, now=NOW + timedelta(days=1))
    both = rows(client, "/v1/issues")
    assert [row["issue"] for row in both] == [later.id, first[0]["issue"]]
    assert rows(client, f"/v1/issues/{later.id}") == both[:1]
    assert rows(client, f"/v1/issues?issue={first[0]['issue']}") == first
    assert first[0]["sources"][0]["file"] == "made-up.csv"


def test_models_with_their_scores_and_issues(client, issues):
    model = about()["model"] | {"version": "4"}
    later = written(issues, scale=2.0, now=NOW + timedelta(days=1), model=model)
    again = written(issues, scale=3.0, now=NOW + timedelta(days=2), model=model)
    newer, older = rows(client, "/v1/models")
    assert (newer["model_version"], newer["issues"]) == ("4", [again.id, later.id])
    assert (older["model_version"], len(older["issues"])) == ("3", 1)
    assert newer["scores"] == {"crps": 0.5, "coverage_90": None}


def test_the_card_of_a_model_as_rows_and_as_a_page(client):
    (listed,) = rows(client, "/v1/models")
    assert rows(client, listed["card"]) == [CARD | {"run_id": "8c1f"}]
    page = client.get(listed["card"] + ".html")
    assert page.content == FILES["model_card.html"]
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Ewarn-Issue"] == client.get("/readyz").json()["issue"]
    held = {"If-None-Match": page.headers["ETag"]}
    assert client.get(listed["card"] + ".html", headers=held).status_code == 304
    assert client.get(listed["card"] + ".html?x=1").status_code == 422


def test_a_model_without_a_card_or_issue_is_404_with_those_that_have_one(client, issues):
    bare = {"set_aside.csv": b""}
    model = about()["model"] | {"name": "bare"}
    written(issues, scale=2.0, now=NOW + timedelta(days=1), files=bare, model=model)
    assert rows(client, "/v1/models")[0]["card"] is None
    for asked in ("bare/3", "bare/3.html", "made-up/4", "made-up/4.html", "ewarn-made-up/3.json"):
        answer = client.get(f"/v1/models/{asked}")
        assert (answer.status_code, answer.json()["known"]) == (404, ["made-up/3"]), asked
        assert answer.json()["instance"] == f"/v1/models/{asked}"
    assert rows(client, "/v1/models/made-up/3")[0]["limits"] == CARD["limits"]


def test_of_two_issues_by_one_model_the_newest_or_the_one_asked_for_has_the_card(client, issues):
    first = client.get("/readyz").json()["issue"]
    files = FILES | {"model_card.json": json.dumps(CARD | {"limits": ["None."]}).encode()}
    written(issues, scale=2.0, now=NOW + timedelta(days=1), files=files)
    assert rows(client, "/v1/models/made-up/3")[0]["limits"] == ["None."]
    assert rows(client, f"/v1/models/made-up/3?issue={first}")[0]["limits"] == CARD["limits"]


def test_a_changed_card_is_never_served(client, issues):
    path = issues / client.get("/readyz").json()["issue"] / "model_card.json"
    path.chmod(0o644)
    path.write_bytes(b"{}")
    answer = client.get("/v1/models/made-up/3")
    assert answer.status_code == 503
    assert "model_card.json" in answer.json()["detail"]
    assert str(issues) not in answer.text


# The small issue is of December 2020; the next is due at the end of January, overdue 14 days later.
@pytest.mark.parametrize(
    ("month", "day", "days"), [(1, 15, 0), (2, 14, 0), (2, 15, 1), (12, 31, 320)]
)
def test_an_issue_whose_next_is_overdue_is_told_everywhere(tmp_path, monkeypatch, month, day, days):
    monkeypatch.setattr(store, "today", lambda: date(2021, month, day))
    written(Settings(home=tmp_path).issues)
    for status in (200, 503):
        client = TestClient(create(Settings(home=tmp_path, overdue_status=status)))
        answer = client.get("/readyz")
        assert answer.status_code == (status if days else 200)
        assert answer.json()["status"] == ("overdue" if days else "ready")
        for found in (answer, client.get("/v1/risk-scores"), client.get("/v1/units")):
            assert found.json()["overdue_days"] == days
            assert found.headers["X-Ewarn-Overdue-Days"] == str(days)
        assert f"ewarn_overdue_days {days}.0" in client.get("/metrics").text


def test_two_services_of_one_process_have_margins_of_their_own(tmp_path, monkeypatch):
    """16 February is 16 days after the end of January, when the next issue was due."""
    monkeypatch.setattr(store, "today", lambda: date(2021, 2, 16))
    written(Settings(home=tmp_path).issues)
    apps = {
        margin: create(Settings(home=tmp_path, overdue_margin=margin)) for margin in (0, 30, 14)
    }
    for margin, days in ((0, 16), (30, 0), (14, 2)):
        client = TestClient(apps[margin])
        assert client.get("/readyz").json()["overdue_days"] == days
        units = client.get("/v1/units")
        assert units.json()["overdue_days"] == days
        refused = client.get("/v1/units?location_code=XXX")
        body = {"points": [{"latitude": 16.27, "longitude": -0.04}]}
        for answer in (units, refused, client.post("/v1/risk-scores", json=body)):
            assert answer.headers["X-Ewarn-Overdue-Days"] == str(days)
        assert f"ewarn_overdue_days {days}.0" in client.get("/metrics").text


def test_the_process_is_alive_and_ready(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    ready = client.get("/readyz").json()
    assert ready["issue"].startswith("2020-12-")
    assert ready["age_days"] == 15  # from 31 December to 15 January
    assert (ready["as_of"], ready["reference_month"]) == ("2020-12-31", "2020-12")
    assert (ready["simulated"], ready["damaged"]) == (True, {})


# Filters


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 72),
        ("location_code=MLI", 24),
        ("location_code=MLI&location_code=NER", 48),
        ("iso=MLI&location_code=NER", 48),
        ("location_code=MLI&admin1_code=NER-diffa", 0),  # both are known; no unit is in both
        ("admin1_code=NER-diffa", 12),
        ("lead=1&lead=2&location_code=TCD", 4),
        ("target_month=2021-02&target_month=2021-03", 12),
        ("target_month=2021-02&lead=2", 6),
        ("target_month=2021-02&lead=3", 0),
    ],
)
def test_filters_are_exact_and_all_must_hold(client, query, count):
    answer = client.get(f"/v1/risk-scores?{query}").json()
    assert answer["totalCount"] == len(answer["data"]) == count


def test_a_month_id_is_the_month_as_views_counts(client):
    number = months.views_id(months.parse("2021-02"))
    some = rows(client, f"/v1/risk-scores?month_id={number}")
    assert some == rows(client, "/v1/risk-scores?target_month=2021-02")
    assert number == 494  # 41 years of 12 months, and 2


@pytest.mark.parametrize(
    ("url", "status", "said", "known"),
    [
        ("/v1/risk-scores?location_code=ML", 404, "location_code 'ML'", "MLI"),
        ("/v1/risk-scores?location_code=mli", 404, "location_code 'mli'", "MLI"),
        ("/v1/risk-scores?iso=Mali", 404, "'Mali'", "MLI"),
        ("/v1/risk-scores?location_code=", 404, "location_code ''", "MLI"),
        ("/v1/risk-scores?admin1_code=MLI-goa", 404, "'MLI-goa'", "MLI-gao"),
        ("/v1/risk-scores?admin1_code=tillaberi", 404, "'tillaberi'", "NER-tillaberi"),
        ("/v1/units/Gao/history", 404, "'Gao'", "MLI-gao"),
        ("/v1/units/MLI-goa", 404, "'MLI-goa'", "MLI-gao"),
        ("/v1/risk-scores?target_month=2022-01", 404, "'2022-01'", "2021-12"),
        ("/v1/risk-scores?month_id=480", 404, "month_id '480'", "493"),
        ("/v1/risk-scores?lead=13", 404, "lead '13'", "12"),
        ("/v1/units?issue=2020-12-0000000000", 404, "unknown issue", None),
        ("/v1/issues/2020-12-0000000000", 404, "unknown issue", None),
        ("/v1/risk-score", 404, "no such path", "/v1/risk-scores"),
        ("/v1/units/", 404, "no such path", "/v1/units"),
        ("/v1/units?lead=1", 422, "unknown query parameter lead", "location_code"),
        ("/v1/risk-scores?country=MLI", 422, "unknown query parameter country", "location_code"),
        ("/v1/units/MLI-gao?limit=1", 422, "unknown query parameter limit", "format"),
        ("/healthz?x=1", 422, "unknown query parameter x; known: none", None),
        ("/v1/units?limit=0", 422, "limit: found '0'", "limit"),
        ("/v1/units?limit=2000001", 422, "limit: found '2000001'", None),
        ("/v1/units?offset=-1", 422, "offset: found '-1'", None),
        ("/v1/units?limit=5&limit=6", 422, "limit: found 2 values; expected one", None),
        ("/v1/units?format=xml", 422, "format: found 'xml'", None),
        ("/v1/units.csv?format=json", 422, "format: found json; expected csv", None),
        ("/v1/risk-scores?lead=one", 422, "lead", None),
        ("/v1/risk-scores?target_month=2021-1", 422, "found '2021-1'; expected YYYY-MM", None),
        ("/v1/risk-scores?target_month=2021-13", 422, "found 2021-13", None),
        ("/v1/forecasts?output_type=median", 422, "output_type.0: found 'median'", None),
    ],
)
def test_what_is_not_known_is_refused_by_name(client, url, status, said, known):
    answer = client.get(url)
    assert answer.status_code == status
    assert said in answer.json()["detail"]
    assert known is None or known in answer.json()["known"]


# Issues that come and go


def test_a_new_issue_is_picked_up_and_the_older_one_may_still_be_asked(client, issues):
    first = client.get("/v1/risk-scores?lead=1")
    later = written(issues, scale=2.0, now=NOW + timedelta(days=1))
    second = client.get("/v1/risk-scores?lead=1")
    assert second.headers["X-Ewarn-Issue"] == second.json()["issue"] == later.id
    assert second.json()["data"][0]["expected"] == 2 * first.json()["data"][0]["expected"]
    pinned = client.get(f"/v1/risk-scores?lead=1&issue={first.json()['issue']}")
    assert pinned.headers["X-Ewarn-Issue"] == first.json()["issue"]
    assert pinned.json()["data"] == first.json()["data"]


def test_an_issue_older_than_all_in_memory_is_read_again(client, issues):
    first = client.get("/v1/units").json()["issue"]
    for days in range(1, 5):
        written(issues, scale=1.0 + days, now=NOW + timedelta(days=days))
        client.get("/v1/units")
    answer = client.get(f"/v1/risk-scores?lead=1&limit=1&issue={first}").json()
    assert answer["issue"] == first
    assert answer["data"][0]["expected"] == 5 / 7


def test_paging_stays_in_one_issue_while_a_newer_one_comes_out(client, issues):
    whole = rows(client, "/v1/risk-scores?limit=1000")
    answer = client.get("/v1/risk-scores?limit=10").json()
    found, link = answer["data"], answer["links"].get("next")
    for days in range(1, 8):
        written(issues, scale=1.0 + days, now=NOW + timedelta(days=days))
        answer = client.get(link).json()
        found, link = found + answer["data"], answer["links"].get("next")
    assert link is None
    assert found == whole


def test_a_damaged_newer_issue_is_not_served_and_that_is_told(client, issues):
    good = client.get("/readyz").json()["issue"]
    bad = written(issues, scale=2.0, now=NOW + timedelta(days=1))
    (bad.folder / "risks.parquet").unlink()
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["issue"] == good
    assert list(ready.json()["damaged"]) == [bad.id]
    assert "risks.parquet" in ready.json()["damaged"][bad.id]
    assert str(issues) not in ready.text
    assert client.get("/v1/risk-scores").json()["issue"] == good
    assert [row["issue"] for row in rows(client, "/v1/issues")] == [good]
    assert client.get(f"/v1/units?issue={bad.id}").status_code == 404


def test_an_issue_of_another_version_is_not_served_and_that_is_told(issues, monkeypatch):
    written(issues)
    monkeypatch.setitem(columns.TABLES, "history", (*columns.TABLES["history"], "late_events"))
    client = TestClient(create(Settings(home=issues.parents[1])), raise_server_exceptions=False)
    answer = client.get("/readyz")
    assert (answer.status_code, client.get("/v1/units").status_code) == (503, 503)
    assert "issue table history: found no late_events" in answer.text


def test_half_an_issue_is_not_served(client, issues):
    good = client.get("/readyz").json()["issue"]
    (issues / ".2020-12-0123456789").mkdir()
    assert client.get("/readyz").json()["damaged"] == {}
    (issues / "2020-12-0123456789").mkdir()
    ready = client.get("/readyz").json()
    assert (ready["issue"], list(ready["damaged"])) == (good, ["2020-12-0123456789"])


def test_an_older_issue_found_damaged_when_asked_is_unavailable(client, issues):
    older = written(issues, scale=2.0, now=NOW - timedelta(days=1))
    (older.folder / "units.parquet").unlink()
    answer = client.get(f"/v1/units?issue={older.id}")
    assert answer.status_code == 503
    assert "units.parquet" in answer.json()["detail"]


def test_without_an_issue_the_service_says_so_until_there_is_one(tmp_path, issues):
    app = create(Settings(home=tmp_path))
    app.state.store.recheck = 0
    client = TestClient(app)
    for url in ("/readyz", "/v1/units", "/v1/issues", "/v1/models", "/v1/units/MLI-gao"):
        answer = client.get(url)
        assert answer.status_code == 503
        assert "ewarn forecast" in answer.json()["detail"]
        assert answer.headers["Retry-After"] == "30"
    assert client.get("/healthz").status_code == 200
    made = written(issues)
    assert client.get("/readyz").json()["issue"] == made.id


def test_an_issue_taken_away_is_served_no_more(client, issues):
    (folder,) = (path for path in issues.iterdir() if path.is_dir())
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert client.get("/readyz").status_code == 503


# The process

_ASK_EVERYTHING = """
import json, sys, warnings
warnings.simplefilter("ignore")
from pathlib import Path
from starlette.testclient import TestClient
from ewarn.core.settings import Settings
from ewarn_api.app import create
app = create(Settings(home=Path(sys.argv[1])))
client = TestClient(app)
named = {"code": "MLI-gao", "issue_id": sys.argv[2], "name": "made-up", "version": "3"}
every = app.openapi()["paths"].items()
paths = [path for path, item in every if "get" in item and not item["get"].get("security")]
paths = [path.format(**named) for path in [*paths, "/v1/models/{name}/{version}.html"]]
statuses = {client.get(path).status_code for path in paths}
print(json.dumps([sorted(statuses), len(paths), sorted(sys.modules)]))
"""


def test_the_service_never_loads_the_modelling_stack(tmp_path, issues):
    made = written(issues)
    small_watch.hindcast(issues.parent, leads=(1, 2, 3))
    command = [sys.executable, "-c", _ASK_EVERYTHING, str(tmp_path), made.id]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    statuses, paths, modules = json.loads(ran.stdout)
    assert statuses == [200]
    assert paths > 10
    heavy = {"mlflow", "lightgbm", "statsmodels", "sklearn", "matplotlib", "scipy"}
    assert not heavy & set(modules)
