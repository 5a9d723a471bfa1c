"""Past forecasts of a unit beside what came, and what a budget of alerts would have given."""

import io
import logging
from datetime import timedelta

import pytest
from starlette.testclient import TestClient
from support import small_watch
from support.issue_chain import issued
from support.small_issue import about, written

from ewarn.core import files
from ewarn.core.settings import Settings
from ewarn_api.app import create

pytestmark = pytest.mark.slow

GAO, MOPTI = "MLI-gao", "MLI-mopti"
PATH = f"/v1/units/{MOPTI}/outcomes"
REPLAY = about()["model"] | {"scores": {"crps": 0.4}}


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, rate_per_minute=0)


@pytest.fixture
def chain(settings):
    """Issues of three months; 34 died in Mopti in the second, where 10 a month had before."""
    told = {(MOPTI, "2021-01"): 34}
    return [
        issued(settings.issues, "2020-12"),
        issued(settings.issues, "2021-01", told),
        issued(settings.issues, "2021-02", told),
    ]


@pytest.fixture
def client(settings, chain):  # noqa: ARG001  a service over that chain
    return TestClient(create(settings))


def rows(client, path=PATH, **asked):
    answer = client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def test_an_issued_forecast_stands_beside_what_came(client, chain):
    found = {(row["issue"], row["lead"]): row for row in rows(client)}
    # The issue of 2020-12 told 2021-01 to -03, of which two have come; that of 2021-01, one.
    assert set(found) == {(chain[0].id, 1), (chain[0].id, 2), (chain[1].id, 1)}
    first = found[chain[0].id, 1]
    # Its risk at lead l is 2 (l + 1) / 100, its usual count 0.1: 34 is an escalation.
    assert (first["kind"], first["target_month"], first["reference_month"]) == (
        *("issued", "2021-01"),
        "2020-12",
    )
    assert first["risk"] == pytest.approx(0.04)
    assert (first["q05"], first["q95"], first["expected"]) == (0, 1, pytest.approx(1 / 7))
    assert (first["count"], first["is_escalation"], first["is_ahead"]) == (34, True, True)
    assert (first["location_code"], first["admin1_code"]) == ("MLI", MOPTI)
    assert found[chain[1].id, 1]["count"] == 10


def test_of_an_older_issue_no_more_is_told_than_it_knew(client, chain):
    (only,) = rows(client, issue=chain[1].id)
    assert (only["issue"], only["target_month"]) == (chain[0].id, "2021-01")
    assert rows(client, issue=chain[0].id) == []


@pytest.mark.usefixtures("chain")
def test_what_nobody_saw_is_missing_and_never_0(settings):
    issued(settings.issues, "2021-03", {(MOPTI, "2021-01"): None})
    row = rows(TestClient(create(settings)), lead=1)[-1]
    assert (row["target_month"], row["count"], row["is_escalation"]) == ("2021-01", None, None)


@pytest.mark.usefixtures("chain")
def test_a_world_that_is_made_up_does_not_speak_of_the_real_one(settings):
    issued(settings.issues, "2021-03", simulated=False)
    assert rows(TestClient(create(settings))) == []


def test_a_damaged_older_issue_is_left_out_told_and_there_again_once_repaired(
    settings, chain, client, caplog
):
    path = settings.issues / chain[0].id / "risks.parquet"
    whole, tag = path.read_bytes(), client.get(PATH).headers["ETag"]
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    other = TestClient(create(settings))
    with caplog.at_level(logging.WARNING):
        found = other.get(PATH, headers={"If-None-Match": tag})  # another answer, so no 304
    assert {row["issue"] for row in found.json()["data"]} == {chain[1].id}
    assert chain[0].id in caplog.text
    (why,) = other.get("/readyz").json()["damaged"].items()
    assert why[0] == chain[0].id
    assert str(settings.home) not in why[1]
    path.write_bytes(whole)
    assert other.get(PATH).headers["ETag"] == tag
    assert other.get("/readyz").json()["damaged"] == {}


def test_damage_that_was_found_is_told_after_a_newer_issue_too(settings, chain):
    path = settings.issues / chain[0].id / "risks.parquet"
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    app = create(settings)
    app.state.store.recheck = 0
    client = TestClient(app)
    rows(client)
    issued(settings.issues, "2021-03")
    assert set(client.get("/readyz").json()["damaged"]) == {chain[0].id}


@pytest.mark.parametrize("as_of", ["2020-12-31", "2020-12-30", "2021-01-05"])
@pytest.mark.parametrize("days", [0, 300])
def test_of_a_month_the_first_issue_ahead_counts_and_no_replay_hides_it(
    settings, chain, days, as_of
):
    after = timedelta(days=days, hours=1)
    other = issued(settings.issues, "2020-12", after=after, model=REPLAY, as_of=as_of)
    found = rows(TestClient(create(settings)), lead=1)
    # Of two that were written ahead, the one that knew less; one of 300 days later, never.
    first = other if days == 0 and as_of == "2020-12-30" else chain[0]
    (row,) = (row for row in found if row["reference_month"] == "2020-12")
    assert (row["issue"], row["is_ahead"]) == (first.id, True)


