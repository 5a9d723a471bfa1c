"""Watch lists on an issue: who is told what, once, and messages that arrive or are given up."""

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from small_issue import NOW, earlier, written
from standardwebhooks import Webhook
from typer.testing import CliRunner

from ewarn import evaluation, issue, webhooks
from ewarn.cli import app
from ewarn.records import alerts, keys, now, subscriptions, watchlists
from ewarn.settings import settings

# The risk of unit u at lead l is (u + 1) * (l + 1) / 100: at lead 3 Tibesti has 0.24, Lac 0.2.
CHAD = {
    "name": "Chad", "units": ["TCD-lac", "TCD-tibesti"], "leads": [3], "simulated": True,
    "thresholds": {"risk": 0.2}, "budget": None, "past": None, "extremes": {},
    "ends_below": 0.8, "cooldown": 0,
}  # fmt: skip
ANYWHERE = webhooks.Post(is_anywhere=True, seconds=5)


@pytest.fixture
def mlruns(tmp_path):
    issues = tmp_path / "mlruns/issues"
    written(issues, last_issue=earlier(issues).id)
    return tmp_path / "mlruns"


@pytest.fixture
def owner(records):
    with records.writing() as session:
        return keys.create(session, "who", ["watchlists"]).key.id


def watch(records, owner, **other):
    with records.writing() as session:
        return watchlists.add(session, owner, CHAD | other)


def told(records, owner, simulated=True):
    with records.reading() as session:
        found = alerts.of_key(session, owner, simulated)
        return [alerts.row(*one) for one in found]


def test_units_that_reach_the_threshold_are_told_once_with_what_changed_and_why(
    records, owner, mlruns
):
    watch(records, owner)
    (done,) = evaluation.evaluate(mlruns, records)
    assert (done.raised, done.ended, done.note) == (2, 0, None)
    assert evaluation.evaluate(mlruns, records) == []
    by = {row["admin1_code"]: row for row in told(records, owner)}
    assert set(by) == {"TCD-lac", "TCD-tibesti"}
    one = by["TCD-lac"]
    assert (one["risk"], one["threshold"], one["lead"]) == (pytest.approx(0.2), 0.2, 3)
    assert one["target_month"] == "2021-03"
    assert one["risk_change"] == pytest.approx(0.02)  # it was a tenth less
    assert one["drivers"][0]["driver"] == "own_history"
    assert "20.0 % risk of escalation" in one["summary_en"]
    assert "risque d'escalade" in one["summary_fr"]


def test_lists_of_real_events_hear_nothing_of_simulated_ones(records, owner, mlruns):
    watch(records, owner, simulated=False)
    assert evaluation.evaluate(mlruns, records) == []
    assert told(records, owner, simulated=False) == []


def test_what_an_issue_does_not_tell_is_noted(records, owner, mlruns):
    watch(records, owner, units=["TCD-lac", "XX"], leads=[3, 99])
    (done,) = evaluation.evaluate(mlruns, records)
    assert done.note == "not told by the issue: units XX; not told by the issue: leads 99"


def test_many_at_once_tell_it_once(records, owner, mlruns):
    watch(records, owner)
    found = []
    threads = [
        threading.Thread(target=lambda: found.extend(evaluation.evaluate(mlruns, records)))
        for _ in range(4)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.raised for one in found] == [2]
    assert len(told(records, owner)) == 2


# Messages


