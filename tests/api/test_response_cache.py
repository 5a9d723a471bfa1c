"""Answers kept ready are those FastAPI would give, of what is served now and of today."""

import time
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient
from support.small_issue import NOW, written

from ewarn.core.settings import Settings
from ewarn_api.app import create
from ewarn_api.http.response_cache import ResponseCache
from ewarn_api.issues import store

TODAY = date(2021, 1, 15)
PATHS = ["/v1/risk-scores?location_code=MLI", "/v1/forecasts.csv?lead=2&limit=7", "/v1/issues"]
PATHS += ["/v1/units/MLI-gao/history", "/v1/drivers", "/v1/milestones", "/v1/models/made-up/3"]
PATHS += ["/v1/models", "/v1/models/made-up/3.html", "/v1/units?offset=2"]


class Inner:
    """Counts the requests that come through to FastAPI."""

    def __init__(self, app):
        self.app, self.count = app, 0

    async def __call__(self, *args):
        self.count += 1
        await self.app(*args)


@pytest.fixture
def day(monkeypatch):
    """Sets the day it is."""

    def turn(today):
        monkeypatch.setattr(store, "today", lambda: today)

    return turn


@pytest.fixture
def issues(tmp_path, day):
    day(TODAY)
    written(Settings(home=tmp_path).issues)
    return Settings(home=tmp_path).issues


def service(issues, **settings):
    app = create(Settings(home=issues.parents[1], rate_per_minute=0, **settings))
    app.state.store.recheck = 0
    app.inner = Inner(ready(app)._app)
    ready(app)._app = app.inner
    plain = {"Accept-Encoding": "identity"}
    return TestClient(app, raise_server_exceptions=False, headers=plain)


@pytest.fixture
def client(issues):
    return service(issues)


def ready(app) -> ResponseCache:
    layer = app.layers
    while not isinstance(layer, ResponseCache):
        layer = layer._app
    return layer


def essence(answer):
    """All of an answer but the id of its request."""
    fields = [pair for pair in answer.headers.multi_items() if pair[0] != "x-request-id"]
    return answer.status_code, fields, answer.content


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_the_second_answer_is_the_first_and_not_made_again(client, path):
    first = client.get(path)
    assert first.status_code == 200
    assert essence(client.get(path)) == essence(first)
    head = client.head(path)
    assert essence(head) == (*essence(first)[:2], b"")
    assert client.app.inner.count == 1


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_a_304_kept_ready_is_the_one_that_fastapi_makes(client, issues, path):
    tag = client.get(path).headers["etag"]
    fresh, making = service(issues), service(issues, ready_bytes=0)
    for held in (tag, "*", f'"other", {tag}', tag.removeprefix("W/")):
        made = making.get(path, headers={"If-None-Match": held})
        assert made.status_code == 304
        assert essence(client.get(path, headers={"If-None-Match": held})) == essence(made)
        assert essence(fresh.get(path, headers={"If-None-Match": held})) == essence(made)
    assert client.app.inner.count == fresh.app.inner.count == 1
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    assert fresh.get(path).content == client.get(path).content  # which a kept 304 cannot give


def test_accept_chooses_the_answer_and_a_suffix_as_well(client):
    for _ in range(2):
        kinds = [
            client.get("/v1/units", headers={"Accept": accept}).headers["content-type"]
            for accept in ("text/csv", "application/json")
        ]
        kinds.append(client.get("/v1/units.csv").headers["content-type"])
        assert [kind[:8] for kind in kinds] == ["text/csv", "applicat", "text/csv"]
    assert client.app.inner.count == 3


def test_a_newer_issue_is_answered_from_the_next_request_on(client, issues):
    path = PATHS[0]
    before = client.get(path)
    assert client.get(path).content == before.content
    newer = written(issues, scale=2.0, now=NOW + timedelta(days=1))
    after = client.get(path, headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.json()["issue"]) == (200, newer.id)
    assert client.get(path).headers["x-ewarn-issue"] == newer.id
    older = client.get(f"{path}&issue={before.json()['issue']}").json()
    assert older["data"] == before.json()["data"]


def test_an_answer_made_while_another_issue_came_is_not_kept(client, issues, monkeypatch):
    """The newer issue comes after FastAPI has looked, and before its answer is kept."""
    made, real = [], client.app.inner.app

    async def late(scope, receive, send):
        async def sending(message):
            if not made and message["type"] == "http.response.start":
                made.append(written(issues, scale=2.0, now=NOW + timedelta(days=1)))
                await client.app.state.store.view()
            await send(message)

        await real(scope, receive, sending)

    monkeypatch.setattr(client.app.inner, "app", late)
    assert client.get(PATHS[0]).json()["issue"] != made[0].id
    assert client.get(PATHS[0]).json()["issue"] == made[0].id


def test_an_issue_that_went_away_is_not_answered_from(client, issues):
    for name in issues.iterdir():
        client.get(PATHS[0])
        if name.is_dir():
            name.rename(issues / f".{name.name}")
    time.sleep(0.02)  # the folder is looked at 500 times a second at most
    assert client.get(PATHS[0]).status_code == 503


def test_ages_are_those_of_the_day(client, day):
    path = PATHS[0]
    for days in range(3):
        day(TODAY + timedelta(days=days))
        for _ in range(2):
            answer = client.get(path)
            assert answer.json()["age_days"] == 15 + days
            assert answer.headers["x-ewarn-age-days"] == str(15 + days)
            told = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
            assert told.headers["x-ewarn-age-days"] == str(15 + days)
    assert client.app.inner.count == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/metrics", "/nowhere", "/v1/units?limit=x", "/v1/units/XX"]
)
def test_nothing_else_is_kept(client, path):
    statuses = {client.get(path).status_code for _ in range(3)}
    assert len(statuses) == 1
    assert client.app.inner.count == 3
    assert ready(client.app).size == 0


def test_a_write_is_neither_kept_nor_answered_from_what_is(client):
    client.get("/v1/units")
    for _ in range(2):
        assert client.post("/v1/units").status_code == 405
    assert client.app.inner.count == 3


@pytest.mark.slow
def test_what_is_kept_has_a_bound_and_the_longest_unasked_goes_first(issues):
    client = service(issues, ready_bytes=300_000)
    for number in range(200):
        client.get(f"/v1/units?limit={number + 1}")
        client.get("/v1/units?limit=1")
        assert ready(client.app).size <= 300_000
    assert client.app.inner.count == 200  # the first was asked about again and again
    kept = ready(client.app)._kept
    assert ready(client.app).size == sum(made.size(key) for key, made in kept.items())
    client.get("/v1/units?limit=2")
    assert client.app.inner.count == 201


def test_a_large_answer_is_not_kept(issues):
    client = service(issues, ready_bytes=300_000)
    large = client.get("/v1/forecasts?limit=1000")
    assert len(large.content) > 300_000 / 16
    assert client.get("/v1/forecasts?limit=1000").content == large.content
    assert client.app.inner.count == 2
    assert ready(client.app).size == 0


def test_nothing_is_kept_where_no_byte_may_be(issues):
    client = service(issues, ready_bytes=0)
    assert {client.get("/v1/units").status_code for _ in range(3)} == {200}
    assert client.app.inner.count == 3


@pytest.mark.slow
def test_a_thousand_polls_of_what_does_not_change_give_304_all_but_once(client):
    statuses, tag = [], ""
    for _ in range(1000):
        answer = client.get(PATHS[0], headers={"If-None-Match": tag} if tag else {})
        tag = answer.headers["etag"]
        statuses.append(answer.status_code)
    assert statuses == [200] + [304] * 999
