"""POST /v1/scenarios: the answer, every refusal, and a worker that is lost, late or busy."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient
from support.small_home import CLOSURE, change

from ewarn import jobs
from ewarn.core import columns
from ewarn.core.settings import Settings
from ewarn.explain.scenarios import request
from ewarn_api.app import create
from ewarn_api.http.admission import MOST_BYTES

pytestmark = pytest.mark.slow

URL = "/v1/scenarios"
DEATHS = {"fatalities_changes": [change(40)]}


@pytest.fixture(scope="module")
def client(home):
    settings = Settings(home=home, scenario_queue=0)
    with TestClient(create(settings), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def worker(client):
    """The worker, at work: it has answered once."""
    assert client.post(URL, json=DEATHS).status_code == 200
    return client.app.state.worker


def check_problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Ewarn-Issue"]
    said = answer.json()
    assert list(said) == ["type", "title", "status", "detail", "instance", "known", "request_id"]
    assert (said["status"], said["instance"]) == (status, answer.request.url.path)
    return said["detail"]


# The answer


def test_the_answer_is_what_the_command_computes(client, home):
    given = {"milestones": [CLOSURE], "top": 2} | DEATHS
    said = client.post(URL, json=given).json()
    found = jobs.scenario_runner(None, home / "mlruns").run(request.checked(given))
    assert said["totalCount"] == len(said["data"]) == len(found) == 4
    for name in ("risk_with", "expected_difference", "p_ge_25_without", "lead", "target_month"):
        assert [row[name] for row in said["data"]] == found[name].tolist()
    assert said["data"][0]["admin1_code"] == found["unit"][0] == "MLI-A"
    assert "not what the change would cause" in said["note"]
    assert said["as_of"] == "2020-12-31"


def test_every_field_of_the_answer_is_declared(client):
    answer = client.post(URL, json=DEATHS)
    said = answer.json()
    schemas = client.app.openapi()["components"]["schemas"]
    assert set(said) == set(schemas["ScenarioUnitPage"]["properties"])
    assert set(said["data"][0]) == set(schemas["ScenarioUnitRow"]["properties"])
    for name in [*said, *said["data"][0]]:
        assert columns.of(name).sentence
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Ewarn-Issue"] == said["issue"]


def test_csv_has_the_rows_of_json(client):
    said = client.post(URL, json=DEATHS).json()["data"]
    for url, headers in ((f"{URL}.csv", {}), (URL, {"Accept": "text/csv"})):
        answer = client.post(url, json=DEATHS, headers=headers)
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert [float(row["risk_with"]) for row in rows] == [row["risk_with"] for row in said]


def test_the_issue_is_the_one_named(client):
    issue = client.get("/v1/issues").json()["issue"]
    assert client.post(f"{URL}?issue={issue}", json=DEATHS).json()["issue"] == issue
    check_problem(client.post(f"{URL}?issue=2020-12-0000000000", json=DEATHS), 404)


# Refusals


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "body field: found {}; Value error, expected milestones, or one of troops_changes"),
        ({"milestones": [CLOSURE] * 21}, "body field milestones: "),
        ({"troops_changes": [change(1)] * 101}, "body field troops_changes: "),
        ({"troops": 1}, "unknown body field troops; known: admin1_code, bases_changes"),
        ({"milestones": [CLOSURE | {"kind": "x"}]}, "body field milestones.0.kind: found 'x'; "),
        ({"milestones": [{}]}, "body field milestones.0.mission"),
        ({"events_changes": [change("2")]}, "body field events_changes.0.change: found '2'"),
        ({"events_changes": [change(True)]}, "body field events_changes.0.change: found True"),
        ({"events_changes": [change(1, "XX")]}, "events_changes.0.admin1_code: found 'XX'; expect"),
        (DEATHS | {"admin1_code": ["XX"]}, "admin1_code: found 'XX'; expected a unit"),
        ({"fatalities_changes": [change(-9)]}, "fatalities_changes.0.change: found -9; expected"),
        ({"milestones": [CLOSURE | {"announced_on": "2021-01-01"}]},
         "milestones.0.announced_on: found 2021-01-01; expected a day up to 2020-12-31"),
        ([], "body field: found []"),
    ],
)  # fmt: skip
def test_what_is_malformed_or_too_large_is_422_with_the_field_named(client, given, field):
    detail = check_problem(client.post(URL, json=given), 422)
    assert field in detail
    assert len(detail) < 1000


def test_a_body_that_is_no_json_or_too_long_or_of_no_known_length_is_refused(client):
    assert "body" in check_problem(client.post(URL, content=b"{"), 422)
    detail = check_problem(client.post(URL, content=b" " * (MOST_BYTES + 1)), 413)
    assert detail == f"body: found 65537 bytes; expected {MOST_BYTES} at most"
    check_problem(client.post(URL, content=iter([b"{}"])), 411)


def test_other_methods_and_parameters_are_refused(client):
    assert check_problem(client.get(URL), 405)
    assert "limit" in check_problem(client.post(f"{URL}?limit=1", json=DEATHS), 422)
    check_problem(client.post(f"{URL}?format=png", json=DEATHS), 422)
    check_problem(client.post(URL, json=DEATHS, headers={"Accept": "image/png"}), 406)


# The worker


def halted(worker):
    """The worker's process, halted, so that it takes what it is asked and does not answer."""
    os.kill(worker.process.pid, signal.SIGSTOP)
    return worker.process