class Receiver(HTTPServer):
    """Answers with a status, and keeps the headers and bodies it got."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.got = status, []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/alerts"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def receiver(status=204):
    server = Receiver(status)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def subscribed(records, owner, url, **other):
    kept = watch(records, owner, **other)
    with records.writing() as session:
        return subscriptions.add(session, session.merge(kept), url, now())


def messages(records, of):
    with records.reading() as session:
        return subscriptions.deliveries(session, of.id)


def test_a_message_is_signed_and_tells_the_alerts(records, owner, mlruns):
    with receiver() as server:
        to = subscribed(records, owner, server.url)
        evaluation.evaluate(mlruns, records)
        assert webhooks.deliver(records, ANYWHERE) == webhooks.Sent(1, 0)
        assert webhooks.deliver(records, ANYWHERE) == webhooks.Sent(0, 0)
    ((headers, body),) = server.got
    said = Webhook(to.secret).verify(body, headers)
    assert said["type"] == "alerts.changed"
    assert said["data"]["simulated"] is True
    assert len(said["data"]["raised"]) == 2
    (kept,) = messages(records, to)
    assert (kept.result, kept.attempts, kept.id) == ("answered 204", 1, headers["webhook-id"])
    with pytest.raises(Exception, match="signature"):
        Webhook(to.secret).verify(body.replace(b"Chad", b"Mali"), headers)


@pytest.mark.parametrize("status", [500, 302, 404])
def test_what_does_not_arrive_is_tried_again_later_and_given_up_in_the_end(
    records, owner, mlruns, status
):
    at = [datetime.now(UTC) + timedelta(seconds=1)]
    with receiver(status) as server:
        to = subscribed(records, owner, server.url)
        evaluation.evaluate(mlruns, records)
        for _ in range(subscriptions.TRIES):
            assert webhooks.deliver(records, ANYWHERE, lambda: at[0]) == webhooks.Sent(0, 1)
            assert webhooks.deliver(records, ANYWHERE, lambda: at[0]) == webhooks.Sent(0, 0)
            at[0] += timedelta(seconds=max(subscriptions.WAITS))
        (kept,) = messages(records, to)
        assert kept.dead_at is not None
        assert webhooks.deliver(records, ANYWHERE, lambda: at[0]) == webhooks.Sent(0, 0)
        assert len({headers["webhook-id"] for headers, _ in server.got}) == 1
        # Given up, it can be sent again, and arrives as the same message.
        server.status = 200
        with records.writing() as session:
            again = subscriptions.find_message(session, kept.id)
            subscriptions.send_again(session, again, at[0])
        assert webhooks.deliver(records, ANYWHERE, lambda: at[0]) == webhooks.Sent(1, 0)
        assert server.got[-1][0]["webhook-id"] == kept.id


def test_a_sender_that_dies_after_its_claim_loses_nothing(records, owner, mlruns):
    with receiver() as server:
        to = subscribed(records, owner, server.url)
        evaluation.evaluate(mlruns, records)
        (kept,) = messages(records, to)
        with records.writing() as session:
            assert subscriptions.claim(session, kept, now())  # and then nothing more
        with records.writing() as session:
            assert not subscriptions.claim(session, kept, now())  # another's turn is not now
        later = now() + timedelta(seconds=max(subscriptions.WAITS))
        assert webhooks.deliver(records, ANYWHERE, lambda: later) == webhooks.Sent(1, 0)
    assert server.got[0][0]["webhook-id"] == kept.id


def test_an_internal_address_gets_nothing(records, owner, mlruns):
    with receiver() as server:
        to = subscribed(records, owner, server.url)
        evaluation.evaluate(mlruns, records)
        assert webhooks.deliver(records, webhooks.Post()) == webhooks.Sent(0, 1)
    assert server.got == []
    assert messages(records, to)[0].result


def test_a_revoked_key_hears_nothing_more(records, owner, mlruns):
    with receiver() as server:
        subscribed(records, owner, server.url)
        evaluation.evaluate(mlruns, records)
        with records.writing() as session:
            keys.revoke(session, "who")
        assert webhooks.deliver(records, ANYWHERE) == webhooks.Sent(0, 0)
        assert evaluation.evaluate(mlruns, records) == []
    assert server.got == []


# The command line


@pytest.fixture
def ewarn(tmp_path, monkeypatch):
    monkeypatch.setenv("EWARN_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    settings.cache_clear()
    written(tmp_path / "mlruns/issues")
    assert issue.newest(tmp_path / "mlruns/issues").card.created_at == NOW

    def run(*arguments, status=0):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == status, done.output + repr(done.exception)
        return done

    run("keys", "create", "who", "--scope", "watchlists")
    yield run
    settings.cache_clear()


def test_a_list_is_made_watched_shown_and_removed(ewarn):
    rule = ("--country", "TCD", "--lead", "3", "--threshold", "0.2")
    said = ewarn("watchlists", "add", "Chad", "--key", "who", *rule).stdout
    assert "2 units, leads 3, SIMULATED EVENTS" in said
    assert "2 alerts, 0 ended" in ewarn("alerts", "run").stdout
    assert "Tibesti, Chad: 24.0 % risk" in ewarn("watchlists", "alerts", "--key", "who").stdout
    identity = said.split("(")[1].split(")")[0]
    ewarn("watchlists", "remove", identity, "--key", "who")
    assert ewarn("watchlists", "list", "--key", "who").stdout == ""


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["--threshold", "0.2"], "--country and --unit: found neither"),
        (["--country", "TCD"], "--budget and --threshold: found neither"),
        (["--unit", "TCD-lak", "--threshold", "0.2"], "unknown unit 'TCD-lak'"),
        (["--country", "FRA", "--threshold", "0.2"], "unknown country 'FRA'"),
        (["--country", "TCD", "--budget", "8"], "run `ewarn hindcast`"),
    ],
)
def test_what_cannot_be_watched_is_refused_and_nothing_is_kept(ewarn, given, why):
    done = CliRunner().invoke(app, ["watchlists", "add", "x", "--key", "who", *given])
    assert why in str(done.exception)
    assert ewarn("watchlists", "list", "--key", "who").stdout == ""


def test_a_webhook_must_be_public_and_its_secret_is_shown_once(ewarn):
    rule = ("--country", "TCD", "--threshold", "0.2")
    said = ewarn("watchlists", "add", "Chad", "--key", "who", *rule).stdout
    identity = said.split("(")[1].split(")")[0]
    where = ("watchlists", "subscribe", identity)
    done = CliRunner().invoke(app, [*where, "http://127.0.0.1/", "--key", "who"])
    assert "expected https" in str(done.exception)


def test_a_message_is_json_that_anybody_can_read(records, owner, mlruns):
    with receiver() as server:
        subscribed(records, owner, server.url)
        evaluation.evaluate(mlruns, records)
        webhooks.deliver(records, ANYWHERE)
    (row, *_) = json.loads(server.got[0][1])["data"]["raised"]
    assert {"alert", "risk", "last_risk", "new_events", "drivers", "summary_fr"} <= set(row)
