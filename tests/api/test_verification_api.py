"""/v1/verification: the ledger and hindcasts, filtered, never mixed, and without a database."""

import pandas as pd
import pytest
from starlette.testclient import TestClient
from support.issue_chain import issued
from support.scored_rows import row

from ewarn import jobs
from ewarn.cli._output import track
from ewarn.core.settings import Settings
from ewarn.database import Database
from ewarn.evaluation import hindcasts, verification
from ewarn_api.app import create

MOPTI = "MLI-mopti"
ABOUT = {
    **{"target": "fatalities", "leads": [1], "as_of": "2020-12-31", "countries": []},
    **{"reference_month": "2020-12", "first_target": "2019-01", "fitted_at": ["2017-12"]},
    **{"spec": {}, "sources": [], "code_version": "0"},
}


def kept_hindcast(settings, model, simulated=True, **changed):
    rows = pd.DataFrame([row("A", crps=2.5), row("B", crps=1.5)])
    about = ABOUT | {"id": f"2020-12-{model}-{simulated}", "model": model, "simulated": simulated}
    about |= {"scores": verification.lines(rows)} | changed
    return hindcasts.write(settings.mlruns / hindcasts.FOLDER, rows, about)


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, rate_per_minute=0)


@pytest.fixture
def client(settings):
    """A service with two issues scored, the first one twice, one not yet, and two hindcasts."""
    issued(settings.issues, "2020-12")
    issued(settings.issues, "2021-01", {(MOPTI, "2021-01"): 34})
    issued(settings.issues, "2021-02", {(MOPTI, "2021-01"): 41})
    jobs.verify(settings.mlruns, Database(settings.database), track)
    kept_hindcast(settings, "lgbm")
    kept_hindcast(settings, "lgbm-real", simulated=False)
    return TestClient(create(settings), raise_server_exceptions=False)


def rows(client, query=""):
    answer = client.get(f"/v1/verification?{query}&limit=1000")
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


@pytest.mark.slow
def test_rows_are_issued_ones_and_then_hindcasts_of_the_same_world(client):
    found = rows(client)
    # Two months of the first issue and one of the second, then one lead, each in four strata.
    assert [one["kind"] for one in found] == ["issued"] * 12 + ["hindcast"] * 4
    assert {one["model"] for one in found} == {"made-up", "lgbm"}
    assert [one["stratum"] for one in found[:4]] == ["all", "quiet", "active", "transition"]
    hindcast = found[-4]
    assert (hindcast["crps"], hindcast["n"], hindcast["issue"]) == (2, 2, None)
    assert hindcast["target_month"] is None
    assert not hindcast["is_ahead"]


@pytest.mark.slow
def test_the_first_telling_is_had_by_asking(client):
    one = "kind=issued&lead=1&stratum=all&issue={}"
    was = rows(client)[4]["issue"]  # issues come latest first
    first = rows(client, one.format(was) + "&vintage=first")
    latest = rows(client, one.format(was))
    both = rows(client, one.format(was) + "&vintage=first&vintage=latest")
    assert first[0]["crps"] == pytest.approx((1 + 1653 + 6678) / 49 / 6)
    assert latest[0]["crps"] == pytest.approx((1 + 1996 + 6678) / 49 / 6)
    assert both == first + latest
    assert rows(client, "kind=hindcast") == rows(client, "model=lgbm")
    assert {one["lead"] for one in rows(client, "lead=2")} == {2}


@pytest.mark.slow
def test_pages_keep_the_filters(client):
    was = rows(client)[4]["issue"]
    page = client.get(f"/v1/verification?issue={was}&limit=3").json()
    found = list(page["data"])
    while "next" in page["links"]:
        page = client.get(page["links"]["next"]).json()
        found += page["data"]
    assert found == rows(client, f"issue={was}")
    assert page["totalCount"] == 8


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "known"), [("model=lgbn", "lgbm"), ("issue=2020-12-x", "2020-12-"), ("lead=7", "1")]
)
def test_a_name_that_no_row_has_is_404_with_those_that_have(client, query, known):
    answer = client.get(f"/v1/verification?{query}")
    assert answer.status_code == 404
    assert any(name.startswith(known) for name in answer.json()["known"])


@pytest.mark.slow
@pytest.mark.parametrize("query", ["kind=x", "stratum=loud", "vintage=2", "lead=one", "unit=x"])
def test_a_value_that_cannot_be_is_refused(client, query):
    assert client.get(f"/v1/verification?{query}").status_code == 422


@pytest.mark.slow
def test_a_client_that_has_it_is_told_so_until_something_is_scored(client, settings):
    tag = client.get("/v1/verification").headers["ETag"]
    asked = {"If-None-Match": tag}
    assert client.get("/v1/verification", headers=asked).status_code == 304
    was = rows(client)[4]["issue"]
    void = jobs.VoidRequest([was], "the file was cut short")
    jobs.verify(settings.mlruns, Database(settings.database), track, void)
    answer = client.get("/v1/verification", headers=asked)
    assert answer.status_code == 200
    found = rows(client, f"issue={was}")
    assert {(one["void"], one["n"], one["crps"]) for one in found} == {
        ("the file was cut short", 0, None)
    }


def test_before_anything_was_verified_there_is_nothing(settings):
    issued(settings.issues, "2020-12")
    client = TestClient(create(settings), raise_server_exceptions=False)
    assert client.get("/v1/verification").json()["data"] == []
    kept_hindcast(settings, "lgbm")
    assert [one["kind"] for one in rows(client)] == ["hindcast"] * 4


@pytest.mark.slow
def test_of_a_model_the_newest_hindcast_counts(client, settings):
    kept_hindcast(settings, "lgbm", id="2021-01-lgbm", reference_month="2021-01")
    found = rows(client, "kind=hindcast")
    assert [one["reference_month"] for one in found] == ["2021-01"] * 4


def test_without_the_database_it_is_a_problem_and_forecasts_are_served(settings):
    issued(settings.issues, "2020-12")
    away = Settings(home=settings.home, database_url="postgresql://nobody@127.0.0.1:1/none")
    client = TestClient(create(away), raise_server_exceptions=False)
    answer = client.get("/v1/verification")
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:ewarn:problem:database-away"
    assert client.get("/v1/risk-scores").status_code == 200


@pytest.mark.slow
def test_a_hindcast_that_cannot_be_read_is_said(client, settings):
    (settings.mlruns / hindcasts.FOLDER / "x.json").write_text("{")
    answer = client.get("/v1/verification")
    assert answer.status_code == 503
    assert "hindcast" in answer.json()["detail"]
