"""`ewarn alerts` as an operator meets it."""

import re
import sys

import pytest
from starlette.testclient import TestClient
from support import commands, small_watch
from support.local_server import Answer, serving
from support.small_issue import written

from ewarn.cli import _alerts
from ewarn.core.settings import Settings, settings
from ewarn.database import Unreachable
from ewarn_api.app import create


@pytest.fixture
def ewarn(tmp_path, monkeypatch, capsys, database_url):
    """Runs `ewarn alerts` on the small issue: status, standard output, standard error."""
    written(tmp_path / "mlruns/issues")
    monkeypatch.setenv("EWARN_HOME", str(tmp_path))
    monkeypatch.setenv("EWARN_DATABASE_URL", database_url)
    monkeypatch.setenv("EWARN_WEBHOOKS", "anywhere")
    settings.cache_clear()
    yield commands.runner(monkeypatch, capsys, "alerts")
    settings.cache_clear()


@pytest.mark.parametrize("command", ["run", "undelivered", "resend"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_help_has_an_example(ewarn, command):
    status, out, _ = ewarn(command, "--help")
    assert status == 0
    assert f"ewarn alerts {command}" in out.split("Example", 1)[1]


@pytest.mark.slow
def test_a_round_evaluates_and_delivers_and_what_fails_can_be_sent_again(ewarn):
    client = TestClient(create(Settings()))
    key = small_watch.a_key(client.app.state.database)
    made = client.post("/v1/watchlists", json=small_watch.LIST, headers=key).json()["data"][0]
    with serving(lambda _: Answer(b"", 500)) as server:
        to = {"watchlist": made["watchlist"], "url": f"{server.url}/tellnobody"}
        client.post("/v1/subscriptions", json=to, headers=key)
        status, out, err = ewarn("run")
        assert (status, err) == (0, "")
        assert f"Mali ({made['watchlist']}): 2 alerts, 0 ended" in out
        assert "0 arrived, 1 to be tried again or given up" in out
        assert "0 arrived, 0 to be" in ewarn("run")[1]
        _, listed, _ = ewarn("undelivered")
        (message,) = re.findall(r"msg_\w+", listed)
        assert "answered 500" in listed
        assert "tellnobody" not in listed + out
        server.answer = lambda _: Answer(b"", 200)
        assert f"message {message} is due now" in ewarn("resend", message)[1]
        assert "1 arrived, 0 to be" in ewarn("run")[1]
    assert "every message has arrived" in ewarn("undelivered")[1]
    status, _, err = ewarn("resend", "msg_x")
    assert (status, "unknown message 'msg_x'" in err) == (2, True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_watching_goes_on_while_the_database_is_away(ewarn, monkeypatch):
    rounds = []

    def fails(_records):
        rounds.append(1)
        raise Unreachable("the database cannot be used: away")

    def enough(seconds):
        assert seconds > 0
        if len(rounds) == 3:
            sys.exit(0)

    monkeypatch.setattr(_alerts, "_round", fails)
    monkeypatch.setattr(_alerts.time, "sleep", enough)
    status, _, err = ewarn("run", "--watch")
    assert (status, len(rounds)) == (0, 3)
    assert err.count("the database cannot be used: away; trying again") == 3