def test_a_worker_killed_midway_is_503_and_the_next_request_works(client, worker):
    process = halted(worker)
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(client.post, URL, json=DEATHS)
        time.sleep(0.5)
        os.kill(process.pid, signal.SIGKILL)
        answer = asked.result()
    assert "ended before it answered" in check_problem(answer, 503)
    assert answer.headers["Retry-After"] == "30"
    assert client.post(URL, json=DEATHS).status_code == 200
    assert worker.process.pid != process.pid


def test_a_worker_killed_while_idle_is_made_anew(client, worker):
    os.kill(worker.process.pid, signal.SIGKILL)
    worker.process.wait()
    assert client.post(URL, json=DEATHS).status_code == 200


def test_time_over_is_504_and_the_next_request_works(client, worker, monkeypatch):
    halted(worker)
    monkeypatch.setattr(worker, "_seconds", 0.5)
    assert "took longer than 0.5 s" in check_problem(client.post(URL, json=DEATHS), 504)
    monkeypatch.undo()
    assert client.post(URL, json=DEATHS).status_code == 200


def test_a_full_queue_is_503_at_once(client, worker):
    process = halted(worker)
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(client.post, URL, json=DEATHS)
        time.sleep(0.5)
        answer = client.post(URL, json=DEATHS)
        assert "as many scenarios wait as may" in check_problem(answer, 503)
        assert answer.headers["Retry-After"]
        os.kill(process.pid, signal.SIGCONT)
        assert asked.result().status_code == 200


def test_the_worker_ends_with_the_service(home):
    app = create(Settings(home=home))
    with TestClient(app) as one:
        assert one.post(URL, json=DEATHS).status_code == 200
        process = app.state.worker.process
    assert process.poll() == 0
    assert app.state.worker.process is None


_ASK = """
import json, sys
from pathlib import Path
from starlette.testclient import TestClient
from ewarn.core.settings import Settings
from ewarn_api.app import create
with TestClient(create(Settings(home=Path(sys.argv[1])))) as client:
    status = client.post("/v1/scenarios", json=json.loads(sys.argv[2])).status_code
print(json.dumps([status, sorted(sys.modules)]))
"""


def test_the_service_itself_never_loads_the_modelling_stack(home):
    command = [sys.executable, "-c", _ASK, str(home), json.dumps(DEATHS)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    status, modules = json.loads(ran.stdout)
    assert status == 200
    heavy = {"mlflow", "lightgbm", "statsmodels", "sklearn", "matplotlib", "scipy"}
    assert not heavy & set(modules)


def test_an_issue_that_cannot_be_made_again_is_503_and_tells_no_path(tmp_path):
    from support.small_issue import written  # noqa: PLC0415

    written(Settings(home=tmp_path).issues)
    with TestClient(create(Settings(home=tmp_path))) as one:
        detail = check_problem(one.post(URL, json=DEATHS), 503)
    assert "cannot be made again" in detail
    assert str(tmp_path) not in detail


@pytest.mark.slow
def test_fifty_scenarios_take_less_than_a_minute(client):
    client.post(URL, json=DEATHS)
    start = time.monotonic()
    for number in range(50):
        given = {"milestones": [CLOSURE], "fatalities_changes": [change(number + 1)]}
        assert client.post(URL, json=given).status_code == 200
    assert time.monotonic() - start < 60
