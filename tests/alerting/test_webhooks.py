"""Messages to a server on this machine that fails, hangs or takes them; the clock is the test's."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError
from support.local_server import Answer, serving

from ewarn.alerting import webhooks
from ewarn.alerting.webhooks import Post
from ewarn.database import Database, keys, subscriptions, watchlists
from ewarn.database.subscriptions import TRIES, WAITS

pytestmark = pytest.mark.slow

START = datetime(2021, 1, 15, 8, tzinfo=UTC)
POST = Post(is_anywhere=True, seconds=0.5)
SAID = {
    **{"name": "Mali", "units": ["MLI-gao"], "leads": [1], "simulated": True, "extremes": {}},
    **{"thresholds": {"risk": 0.05}, "budget": None, "past": None},
    **{"ends_below": 1.0, "cooldown": 0},
}


class Clock:
    def __init__(self, at=START):
        self.at = at

    def __call__(self):
        return self.at

    def wait(self, seconds):
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


def a_message(records, url, issue="2020-12-0f1e2d3c4b", at=START):
    """A message that is due, and its secret."""
    with records.writing() as session:
        known = [key for key in keys.everyone(session) if key.name == "who"]
        key = known[0] if known else keys.create(session, "who", ["watchlists"]).key
        lists = watchlists.of_key(session, key.id)
        kept = lists[0] if lists else watchlists.add(session, key.id, SAID)
        to = subscriptions.add(session, kept, url, at)
        body = json.dumps({"type": "alerts.changed", "data": "déjà vu"}, ensure_ascii=False)
        return subscriptions.send(session, to, issue, body, at), to


def kept(records, delivery):
    with records.reading() as session:
        return session.get(subscriptions.Delivery, delivery.id)


def taken(_asked):
    return Answer(b"", 204)


def refused(_asked):
    return Answer(b"no", 500)


# Arriving


def test_a_message_arrives_signed_and_once(records):
    clock = Clock(datetime.now(UTC))  # the library looks at the real clock
    with serving(taken) as server:
        message, to = a_message(records, f"{server.url}/in?a=1", at=clock())
        assert webhooks.deliver(records, POST, clock) == webhooks.Sent(1, 0)
        assert webhooks.deliver(records, POST, clock) == webhooks.Sent(0, 0)
        clock.wait(10**7)
        assert webhooks.deliver(records, POST, clock) == webhooks.Sent(0, 0)
    (asked,) = server.asked
    assert (asked.path, asked.query) == ("/in", {"a": "1"})
    assert asked.headers["webhook-id"] == message.id
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["host"] == server.url.removeprefix("http://")
    found = Webhook(to.secret).verify(asked.body, dict(asked.headers))
    assert found["data"] == "déjà vu"
    other = dict(asked.headers) | {"webhook-id": "msg_other"}
    with pytest.raises(WebhookVerificationError):
        Webhook(to.secret).verify(asked.body, other)
    done = kept(records, message)
    assert (done.attempts, done.result, done.next_attempt_at) == (1, "answered 204", None)
    assert done.delivered_at is not None


def test_the_signature_is_the_one_of_the_specification():
    # The example of the specification's libraries.
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    at = datetime.fromtimestamp(1614265330, UTC)
    found = webhooks.headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
    assert found["webhook-timestamp"] == "1614265330"
    assert found["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


# Failing


def test_what_fails_is_tried_again_when_its_wait_is_over_and_given_up_in_the_end(records, clock):
    with serving(refused) as server:
        message, _ = a_message(records, server.url)
        for tries, wait in enumerate(WAITS, 1):
            assert webhooks.deliver(records, POST, clock).failed == 1
            one = kept(records, message)
            assert (one.attempts, one.result) == (tries, "answered 500")
            assert one.next_attempt_at == clock() + timedelta(seconds=wait)
            clock.wait(wait - 1)
            assert webhooks.deliver(records, POST, clock).failed == 0
            clock.wait(1)
        assert webhooks.deliver(records, POST, clock).failed == 1
        one = kept(records, message)
        assert (one.attempts, one.dead_at, one.next_attempt_at) == (TRIES, clock(), None)
        clock.wait(10**7)
        assert webhooks.deliver(records, POST, clock).failed == 0
    assert len(server.asked) == TRIES
    assert {asked.headers["webhook-id"] for asked in server.asked} == {message.id}
    stamps = [int(asked.headers["webhook-timestamp"]) for asked in server.asked]
    assert [b - a for a, b in pairwise(stamps)] == list(WAITS)


def test_one_given_up_may_be_sent_again_with_the_same_id(records, clock):
    with serving(refused) as server:
        message, _ = a_message(records, server.url)
        for wait in (*WAITS, 0):
            webhooks.deliver(records, POST, clock)
            clock.wait(wait)
        assert kept(records, message).dead_at is not None
        with records.reading() as session:
            assert [one.id for one, _ in subscriptions.undelivered(session)] == [message.id]
        server.answer = taken
        with records.writing() as session:
            again = subscriptions.find_message(session, message.id)
            subscriptions.send_again(session, again, clock())
        assert webhooks.deliver(records, POST, clock).arrived == 1
        assert server.asked[-1].headers["webhook-id"] == message.id
    with records.reading() as session:
        assert subscriptions.undelivered(session) == []


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (lambda _: Answer(b"", 302, {"Location": "http://127.0.0.1:1/"}), "answered 302"),
        (lambda _: Answer(b"", 404), "answered 404"),
        (lambda _: time.sleep(2) or Answer(b""), "no answer in 0.5 s"),
    ],
)
def test_redirects_refusals_and_silence_are_failures(records, clock, answer, result):
    with serving(answer) as server:
        message, _ = a_message(records, server.url)
        assert webhooks.deliver(records, POST, clock) == webhooks.Sent(0, 1)
    assert kept(records, message).result == result
    assert len(server.asked) == 1


def test_a_server_that_answers_drop_by_drop_is_left_when_the_time_is_over(records, clock):
    """Each byte comes soon after the one before it, so no timeout of a read is reached."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            connection, _ = server.accept()
            with connection:
                for byte in b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 20:
                    try:
                        connection.send(bytes([byte]))
                    except OSError:
                        return
                    time.sleep(0.1)

        threading.Thread(target=drip, daemon=True).start()
        message, _ = a_message(records, f"http://127.0.0.1:{server.getsockname()[1]}/")
        begun = time.monotonic()
        assert webhooks.deliver(records, POST, clock).failed == 1
        assert time.monotonic() - begun < 2
    assert kept(records, message).result == "no answer in 0.5 s"


