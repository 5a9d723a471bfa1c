"""A new issue into alerts: once, whoever evaluates it, and of one world alone."""

import multiprocessing
from datetime import timedelta

import pytest
from sqlalchemy import select
from support import small_issue, small_watch
from support.small_issue import NOW, written

from ewarn.alerting import runs
from ewarn.database import Database, alerts, keys, now, subscriptions, watchlists
from ewarn.database.subscriptions import Delivery
from ewarn.database.watchlists import Evaluation
from ewarn.publishing import issue

pytestmark = pytest.mark.slow

SAID = {
    **{"name": "Mali", "units": ["MLI-gao", "MLI-mopti"], "leads": [1, 2], "simulated": True},
    **{"thresholds": {"risk": 0.05}, "budget": None, "past": None, "extremes": {}},
    **{"ends_below": 1.0, "cooldown": 0},
}


@pytest.fixture
def mlruns(tmp_path):
    written(tmp_path / "mlruns/issues")
    return tmp_path / "mlruns"


def a_list(records, **changed):
    """A list of a key, with a subscription."""
    with records.writing() as session:
        known = [key for key in keys.everyone(session) if key.name == "who"]
        key = known[0] if known else keys.create(session, "who", ["watchlists"]).key
        kept = watchlists.add(session, key.id, SAID | changed)
        subscriptions.add(session, kept, "http://127.0.0.1:9/", now())
        return kept


def told(records, kept):
    with records.reading() as session:
        return {(one.unit, one.target_month, one.ended_why)
                for one in alerts.of_list(session, kept)}  # fmt: skip


def messages(records):
    with records.reading() as session:
        return list(session.scalars(select(Delivery)))


def test_an_issue_is_evaluated_once(records, mlruns):
    kept = a_list(records)
    (done,) = runs.evaluate(mlruns, records)
    assert (done.watchlist.id, done.raised, done.ended, done.note) == (kept.id, 2, 0, None)
    assert runs.evaluate(mlruns, records) == []
    assert told(records, kept) == {
        ("MLI-gao", "2021-02", None), ("MLI-mopti", "2021-02", None),
    }  # fmt: skip
    assert len(messages(records)) == 1


def _evaluate(url, mlruns):
    runs.evaluate(mlruns, Database(url))


def test_many_processes_at_once_tell_each_alert_once(records, database_url, mlruns):
    lists = [a_list(records, name=f"list {n}") for n in range(5)]
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_evaluate, args=(database_url, mlruns)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 3
    with records.reading() as session:
        assert len(list(session.scalars(select(Evaluation)))) == len(lists)
        assert {len(alerts.of_list(session, one)) for one in lists} == {2}
    assert len(messages(records)) == len(lists)


def test_one_who_comes_second_finds_it_done(records, mlruns):
    """Both saw it undone; the second waits for the list, and looks again."""
    kept = a_list(records)
    stale = runs.IssueEvidence(issue.first_whole(mlruns / "issues", lambda card: card.simulated))
    runs.evaluate(mlruns, records)
    assert runs._once(records, kept.id, stale, mlruns / "hindcasts") is None
    assert len(messages(records)) == 1


def test_what_fails_halfway_leaves_nothing(records, mlruns, monkeypatch):
    kept = a_list(records)

    def fails(*_):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(subscriptions, "send", fails)
        with pytest.raises(RuntimeError):
            runs.evaluate(mlruns, records)
    assert told(records, kept) == set()
    assert len(runs.evaluate(mlruns, records)) == 1


def test_a_newer_issue_is_evaluated_beside_what_was_told(records, mlruns):
    a_list(records)
    runs.evaluate(mlruns, records)
    written(mlruns / "issues", scale=2.0, now=NOW + timedelta(days=1))
    (done,) = runs.evaluate(mlruns, records)
    assert (done.raised, done.ended) == (0, 0)  # the same risks, and the alerts are open
    assert len(messages(records)) == 1


def test_a_replay_of_the_past_tells_nothing(records, mlruns):
    kept = a_list(records)
    runs.evaluate(mlruns, records)
    small_issue.earlier(mlruns / "issues")
    assert runs.evaluate(mlruns, records) == []
    assert len(told(records, kept)) == 2


