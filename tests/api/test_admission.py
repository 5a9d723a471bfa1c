"""What stands round the routes: limits of rate and size, and the headers browsers are safe with."""

import asyncio
import re
import time

import pytest
from starlette.testclient import TestClient
from support.small_issue import written

from ewarn.core.settings import Settings
from ewarn.database import keys
from ewarn_api.app import create
from ewarn_api.http import access_log, admission, rate_limits, security_headers

READ = "/v1/units"


@pytest.fixture
def service(tmp_path):
    """Makes the app with these settings."""

    def make(**settings):
        chosen = Settings(home=tmp_path, **settings)
        if not chosen.issues.exists():
            written(chosen.issues)
        return create(chosen)

    return make


def client(app, address="198.51.100.7"):
    return TestClient(app, raise_server_exceptions=False, client=(address, 50_000))


def check_problem(answer, status):
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert list(said) == ["type", "title", "status", "detail", "instance", "known", "request_id"]
    assert (said["status"], said["instance"]) == (status, answer.request.url.path)
    return said["detail"]


def left(answer):
    """Which limit an answer tells of, and how many requests it leaves."""
    kind, number, seconds = re.fullmatch(
        r'"(\w+)";r=(\d+);t=(\d+)', answer.headers["RateLimit"]
    ).groups()
    assert 1 <= int(seconds) <= 60
    return kind, int(number)


# Rate


@pytest.mark.slow
def test_an_address_may_ask_so_often_a_minute_and_is_told_how_often(service):
    app = service(rate_per_minute=5)
    one, other = client(app), client(app, "198.51.100.8")
    answers = [one.get(READ) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert [left(answer) for answer in answers] == [("address", n) for n in (4, 3, 2, 1, 0)]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"address";q=5;w=60'}
    refused = one.get(READ)
    assert "too many requests" in check_problem(refused, 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert left(refused) == ("address", 0)
    for path in ("/nowhere", "/docs", "/openapi.json", f"{READ}.csv"):
        assert one.get(path).status_code == 429
    head = one.head(READ)
    assert (head.status_code, head.content) == (429, b"")
    assert one.post("/v1/scenarios").status_code == 429
    assert left(other.get(READ)) == ("address", 4)


def test_those_who_watch_the_service_are_not_counted(service):
    one = client(service(rate_per_minute=1))
    for path in ("/healthz", "/readyz") * 3:
        answer = one.get(path)
        assert answer.status_code == 200
        assert "RateLimit" not in answer.headers
    assert one.get(READ).status_code == 200


@pytest.mark.slow
def test_when_the_minute_is_over_one_may_ask_again(service, monkeypatch):
    monkeypatch.setattr(rate_limits, "_WINDOW", 1)
    one = client(service(rate_per_minute=2))
    assert [one.get(READ).status_code for _ in range(3)] == [200, 200, 429]
    time.sleep(1.05)
    assert one.get(READ).status_code == 200


@pytest.mark.slow
def test_a_key_has_a_count_of_its_own_once_it_was_recognised(service):
    app = service(rate_per_minute=3, key_rate_per_minute=4)
    with app.state.database.writing() as session:
        secret = keys.create(session, "who", ["read"]).secret
        end = keys.create(session, "end", ["read"]).secret
    one, other = client(app), client(app, "198.51.100.8")
    sent = {"X-Api-Key": secret}
    found = [left(one.get(READ, headers=sent)) for _ in range(4)]
    assert found == [("address", 2), ("key", 3), ("key", 2), ("key", 1)]
    assert left(other.get(READ, headers=sent)) == ("key", 0)  # wherever it comes from
    assert other.get(READ, headers=sent).status_code == 429
    assert left(one.get(READ)) == ("address", 1)
    other.get(READ, headers={"X-Api-Key": end})
    assert left(other.get(READ, headers={"X-Api-Key": end})) == ("key", 3)
    with app.state.database.writing() as session:
        keys.revoke(session, "end")
    assert other.get(READ, headers={"X-Api-Key": end}).status_code == 401
    assert left(other.get(READ, headers={"X-Api-Key": end})) == ("address", 1)


def test_made_up_keys_bring_no_more_requests(service):
    one = client(service(rate_per_minute=3))
    sent = [{"X-Api-Key": f"ewarn_{n:08x}_{'A' * 43}"} for n in range(5)]
    assert [one.get(READ, headers=it).status_code for it in sent] == [401, 401, 401, 429, 429]


@pytest.mark.slow
def test_workers_share_the_limit_and_0_is_none(service):
    shared = client(service(rate_per_minute=600, workers=4)).get(READ)
    assert shared.headers["RateLimit-Policy"] == '"address";q=150;w=60'
    few = client(service(rate_per_minute=1, workers=4)).get(READ)
    assert few.headers["RateLimit-Policy"] == '"address";q=1;w=60'
    free = client(service(rate_per_minute=0))
    assert not {"ratelimit", "ratelimit-policy"} & set(free.get(READ).headers)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("not:an:address", "not:an:address"),
    ],
)
def test_an_address_of_ipv6_is_counted_with_its_network(address, network):
    assert rate_limits.counted(address) == network


