"""Who may ask what of the service: every route by its scope, at each request, come what may."""

import logging
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import APIRouter, Query
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient
from support.small_issue import written

from ewarn.core.settings import Settings
from ewarn.database import Unreachable, audit, keys
from ewarn_api import access
from ewarn_api.access import _access
from ewarn_api.app import create

pytestmark = pytest.mark.slow

READ, WRITE = "/v1/units", "/v1/made-up-lists"
HEALTHY = {"/healthz", "/readyz"}
OPEN = {
    *HEALTHY,
    "/docs",
    "/metrics",
    "/",
    "/web/{name:path}",
}  # what may be open to all, whatever is set
OWN = {  # what belongs to a key
    *("/v1/judgements", "/v1/judgements/scores"),
    *("/v1/watchlists", "/v1/watchlists/{watchlist_id}"),
    *("/v1/watchlists/{watchlist_id}/milestones", "/v1/alerts", "/v1/alerts/{alert_id}"),
    *("/v1/subscriptions", "/v1/subscriptions/{subscription_id}"),
    "/v1/subscriptions/{subscription_id}/deliveries",
    "/v1/subscriptions/{subscription_id}/deliveries/{delivery_id}/resend",
}
UNDECLARED = {"/openapi.json"}  # FastAPI's own, which declares nothing


class Service:
    """The service on a small issue and a database, with one more route, that writes."""

    def __init__(self, home: Path, url: str, **more) -> None:
        settings = Settings(home=home, database_url=url, **more)
        written(settings.issues)
        self.app = create(settings)
        extra = APIRouter()

        @extra.post(WRITE, dependencies=[access.needs("watchlists")], status_code=201)
        async def write(fail: Annotated[bool, Query(include_in_schema=False)] = False):
            """Writes nothing."""
            if fail:
                raise RuntimeError("told nobody")
            return {"made": 1}

        self.app.include_router(extra)
        self.client = TestClient(self.app, raise_server_exceptions=False)
        self.database = self.app.state.database

    def key(self, *scopes: str, name: str = "who", **more) -> str:
        with self.database.writing() as session:
            return keys.create(session, name, scopes, **more).secret

    def ask(self, path: str, secret: str | None = None, method: str = "GET"):
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return self.client.request(method, path, headers=headers)

    def audit(self):
        with self.database.reading() as session:
            return [one for one in audit.latest(session, 100) if one.origin != "command line"]

    def fail(self, monkeypatch) -> None:
        """Has every session fail, as when the database is away."""

        def away():
            raise Unreachable("the database cannot be used: host secret-host, port 5432")

        for name in ("reading", "writing"):
            monkeypatch.setattr(self.database, name, away)


@pytest.fixture(params=["open", "keyed"])
def read(request):
    return request.param


@pytest.fixture
def service(tmp_path, database_url, read):
    made = Service(tmp_path, database_url, read=read)
    yield made
    made.database.close()


@pytest.fixture
def keyed(tmp_path, database_url):
    made = Service(tmp_path, database_url, read="keyed")
    yield made
    made.database.close()


# Every route


def _routes(app):
    """Path, method and need of every route there is."""
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        need = access.need_of(dependant) if dependant else None
        yield from ((route.path, method, need) for method in route.methods)