@pytest.fixture
def in_its_time(monkeypatch):
    """It is the day on which the issues were made, and their months are still to come."""
    monkeypatch.setattr(runs, "now", lambda: NOW)


@pytest.mark.parametrize(("day", "months"), [(31, {"2021-01", "2021-02"}), (32, {"2021-02"})])
def test_in_the_real_world_nothing_is_raised_about_a_month_that_is_over(
    records, mlruns, monkeypatch, day, months
):
    monkeypatch.setattr(runs, "now", lambda: NOW.replace(day=1) + timedelta(days=day - 1))
    real = a_list(records, simulated=False, thresholds={"risk": 0.0})
    written(mlruns / "issues", simulated=False)
    (done,) = runs.evaluate(mlruns, records)
    assert done.raised == 2 * len(months)
    assert {month for _, month, _ in told(records, real)} == months


def test_of_an_old_issue_of_the_real_world_nothing_is_raised_or_sent(records, mlruns):
    a_list(records, simulated=False)
    written(mlruns / "issues", simulated=False)
    (done,) = runs.evaluate(mlruns, records)
    assert (done.raised, done.ended, messages(records)) == (0, 0, [])


def test_a_text_states_the_age_of_the_data(records, mlruns, in_its_time):  # noqa: ARG001
    kept = a_list(records)
    runs.evaluate(mlruns, records)
    with records.reading() as session:
        for one in alerts.of_list(session, kept):
            assert alerts.row(one, kept)["summary_en"].endswith(" Data to 2020-12, 15 days old.")
            assert alerts.row(one, kept)["summary_fr"].endswith(
                "jusqu'à 2020-12, vieilles de 15 jours."
            )


@pytest.mark.usefixtures("in_its_time")
def test_worlds_are_not_mixed(records, mlruns):
    made_up, real = a_list(records), a_list(records, name="real", simulated=False)
    assert [one.watchlist.id for one in runs.evaluate(mlruns, records)] == [made_up.id]
    written(mlruns / "issues", simulated=False)
    assert [one.watchlist.id for one in runs.evaluate(mlruns, records)] == [real.id]
    assert len(told(records, made_up)) == len(told(records, real)) == 2


@pytest.mark.usefixtures("in_its_time")
def test_a_list_put_into_another_world_begins_anew(records, mlruns):
    kept = a_list(records)
    runs.evaluate(mlruns, records)
    with records.writing() as session:
        again = session.merge(kept)
        watchlists.change(session, again, SAID | {"simulated": False})
    older = NOW - timedelta(days=1)  # the worlds' issues have nothing to do with each other
    written(mlruns / "issues", simulated=False, now=older)
    (done,) = runs.evaluate(mlruns, records)
    assert done.raised == 2  # the simulated ones, still open, hold none of them back


def test_what_the_issue_does_not_tell_is_said(records, mlruns):
    a_list(records, units=["MLI-gao", "MLI-kidal"], leads=[2, 24])
    (done,) = runs.evaluate(mlruns, records)
    assert done.raised == 1
    assert done.note == "not in the issue: units MLI-kidal; not in the issue: leads 24"


def test_a_budget_follows_a_newer_hindcast_and_says_when_there_is_none(records, mlruns):
    budget = {"budget": 1.0, "thresholds": {"risk": 0.9}, "leads": [1]}
    kept = a_list(records, **budget, past={"hindcast": "an older one"})
    (done,) = runs.evaluate(mlruns, records)
    assert "the threshold is an earlier one: there is no hindcast" in done.note
    small_watch.hindcast(mlruns)
    written(mlruns / "issues", scale=2.0, now=NOW + timedelta(days=1))
    (done,) = runs.evaluate(mlruns, records)
    assert done.note is None
    with records.reading() as session:
        again = session.get(watchlists.Watchlist, kept.id)
    assert again.thresholds == {"risk": 0.1}
    assert again.past["hindcast"] == "2020-12-made-up-1"


def test_no_issue_is_no_evaluation(records, tmp_path):
    a_list(records)
    assert runs.evaluate(tmp_path / "nowhere", records) == []