def test_one_that_hangs_does_not_hold_the_others_up(records, clock):
    def slow(asked):
        if asked.path == "/slow":
            time.sleep(2)
        return Answer(b"", 200)

    with serving(slow) as server:
        for number in range(3):
            a_message(records, f"{server.url}/slow", issue=f"i{number}")
            a_message(records, f"{server.url}/fast", issue=f"i{number}")
        begun = time.monotonic()
        assert webhooks.deliver(records, POST, clock) == webhooks.Sent(3, 3)
        assert time.monotonic() - begun < 2


def test_nobody_listening_is_said_without_an_address(records, clock):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    message, _ = a_message(records, f"http://127.0.0.1:{port}/secret")
    assert webhooks.deliver(records, POST, clock).failed == 1
    assert kept(records, message).result == "no answer: ConnectError"


# Addresses


def test_the_address_that_was_checked_is_the_one_connected_to(records, clock):
    asked = []

    def resolve(host, _port):
        asked.append(host)
        return ["127.0.0.1"]

    with serving(taken) as server:
        port = server.server_port
        a_message(records, f"http://hooks.example.org:{port}/in")
        post = Post(is_anywhere=True, resolve=resolve, seconds=2)
        assert webhooks.deliver(records, post, clock).arrived == 1
    assert asked == ["hooks.example.org"]  # once, and nothing else is looked up
    assert server.asked[0].headers["host"] == f"hooks.example.org:{port}"


