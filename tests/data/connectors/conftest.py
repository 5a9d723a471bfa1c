"""What the tests of connectors share: a local source, fetches from it, and no real waiting."""

from datetime import date

import pytest
from support.local_server import Answer, serving
from support.made_up import PASSWORD, SIZE, TOKEN, USER

from ewarn.data import connectors
from ewarn.data.connectors import FetchRequest, Web


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("EWARN_UCDP_TOKEN", TOKEN)
    monkeypatch.setenv("EWARN_ACLED_USER", USER)
    monkeypatch.setenv("EWARN_ACLED_PASSWORD", PASSWORD)


@pytest.fixture
def waits() -> list[float]:
    """The seconds that were waited, had they been."""
    return []


@pytest.fixture
def server():
    """One source, for a test to say how it answers."""
    with serving(lambda _: Answer(b"", 404)) as one:
        yield one


@pytest.fixture
def fetch(tmp_path, waits, server):
    """Fetches from the server, which answers so; returns the file and its manifest."""

    def run(name, answer, out="ged.csv", path="", **asked):
        server.answer = answer
        server.asked.clear()
        with Web(sleep=waits.append) as web:
            ask = FetchRequest(tmp_path / out, url=server.url + path, **asked)
            done = connectors.fetch(name, ask, web)
        assert not list(tmp_path.glob(".*")), "pieces left"
        return done.path, done.manifest

    return run


@pytest.fixture
def ucdp(fetch):
    """Fetches a version from a server that answers so."""

    def run(answer, **asked):
        return fetch("ucdp_ged", answer, version="26.0.10", page_size=SIZE, **asked)

    return run


@pytest.fixture
def nothing(tmp_path):
    """Checks that there is no file and no manifest."""

    def check(kept: bool = False) -> None:
        pieces = [path.name for path in tmp_path.iterdir()]
        assert pieces == ([".ged.csv.partial"] if kept else [])

    return check


@pytest.fixture
def events(fetch):
    def run(answer, **asked):
        days = {"first": date(2021, 1, 1), "last": date(2021, 12, 31)} | asked
        return fetch("acled", answer, page_size=SIZE, **days)

    return run