def test_a_forwarded_address_is_believed_of_trusted_proxies_alone(service, monkeypatch):
    import uvicorn  # noqa: PLC0415
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware  # noqa: PLC0415

    from ewarn.cli import _serve  # noqa: PLC0415
    from ewarn.core.settings import settings  # noqa: PLC0415

    given = {}
    monkeypatch.setattr(uvicorn, "run", lambda *_, **options: given.update(options))
    app = service(rate_per_minute=1)
    for proxies, statuses in (("", [200, 429]), ("192.0.2.0/24", [200, 200])):
        monkeypatch.setenv("EWARN_TRUSTED_PROXIES", proxies)
        settings.cache_clear()
        _serve.serve()
        assert given["proxy_headers"] == bool(proxies)
        app = service(rate_per_minute=1)
        asked = app
        if given["proxy_headers"]:
            asked = ProxyHeadersMiddleware(app, trusted_hosts=given["forwarded_allow_ips"])
        one = client(asked, "192.0.2.1")
        found = [one.get(READ, headers={"X-Forwarded-For": f"198.51.100.{n}"}) for n in range(2)]
        assert [answer.status_code for answer in found] == statuses
    settings.cache_clear()


# Size


def test_a_query_may_be_so_long_and_have_so_many_values(service):
    one = client(service())
    assert one.get(f"{READ}?location_code=MLI" + "&iso=MLI" * 999).status_code == 200
    detail = check_problem(one.get(f"{READ}?" + "&iso=MLI" * 1000), 422)
    assert detail == "query: found 1001 values; expected 1000 at most"
    detail = check_problem(one.get(f"{READ}?iso=" + "A" * admission.MOST_QUERY_BYTES), 414)
    assert detail == "query: found 16388 bytes; expected 16384 at most"


def test_a_body_is_refused_on_every_path_before_it_is_read(service):
    one = client(service())
    for path in ("/v1/scenarios", READ, "/nowhere", "/docs"):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            answer = one.request(method, path, content=b" " * (admission.MOST_BYTES + 1))
            assert "65537 bytes" in check_problem(answer, 413)
            check_problem(one.request(method, path, content=iter([b"x"])), 411)
    for length in ("-1", "1e3", "", "9" * 30):
        check_problem(one.post("/v1/scenarios", headers={"Content-Length": length}), 413)


# Headers


def _answers(one):
    yield one.get(READ), 200
    yield one.head(READ), 200
    yield one.get(READ, headers={"If-None-Match": "*"}), 304
    yield one.get("/healthz"), 200
    yield one.get("/openapi.json"), 200
    yield one.get(READ, headers={"X-Api-Key": "x"}), 401
    yield one.get("/nowhere"), 404
    yield one.post(READ), 405
    yield one.get(READ, headers={"Accept": "image/png"}), 406
    yield one.post("/v1/scenarios", content=iter([b"x"])), 411
    yield one.get(f"{READ}?x=1"), 422
    yield one.get("/broken"), 500
    yield one.get(READ), 429


@pytest.mark.slow
@pytest.mark.parametrize("https", [False, True])
def test_every_answer_has_the_headers_browsers_are_safe_with(service, https):
    app = service(https=https, rate_per_minute=11)

    @app.get("/broken")
    def broken():
        raise RuntimeError

    for answer, status in _answers(client(app)):
        assert answer.status_code == status
        found = {name: answer.headers.get(name) for name in security_headers.HEADERS}
        assert found == security_headers.HEADERS, status
        if status != 500:
            assert ("Strict-Transport-Security" in answer.headers) == https
    policy = security_headers.HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.slow
def test_pages_to_read_have_a_policy_of_their_own_and_only_one(service):
    one = client(service())
    for path in ("/docs", "/v1/models/made-up/3.html"):
        answer = one.get(path)
        assert answer.headers.get_list("Content-Security-Policy") == [security_headers.PAGE_POLICY]
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_answer_that_lies_ready_is_not_written_on(tmp_path):
    ready = {"type": "http.response.start", "status": 200, "headers": [(b"x-own", b"1")]}

    async def inner(_scope, _receive, send):
        await send(ready)
        await send({"type": "http.response.body", "body": b""})

    app = create(Settings(home=tmp_path))
    within = admission.Admission(inner, app.state.store, app.state.access, Settings(home=tmp_path))
    one = access_log.AccessLog(within, None)
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    sent = []

    async def send(message):
        sent.append(message)

    for _ in range(2):
        asyncio.run(one(scope | {"client": ("198.51.100.7", 1)}, None, send))
    assert ready["headers"] == [(b"x-own", b"1")]
    assert [len(sent[place]["headers"]) for place in (0, 2)] == [4, 4]