def test_every_route_declares_what_it_needs_and_sees_to_it(tmp_path):
    """The one test over all routes: a new one that declares nothing fails it."""
    service = Service(tmp_path, "", read="keyed", rate_per_minute=0)
    secrets = {scope: service.key(scope, name=scope) for scope in keys.SCOPES}
    ended = [service.key("admin", name=name) for name in ("revoked", "expired")]
    with service.database.writing() as session:
        keys.revoke(session, "revoked")
        keys.find(session, "expired").expires_at = datetime.now(UTC)
    ended += ["ewarn_00000000_" + "A" * 43, "x"]
    seen = set()
    for path, method, need in _routes(service.app):
        if path in UNDECLARED:
            continue
        assert need, f"{method} {path} declares nothing: give it access.needs(...)"
        assert need != "nothing" or path in OPEN, f"{path} may not be open to all"
        assert method == "GET" or need != "nothing", f"{method} {path} may not be open to all"
        seen.add(need)
        url = path.replace("{code}", "MLI-gao").replace("{name:path}", "style/page.css")
        if need == "nothing":
            assert service.ask(url).status_code == 200
            continue
        for secret in (None, *ended):
            _check_refused(service.ask(url, secret, method), 401)
        for scope, secret in secrets.items():
            answer = service.ask(url, secret, method)
            if scope in (need, "admin"):
                assert answer.status_code not in (401, 403), (path, scope)
            else:
                _check_refused(answer, 403)
    assert seen == {"nothing", "read", "watchlists"}


def _check_refused(answer, status):
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert list(said) == ["type", "title", "status", "detail", "instance", "known", "request_id"]
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="ewarn"')
    assert ('error="insufficient_scope"' in challenge) == (status == 403)


def test_who_needs_nothing_is_told_so_in_the_document(tmp_path):
    for read in ("open", "keyed"):
        document = Service(tmp_path, "", read=read).app.openapi()
        said = {
            path: (bool(operation.get("security")), set(operation["responses"]))
            for path, item in document["paths"].items()
            for operation in item.values()
        }
        assert {path for path, (is_keyed, _) in said.items() if is_keyed} == (
            {WRITE, *OWN} if read == "open" else set(said) - HEALTHY
        )
        assert {"401", "403", "503", "429", "414"} <= said[WRITE][1]
        assert {"411", "413"} <= said["/v1/scenarios"][1]
        assert not {"401", "403"} & said["/healthz"][1]


# Keys


def test_reading_is_open_or_keyed_and_writing_always_keyed(service, read):
    secret = service.key("read")
    assert service.ask(READ).status_code == (200 if read == "open" else 401)
    assert service.ask(READ, secret).status_code == 200
    assert service.ask(WRITE, None, "POST").status_code == 401
    assert service.ask(WRITE, secret, "POST").status_code == 403
    for path in ("/healthz", "/readyz", "/docs", "/openapi.json"):
        assert service.ask(path).status_code == 200


def test_a_key_may_be_sent_in_either_header(service):
    secret = service.key("watchlists")
    for headers in (
        {"Authorization": f"Bearer {secret}"},
        {"Authorization": f"bearer  {secret} "},
        {"X-Api-Key": secret},
        {"Authorization": "Basic d2hvOndoYXQ=", "X-Api-Key": secret},
        {"Authorization": f"Bearer {secret}", "X-Api-Key": "other"},
    ):
        assert service.client.post(WRITE, headers=headers).status_code == 201, headers
    for headers in (
        {"Authorization": secret},
        {"Authorization": f"Basic {secret}"},
        {"Authorization": "Bearer "},
        {"X-Api-Key": ""},
        {"Authorization": "Bearer other", "X-Api-Key": secret},
        {"Cookie": f"key={secret}"},
    ):
        assert service.client.post(WRITE, headers=headers).status_code == 401, headers
    assert service.client.post(f"{WRITE}?key={secret}&api_key={secret}").status_code == 401


def test_a_wrong_key_is_told_even_where_reading_is_open(service):
    answer = service.ask(READ, "ewarn_00000000_" + "A" * 43)
    _check_refused(answer, 401)
    assert "there is no such key" in answer.json()["detail"]


def test_a_revoked_key_stops_at_the_next_request(service):
    secret = service.key("watchlists", "read")
    for _ in range(3):
        assert service.ask(READ, secret).status_code == 200
        assert service.ask(WRITE, secret, "POST").status_code == 201
    with service.database.writing() as session:
        keys.revoke(session, "who")
    for path, method in ((READ, "GET"), (WRITE, "POST")):
        answer = service.ask(path, secret, method)
        _check_refused(answer, 401)
        assert "revoked" in answer.headers["WWW-Authenticate"]


