"""Every request has an id, a line in the log, and is counted under its route."""

import io
import json
import logging

import pytest
from starlette.testclient import TestClient
from support.small_issue import written

from ewarn.core.settings import Settings
from ewarn_api.app import create
from ewarn_api.http import log_format, metrics
from ewarn_api.requests import context

SECRET = "hushhush"  # noqa: S105


@pytest.fixture
def noted():
    return []


@pytest.fixture
def client(tmp_path, noted):
    written(Settings(home=tmp_path).issues)
    app = create(Settings(home=tmp_path), lambda event, facts: noted.append((event, facts)))

    @app.get("/broken")
    async def broken():
        raise ValueError("inside")

    return TestClient(app, raise_server_exceptions=False)


def counted(client, **labels):
    """How often Prometheus would read that such requests were answered."""
    for line in client.get("/metrics").text.splitlines():
        if line.startswith("ewarn_http_requests_total{") and all(
            f'{name}="{value}"' in line for name, value in labels.items()
        ):
            return float(line.rsplit(" ", 1)[1])
    return 0.0


@pytest.mark.slow
@pytest.mark.parametrize("given", ["a", "A-1_b.c", "x" * 64])
def test_a_sane_id_is_taken(client, noted, given):
    answer = client.get("/v1/units", headers={"X-Request-ID": given})
    assert answer.headers.get_list("X-Request-ID") == [given]
    assert noted[-1][1]["request_id"] == given


@pytest.mark.slow
@pytest.mark.parametrize("given", ["", "x" * 65, "a b", 'a"b', "a;b", "é".encode()])
def test_any_other_is_replaced(client, given):
    said = {client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]}
    said.add(client.get("/healthz").headers["X-Request-ID"])
    assert len(said) == 2
    assert given not in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/units?limit=0", 422),
        ("/v1/units/XX", 404),
        ("/nowhere", 404),
        ("/v1/units?format=csv&format=json", 422),
        ("/broken", 500),
    ],
)
def test_a_problem_says_the_id_that_its_header_and_the_log_have(client, noted, path, status):
    answer = client.get(path)
    assert answer.status_code == noted[-1][1]["status"] == status
    assert answer.headers["X-Ewarn-Issue"]
    ids = {answer.json()["request_id"], answer.headers["X-Request-ID"], noted[-1][1]["request_id"]}
    assert len(ids) == 1


@pytest.mark.slow
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_line_has_what_was_asked_and_answered_and_no_secret(client, noted, method):
    for _ in range(2):  # the second is answered from what is kept
        answer = client.request(
            method, "/v1/units/MLI-gao.csv", headers={"Authorization": f"Bearer {SECRET}"}
        )
        assert answer.status_code == 401
        answer = client.request(method, f"/v1/units/MLI-gao.csv?limit=3&api_key={SECRET}")
        assert answer.status_code == 422
        answer = client.request(method, "/v1/units/MLI-gao.csv")
        event, facts = noted[-1]
        assert event == "request"
        assert list(facts) == [*("request_id", "method", "path", "status", "ms", "bytes", "issue")]
        assert (facts["method"], facts["status"]) == (method, 200)
        assert facts["path"] == "/v1/units/MLI-gao.csv"
        assert facts["bytes"] == len(answer.content)
        assert facts["issue"] == answer.headers["X-Ewarn-Issue"]
        assert 0 < facts["ms"] < 10_000
    assert SECRET not in json.dumps(noted)


def test_a_path_is_noted_as_it_was_sent(client, noted):
    client.get("/v1/units/%1b%5B31m%0A")
    assert noted[-1][1]["path"] == "/v1/units/%1b%5B31m%0A"


@pytest.mark.slow
def test_requests_are_counted_by_template_never_by_path(client):
    labels = {"method": "GET", "route": "/v1/units/{code}/history", "status": "200"}
    before = counted(client, **labels)
    for _ in range(3):
        client.get("/v1/units/MLI-gao/history.csv")
    assert counted(client, **labels) == before + 3
    nowhere = {"method": "other", "route": "none", "status": "404"}
    before = counted(client, **nowhere)
    for number in range(3):
        client.request("BREW", f"/nowhere/{number}")
    assert counted(client, **nowhere) == before + 3
    assert "MLI-gao" not in client.get("/metrics").text
    assert "/nowhere" not in client.get("/metrics").text


def test_metrics_say_what_is_served_and_how_old_it_is(client):
    card = client.get("/v1/issues").json()
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"] == metrics.MEDIA_TYPE
    said = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if line[0] != "#")
    assert float(said["ewarn_data_age_days"]) == card["age_days"]
    assert float(said["ewarn_as_of_age_days"]) == card["as_of_age_days"]
    assert float(said["ewarn_months_behind"]) == card["months_behind"]
    (info,) = [name for name in said if name.startswith("ewarn_issue_info")]
    assert f'issue="{card["issue"]}"' in info
    assert 'simulated="true"' in info
    assert float(said["ewarn_issues"]) == 1
    assert float(said["ewarn_scenario_workers"]) == float(said["ewarn_scenarios_asked"]) == 0


def test_damaged_issues_are_counted_and_no_issue_is_no_age(client, tmp_path):
    (folder,) = Settings(home=tmp_path).issues.glob("2*")
    client.app.state.store.recheck = 0
    (folder / "issue.json").unlink()
    folder.rename(folder.with_name("2020-12-0000000000"))
    said = client.get("/metrics").text
    assert "\newarn_issues_damaged 1.0\n" in said
    assert "ewarn_data_age_days" not in said


# Lines


@pytest.fixture
def line():
    """Logs through the standard library as the service does, and gives the line."""

    def log(**facts):
        text = io.StringIO()
        handler = logging.StreamHandler(text)
        handler.setFormatter(log_format.formatter())
        logger = logging.Logger("some.where")
        logger.addHandler(handler)
        logger.error("%s happened", "it", **facts)
        return text.getvalue()

    return log


def test_what_the_library_logs_is_a_line_of_json(line):
    said = json.loads(line())
    assert list(said) == ["time", "level", "event", "logger"]
    assert (said["level"], said["event"], said["logger"]) == ("error", "it happened", "some.where")


def test_a_traceback_is_in_the_line_and_so_is_the_request(line):
    token = context.current.set("an-id")
    try:
        raise ValueError("inside")
    except ValueError:
        text = line(exc_info=True)
    finally:
        context.current.reset(token)
    assert text.count("\n") == 1
    said = json.loads(text)
    assert said["request_id"] == "an-id"
    assert "ValueError: inside" in said["exception"]


def test_on_a_terminal_a_line_is_one_to_read(line, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    said = line()
    assert "it happened" in said
    assert not said.startswith("{")


@pytest.mark.parametrize(("level", "has"), [("debug", True), ("info", True), ("warning", False)])
def test_requests_are_logged_from_the_level_info_on(level, has):
    assert (log_format.requests(level) is not None) is has