def test_where_there_is_nothing_but_a_replay_it_says_that_it_is_one(settings):
    issued(settings.issues, "2020-12", after=timedelta(days=300))
    issued(settings.issues, "2021-02")
    found = rows(TestClient(create(settings)))
    assert [(row["lead"], row["is_ahead"]) for row in found] == [(1, False), (2, False)]


def test_a_hindcast_stands_beside_and_says_that_it_is_one(settings):
    written(settings.issues)
    small_watch.hindcast(settings.mlruns, q95=8.0)
    client = TestClient(create(settings))
    found = rows(client)
    # Unit 1 has risks of 2 / 10 and 2 / 100 in the last two months, in which 10 died each.
    assert [row["kind"] for row in found] == ["hindcast"] * 2
    assert [row["risk"] for row in found] == [0.2, 0.02]
    assert [row["count"] for row in found] == [10, 10]
    assert [(row["issue"], row["is_ahead"]) for row in found] == [(None, False)] * 2
    assert [row["q95"] for row in found] == [8, 8]
    # The hindcast saw none die, and no escalation; what counts is what the issue tells: 10 on 0.
    assert [row["is_escalation"] for row in found] == [True, True]
    assert rows(client, kind="issued") == []


def test_a_hindcast_that_told_no_quantiles_yet_has_none(settings):
    written(settings.issues)
    kept = small_watch.hindcast(settings.mlruns)
    sink = io.BytesIO()
    kept.rows().drop(columns=["q05", "q95"]).to_parquet(sink)
    about = kept.about.model_copy(update={"digest": files.digest(sink.getvalue())})
    for path, content in (
        (kept.path, sink.getvalue()),
        (kept.path.with_suffix(".json"), about.model_dump_json().encode()),
    ):
        path.chmod(0o644)
        path.write_bytes(content)
    client = TestClient(create(settings))
    assert [(row["risk"], row["q05"], row["q95"]) for row in rows(client)] == [
        *((0.2, None, None), (0.02, None, None))
    ]
    assert client.get(PATH + ".csv").text.splitlines()[1].count(",,") == 2  # issue, and those two


def test_a_damaged_hindcast_is_a_503_that_tells_no_path(settings):
    written(settings.issues)
    kept = small_watch.hindcast(settings.mlruns)
    kept.path.chmod(0o644)
    kept.path.write_bytes(b"damaged")
    client = TestClient(create(settings), raise_server_exceptions=False)
    answer = client.get(PATH)
    assert answer.status_code == 503
    assert str(settings.home) not in answer.text
    assert client.get(PATH, params={"kind": "issued"}).status_code == 200  # which needs none


def test_a_new_hindcast_is_another_answer(settings):
    written(settings.issues)
    client = TestClient(create(settings))
    tag = client.get(PATH).headers["ETag"]
    assert client.get(PATH, headers={"If-None-Match": tag}).status_code == 304
    small_watch.hindcast(settings.mlruns)
    assert client.get(PATH, headers={"If-None-Match": tag}).status_code == 200


# Budgets


def test_a_budget_says_what_its_alerts_would_have_given(settings):
    written(settings.issues)
    small_watch.hindcast(settings.mlruns, leads=(1, 2))
    client = TestClient(create(settings))
    # In two months units 0 to 5 have risks (u + 1) / 10 and (u + 1) / 100; 0, 2 and 4 escalate in
    # the first. Two alerts a month are four in all: those of 30 % and more, of 2, 3, 4 and 5.
    (row,) = rows(client, "/v1/alert-budgets", budget=2, lead=[1, 2])
    assert (row["threshold"], row["alerts_a_month"], row["months"]) == (0.3, 2, 2)
    assert (row["hits"], row["misses"], row["false_alarms"]) == (2, 1, 2)
    assert (row["leads"], row["model"]) == ([1, 2], "made-up")
    (mali,) = rows(client, "/v1/alert-budgets", budget=0.5, lead=1, location_code="MLI")
    assert (mali["threshold"], mali["hits"], mali["misses"]) == (0.2, 0, 1)
    asked = {"location_code": "NER", "admin1_code": GAO}  # which lies in Mali
    assert rows(client, "/v1/alert-budgets", lead=1, **asked) == []


def test_a_budget_without_a_hindcast_is_a_conflict_that_says_what_to_run(settings):
    written(settings.issues)
    answer = TestClient(create(settings)).get("/v1/alert-budgets")
    assert answer.status_code == 409
    assert "`ewarn hindcast`" in answer.json()["detail"]


@pytest.mark.parametrize("asked", ["budget=0", "budget=-1", "budget=nan", "budget=x", "lead=3"])
def test_a_budget_that_cannot_be_is_refused(settings, asked):
    written(settings.issues)
    small_watch.hindcast(settings.mlruns)
    assert TestClient(create(settings)).get(f"/v1/alert-budgets?{asked}").status_code == 422
