"""Judgements on both databases: appended in versions, never changed, not after the month."""

import multiprocessing
from datetime import UTC, datetime

import pytest
from sqlalchemy import inspect

from ewarn.core.errors import BadInput
from ewarn.database import Database, judgements, keys
from ewarn.database.judgements import MonthOver

FACTS = {
    **{"simulated": True, "area_level": "unit", "area_code": "MLI-gao", "target_month": "2021-02"},
    **{
        "arrow": "deteriorating",
        "probability": 0.4,
        "analyst_note": "convoys",
        "issue_id": "2020-12-aa",
    },
    **{"target": "fatalities", "model_risk": 0.25, "baseline": 4.0, "escalates_at": 9},
}


@pytest.fixture
def clock(monkeypatch):
    """Sets the time; it starts in the middle of January 2021."""

    def at(*moment):
        monkeypatch.setattr(judgements, "now", lambda: datetime(*moment, tzinfo=UTC))

    at(2021, 1, 15)
    return at


def a_key(records, name, team=None):
    with records.writing() as session:
        return keys.create(session, name, ["watchlists"], team=team).key


def add(records, key, **changed):
    with records.writing() as session:
        return judgements.add(session, key.id, FACTS | changed)


def every(records, team="sahel", **chosen):
    with records.reading() as session:
        return judgements.of_team(session, team, simulated=True, **chosen)


def columns(row):
    return {one.key: getattr(row, one.key) for one in inspect(row).mapper.column_attrs}


@pytest.mark.usefixtures("clock")
def test_a_second_record_is_version_two_and_the_first_stays_as_it_was(records):
    key = a_key(records, "awa", "sahel")
    first = columns(add(records, key))
    assert first == FACTS | {
        **{"id": first["id"], "key_id": key.id, "team": "sahel", "version": 1},
        "recorded_at": datetime(2021, 1, 15, tzinfo=UTC),
    }
    second = add(records, key, probability=0.7, analyst_note="")
    assert (second.version, second.probability) == (2, 0.7)
    some = every(records)
    assert [columns(one) for one, _ in some if one.version == 1] == [first]
    assert [(one.version, name) for one, name in judgements.newest(some)] == [(2, "awa")]


@pytest.mark.usefixtures("clock")
def test_versions_are_counted_by_analyst_area_and_month(records):
    awa, bio = a_key(records, "awa", "sahel"), a_key(records, "bio", "sahel")
    made = [add(records, awa), add(records, bio), add(records, awa, target_month="2021-03")]
    made += [add(records, awa, area_level="country", area_code="MLI"), add(records, awa)]
    assert [one.version for one in made] == [1, 1, 1, 1, 2]
    assert len(every(records)) == 5
    assert len(judgements.newest(every(records))) == 4
    assert {one.area_code for one, _ in every(records, areas=["MLI"])} == {"MLI"}
    assert len(every(records, target_months=["2021-03"])) == 1


@pytest.mark.usefixtures("clock")
def test_a_team_sees_its_own_and_a_key_without_a_team_is_one(records):
    add(records, a_key(records, "awa", "sahel"))
    add(records, a_key(records, "alone"))
    assert [name for _, name in every(records)] == ["awa"]
    assert [name for _, name in every(records, "alone")] == ["alone"]
    assert every(records, "others") == []
    joined = a_key(records, "joins", "alone")
    assert joined.own_team == "alone"
    with pytest.raises(BadInput, match="no team has"):
        a_key(records, "sahel")  # it would be among those of the team without being named so
    with pytest.raises(BadInput, match="team"):
        a_key(records, "other", "<b>")


def test_a_month_that_is_over_takes_no_record(records, clock):
    key = a_key(records, "awa", "sahel")
    clock(2021, 2, 28, 23, 59, 59)
    add(records, key)
    clock(2021, 3, 1)
    with pytest.raises(MonthOver, match="2021-02, which is over"):
        add(records, key, probability=0.9)
    assert [one.probability for one, _ in every(records)] == [0.4]


def _records_many(url, key_id, barrier):
    judgements.now = lambda: datetime(2021, 1, 15, tzinfo=UTC)
    made = Database(url)
    made.migrate()
    barrier.wait()
    for _ in range(10):
        with made.writing() as session:
            judgements.add(session, key_id, FACTS)


@pytest.mark.slow
def test_two_processes_may_record_at_once(records, database_url):
    key = a_key(records, "awa", "sahel")
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(2)
    some = [
        spawn.Process(target=_records_many, args=(database_url, key.id, barrier)) for _ in range(2)
    ]
    for one in some:
        one.start()
    for one in some:
        one.join()
    assert [one.exitcode for one in some] == [0, 0]
    assert sorted(one.version for one, _ in every(records)) == list(range(1, 21))
