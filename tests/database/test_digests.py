"""The log of digests, on SQLite and PostgreSQL alike: a message is queued and sent once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from ewarn.database import digests

AT = datetime(2021, 1, 15, 8, 30, tzinfo=UTC)
ONE = ("2020-12-0f1e2d3c4b", "", "desk@example.org", "en")


@pytest.fixture
def queued(records):
    with records.writing() as session:
        return digests.queue(session, *ONE, AT).id


def claim(records, own, at=AT):
    with records.writing() as session:
        return digests.claim(session, own, at)


def settle(records, own, error, at=AT):
    with records.writing() as session:
        digests.settle(session, own, error, at)


def test_a_message_is_queued_once(records, queued):
    with records.writing() as session:
        assert digests.queue(session, *ONE, AT + timedelta(days=1)).queued_at == AT
        other = digests.queue(session, *ONE[:3], "fr", AT)
        assert other.id != queued
        assert len(digests.of_issue(session, ONE[0])) == 2


def test_one_that_is_under_way_is_free_after_a_while(records, queued):
    assert claim(records, queued)
    just_before = AT + digests.INTERRUPTED - timedelta(seconds=1)
    assert not claim(records, queued, just_before)
    assert claim(records, queued, AT + digests.INTERRUPTED)


def test_one_that_failed_is_free_at_once_and_one_sent_never_is(records, queued):
    assert claim(records, queued)
    settle(records, queued, "x" * 1000)
    with records.reading() as session:
        (row,) = digests.of_issue(session, ONE[0])
        assert (row.state, row.attempts, len(row.last_error), row.sent_at) == (
            "failed",
            1,
            300,
            None,
        )
    assert claim(records, queued)
    settle(records, queued, None, AT + timedelta(minutes=1))
    with records.reading() as session:
        (row,) = digests.of_issue(session, ONE[0])
        assert (row.state, row.attempts, row.last_error) == ("sent", 2, None)
        assert row.sent_at == AT + timedelta(minutes=1)
    assert not claim(records, queued, AT + timedelta(days=9))


@pytest.mark.slow
def test_of_many_runs_at_once_one_sends_it(records, queued):
    with ThreadPoolExecutor(8) as pool:
        claimed = list(pool.map(lambda _: claim(records, queued), range(16)))
    assert claimed.count(True) == 1