def test_a_rotated_key_goes_on_with_either_secret_until_the_old_one_ends(service):
    first = service.key("watchlists")
    with service.database.writing() as session:
        second = keys.rotate(session, "who", timedelta(hours=1)).secret
    assert [service.ask(WRITE, one, "POST").status_code for one in (first, second)] == [201, 201]
    with service.database.writing() as session:
        third = keys.rotate(session, "who").secret
    found = [service.ask(WRITE, one, "POST").status_code for one in (first, second, third)]
    assert found == [401, 401, 201]


def test_use_is_noted(keyed):
    secret = keyed.key("read")
    before = datetime.now(UTC)
    for _ in range(3):
        assert keyed.ask(READ, secret).status_code == 200
    with keyed.database.reading() as session:
        at = keys.find(session, "who").last_used_at
    assert before <= at <= datetime.now(UTC)


def test_only_an_open_read_without_a_key_may_be_answered_before_the_routes(service, read):
    is_open_to = service.app.state.access.is_open_to
    assert is_open_to([(b"accept", b"*/*"), (b"authorization", b"Basic x")]) == (read == "open")
    assert not is_open_to([(b"x-api-key", b"x")])
    assert not is_open_to([(b"authorization", b"Bearer x")])


# The database is away


def test_without_the_database_open_reads_go_on_and_the_rest_answers_503(service, read, monkeypatch):
    secret = service.key("watchlists", "read")
    with monkeypatch.context() as broken:
        service.fail(broken)
        for _ in range(3):
            for path in ("/healthz", "/readyz", "/docs", "/openapi.json"):
                assert service.ask(path, secret).status_code == 200
            assert service.ask(READ).status_code == (200 if read == "open" else 401)
            answers = [service.ask(WRITE, secret, "POST")]
            if read == "open":
                assert service.ask(READ, secret).status_code == 200
            else:
                answers.append(service.ask(READ, secret))
            for answer in answers:
                assert answer.status_code == 503
                assert int(answer.headers["Retry-After"]) > 0
                assert answer.json()["type"] == "urn:ewarn:problem:database-away"
                assert "secret-host" not in answer.text
    service.app.state.access._away_until = 0.0  # a second later
    assert service.ask(WRITE, secret, "POST").status_code == 201
    assert service.ask(READ, secret).status_code == 200


def test_a_database_that_is_away_is_not_asked_again_at_once(service, monkeypatch):
    secret, asked = service.key("watchlists"), []

    def away():
        asked.append(1)
        raise Unreachable("away")

    monkeypatch.setattr(_access, "_AWAY_SECONDS", 600.0)  # 20 requests may take more than a second
    monkeypatch.setattr(service.database, "reading", away)
    assert {service.ask(WRITE, secret, "POST").status_code for _ in range(20)} == {503}
    assert len(asked) == 1


def test_a_database_that_hangs_is_not_waited_for(service, read, monkeypatch):
    secret, resumed = service.key("watchlists", "read"), threading.Event()
    monkeypatch.setattr(_access, "_ANSWER_SECONDS", 0.2)
    with monkeypatch.context() as broken:
        broken.setattr(service.database, "reading", resumed.wait)
        begun = time.monotonic()
        assert service.ask(READ, secret).status_code == (200 if read == "open" else 503)
        assert service.ask(WRITE, secret, "POST").status_code == 503
        assert time.monotonic() - begun < 2
        resumed.set()
    service.app.state.access._away_until = 0.0  # a second later
    assert service.ask(WRITE, secret, "POST").status_code == 201


@pytest.mark.postgresql
def test_postgresql_stopped_and_started_under_the_service(tmp_path, postgresql):
    service = Service(tmp_path, postgresql.database(), read="open")
    secret = service.key("watchlists")
    assert service.ask(WRITE, secret, "POST").status_code == 201
    postgresql.stop()
    try:
        assert service.ask(READ, secret).status_code == 200
        assert service.ask(WRITE, secret, "POST").status_code == 503
    finally:
        postgresql.start()
    service.app.state.access._away_until = 0.0  # a second later
    assert service.ask(WRITE, secret, "POST").status_code == 201
    service.database.close()