def test_a_name_that_leads_inside_when_it_is_sent_is_not_connected_to(records, clock):
    with serving(taken) as server:
        message, _ = a_message(records, "https://hooks.example.org/in")
        post = Post(resolve=lambda _host, _port: ["127.0.0.1"])
        assert webhooks.deliver(records, post, clock).failed == 1
    assert server.asked == []
    assert "not public" in kept(records, message).result
    assert "127.0.0.1" not in kept(records, message).result


def test_no_proxy_of_the_environment_is_asked(records, clock, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(taken) as server:
        a_message(records, server.url)
        assert webhooks.deliver(records, POST, clock).arrived == 1


# Several at once, and deaths


def test_who_is_second_to_claim_does_not_send(records, clock):
    message, _ = a_message(records, "http://127.0.0.1:9/")
    with records.writing() as session:
        assert subscriptions.claim(session, message, clock())
    with records.writing() as session:
        assert not subscriptions.claim(session, message, clock())


def test_many_at_once_send_each_message_once(records, clock, database_url):
    with serving(taken) as server:
        for number in range(8):
            a_message(records, server.url, issue=f"i{number}")
        others = [Database(database_url) for _ in range(3)]
        post = Post(is_anywhere=True)
        threads = [
            threading.Thread(target=webhooks.deliver, args=(one, post, clock)) for one in others
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for one in others:
            one.close()
    ids = [asked.headers["webhook-id"] for asked in server.asked]
    assert len(ids) == len(set(ids)) == 8


def test_a_key_that_is_revoked_has_nothing_sent(records, clock):
    with serving(taken) as server:
        a_message(records, server.url)
        with records.writing() as session:
            keys.revoke(session, "who")
        assert webhooks.deliver(records, POST, clock) == webhooks.Sent(0, 0)
    assert server.asked == []


def test_a_subscription_that_ends_while_a_message_is_sent_is_no_fault(records, clock):
    def ends(_asked):
        with records.writing() as session:
            subscriptions.remove(session, [to.id])
        return Answer(b"", 200)

    with serving(ends) as server:
        _, to = a_message(records, server.url)
        assert webhooks.deliver(records, Post(is_anywhere=True, seconds=5), clock).arrived == 1


_SENDER = """
import sys
from datetime import datetime
from ewarn.alerting import webhooks
from ewarn.database import Database
at = datetime.fromisoformat(sys.argv[2])
webhooks.deliver(Database(sys.argv[1]), webhooks.Post(is_anywhere=True), lambda: at)
"""


def test_a_process_killed_between_send_and_record_sends_again_with_the_same_id(
    records, clock, database_url
):
    """The server has the message, and kills the sender before it hears so."""
    senders = []

    def kills(_asked):
        os.kill(senders[-1].pid, signal.SIGKILL)
        senders[-1].wait()
        return Answer(b"", 200)

    with serving(kills) as server:
        message, _ = a_message(records, server.url)
        command = [sys.executable, "-c", _SENDER, database_url, clock().isoformat()]
        senders.append(subprocess.Popen(command))
        assert senders[-1].wait(60) == -signal.SIGKILL
        one = kept(records, message)
        assert (one.attempts, one.delivered_at, one.result) == (1, None, None)
        server.answer = taken
        assert webhooks.deliver(records, POST, clock) == webhooks.Sent(0, 0)  # it may be at work
        clock.wait(WAITS[0])
        assert webhooks.deliver(records, POST, clock) == webhooks.Sent(1, 0)
    assert [asked.headers["webhook-id"] for asked in server.asked] == [message.id] * 2
    assert server.asked[0].body == server.asked[1].body


def test_one_killed_at_its_last_try_is_tried_once_more_and_given_up(records, clock):
    message, _ = a_message(records, "http://127.0.0.1:1/")
    with records.writing() as session:
        one = session.get(subscriptions.Delivery, message.id)
        one.attempts = TRIES
    assert webhooks.deliver(records, POST, clock).failed == 1
    assert kept(records, message).dead_at == clock()