def test_a_last_use_that_cannot_be_noted_stops_nobody(tmp_path, monkeypatch):
    service = Service(tmp_path, "", read="keyed")
    secret = service.key("read")

    def full():
        raise Unreachable("database or disk is full")

    monkeypatch.setattr(service.database, "writing", full)
    assert service.ask(READ, secret).status_code == 200


# The audit log


def test_writes_and_refused_writes_are_in_the_audit_log_and_reads_are_not(service):
    secret, other = service.key("watchlists"), service.key("read", name="other")
    with service.database.reading() as session:
        ids = [keys.find(session, name).id for name in ("who", "other")]
    service.ask(READ, secret)
    service.ask(WRITE, secret, "POST")
    service.ask(WRITE, other, "POST")
    service.ask(WRITE, None, "POST")
    service.ask(f"{WRITE}?fail=1", secret, "POST")
    service.ask(f"{WRITE}?fail=x", secret, "POST")
    service.ask("/v1/scenarios", secret, "POST")
    lines = [(one.key_id, one.action, one.subject, one.result) for one in service.audit()]
    who, no_scope = ids
    assert lines[::-1] == [
        (who, "POST", WRITE, "201"),
        (no_scope, "POST", WRITE, "403"),
        (None, "POST", WRITE, "401"),
        (who, "POST", WRITE, "500"),
        (who, "POST", WRITE, "422"),
    ]
    assert {one.origin for one in service.audit()} == {"testclient"}


def test_a_write_whose_line_cannot_be_kept_is_in_the_log(tmp_path, monkeypatch, caplog):
    service = Service(tmp_path, "")
    secret = service.key("watchlists")
    service.ask(READ, secret)

    def full():
        raise Unreachable("database or disk is full")

    monkeypatch.setattr(service.database, "writing", full)
    for _ in range(2):  # and does not stop the next one
        assert service.ask(WRITE, secret, "POST").status_code == 201
    assert caplog.text.count(f"'subject': '{WRITE}', 'result': '201'") == 2


# Secrets


def test_no_secret_is_in_any_log_answer_or_audit_line(service, caplog, monkeypatch):
    for name in ("", "sqlalchemy", "sqlalchemy.engine", "alembic", "uvicorn", "ewarn_api"):
        caplog.set_level(logging.DEBUG, name)
    secret, other = service.key("watchlists", "read"), service.key("read", name="other")
    wrong = secret[:-4] + "AAAA"
    texts = []
    for one in (secret, other, wrong, f"{secret}x"):
        for path, method in ((READ, "GET"), (WRITE, "POST"), (f"{WRITE}?fail=1", "POST")):
            answer = service.ask(path, one, method)
            texts.append(f"{answer.headers} {answer.text}")
        service.client.get("/nowhere", headers={"X-Api-Key": one})
    with service.database.writing() as session:
        third = keys.rotate(session, "who").secret
    texts += [f"{one.subject} {one.result} {one.action}" for one in service.audit()]
    with monkeypatch.context() as broken:
        service.fail(broken)
        texts.append(service.ask(WRITE, third, "POST").text)
    texts += [f"{one.getMessage()} {one.args} {one.exc_text}" for one in caplog.records]
    assert len(caplog.records) > 50
    said = "\n".join(texts)
    for one in (secret, other, wrong, third):
        assert one.split("_", 2)[2][:20] not in said


def test_the_database_file_holds_no_secret(tmp_path):
    service = Service(tmp_path, "")
    secret = service.key("read")
    service.ask(READ, secret)
    service.database.close()
    with sqlite3.connect(tmp_path / "mlruns/ewarn.db") as connection:
        dump = "\n".join(connection.iterdump())
    assert "who" in dump
    assert secret.split("_", 2)[2] not in dump
