"""Judgements over HTTP: a team's own, before the month is over, scored by hand."""

from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient
from support import small_issue

from ewarn.core.settings import Settings
from ewarn.database import judgements, keys
from ewarn_api.app import create

pytestmark = pytest.mark.slow
PATH = "/v1/judgements"
BODY = {
    **{"area_code": "MLI-mopti", "target_month": "2021-01", "arrow": "deteriorating"},
    **{"probability": 0.4, "analyst_note": "convoys"},
}


@pytest.fixture
def clock(monkeypatch):
    def at(*moment):
        monkeypatch.setattr(judgements, "now", lambda: datetime(*moment, tzinfo=UTC))

    at(2021, 1, 15)
    return at


class Service:
    def __init__(self, home, url):
        settings = Settings(home=home, database_url=url, rate_per_minute=0)
        self.issue = small_issue.written(settings.issues)
        self.client = TestClient(create(settings))
        self.records = self.client.app.state.database

    def key(self, name, team=None):
        with self.records.writing() as session:
            made = keys.create(session, name, ["read", "watchlists"], team=team)
        return {"X-Api-Key": made.secret}

    def post(self, key, **changed):
        return self.client.post(PATH, json=BODY | changed, headers=key)

    def rows(self, key, query=""):
        answer = self.client.get(PATH + query, headers=key)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Cache-Control"] == "private, no-cache"
        return answer.json()["data"]


@pytest.fixture
def service(tmp_path, database_url, clock):  # noqa: ARG001
    made = Service(tmp_path, database_url)
    yield made
    made.records.close()


def test_a_judgement_stands_beside_the_model_and_is_superseded_unchanged(service):
    key = service.key("awa")
    answer = service.post(key)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (201, "no-store")
    (first,) = answer.json()["data"]
    # Unit 1 at lead 1 has a risk of 2 * 2 / 100; 0.1 + max(5, 0.025) is reached by 6.
    expected = {"model_risk": 0.04, "baseline": 0.1, "escalates_at": 6, "version": 1}
    expected |= BODY | {"issue": service.issue.id, "analyst": "awa", "area_level": "unit"}
    assert {name: first[name] for name in expected} == expected
    (second,) = service.post(key, probability=0.9).json()["data"]
    assert service.rows(key) == [second]
    assert service.rows(key, "?versions=all") == [second, first | {"is_newest": False}]
    assert service.rows(key, "?area_code=MLI-gao") == []
    assert service.rows(key, "?target_month=2021-01&area_code=MLI-mopti") == [second]


def test_teams_do_not_see_each_other(service):
    awa, bio = service.key("awa", "sahel"), service.key("bio", "sahel")
    other = service.key("other")
    service.post(awa)
    service.post(other, probability=0.1)
    assert service.rows(awa) == service.rows(bio)
    assert [one["analyst"] for one in service.rows(bio, "?versions=all")] == ["awa"]
    assert [one["analyst"] for one in service.rows(other)] == ["other"]
    scores = service.client.get(f"{PATH}/scores", headers=other).json()["data"]
    assert {one["analyst"] for one in scores} == {"other", None}
    assert service.client.get(PATH).status_code == 401


def test_a_month_that_is_over_is_refused(service, clock):
    key = service.key("awa")
    clock(2021, 1, 31, 23, 59)
    assert service.post(key).status_code == 201
    clock(2021, 2, 1)
    answer = service.post(key, probability=0.99)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:ewarn:problem:month-over")
    assert service.post(key, target_month="2020-12").status_code == 409
    assert [one["probability"] for one in service.rows(key, "?versions=all")] == [0.4]


@pytest.mark.parametrize(
    ("changed", "status", "shown"),
    [
        ({"area_code": "MLI-mopty"}, 404, "MLI-mopti"),
        ({"area_code": "MLA", "area_level": "country"}, 404, "MLI"),
        ({"target_month": "2022-02"}, 404, "target_month"),
        ({"target_month": "next"}, 422, "YYYY-MM"),
        ({"probability": 1.1}, 422, "probability"),
        ({"arrow": "up"}, 422, "arrow"),
        ({"more": 1}, 422, "unknown body field more"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_judged_is_refused(service, changed, status, shown):
    key = service.key("awa")
    answer = service.post(key, **changed)
    assert answer.status_code == status
    assert shown in str(answer.json())
    assert service.client.get(f"{PATH}?area_code=MLI-mopty", headers=key).status_code == 404


def test_scores_are_those_worked_out_by_hand(service, clock):
    """December 2020 had 0, 10, 20 deaths in units 0, 1, 2; each escalates at 6 (Mali at 6)."""
    clock(2020, 12, 15)
    awa, bio = service.key("awa", "sahel"), service.key("bio", "sahel")
    facts = {
        **{"simulated": True, "target_month": "2020-12", "arrow": "stable", "analyst_note": ""},
        **{"issue_id": "older", "target": "fatalities", "baseline": 0.1, "escalates_at": 6},
    }
    some = [
        ("awa", "unit", "MLI-gao", 0.2, 0.1),  # did not happen: 0.04 and 0.01
        ("awa", "unit", "MLI-mopti", 0.5, 0.5),  # superseded
        ("awa", "unit", "MLI-mopti", 0.9, 0.5),  # happened: 0.01 and 0.25
        ("bio", "unit", "NER-diffa", 0.4, 0.8),  # happened: 0.36 and 0.04
        ("bio", "country", "MLI", 0.7, None),  # 0 + 10 deaths, happened: 0.09
        ("bio", "unit", "unknown", 0.5, 0.5),  # no such unit now: not scored
    ]
    with service.records.writing() as session:
        for name, level, code, probability, risk in some:
            own = {"area_level": level, "area_code": code, "probability": probability}
            key = keys.find(session, name).id
            judgements.add(session, key, facts | own | {"model_risk": risk})
    clock(2021, 1, 15)
    service.post(awa)  # no outcome yet: not scored
    rows = service.client.get(f"{PATH}/scores", headers=bio).json()["data"]
    names = ["analyst", "area_level", "scored", "brier", "model_brier", "brier_difference"]
    found = [[row[name] for name in names] for row in rows]
    third = 0.41 / 3
    assert found == [
        ["awa", "unit", 2, *map(pytest.approx, (0.025, 0.13, -0.105))],
        ["bio", "unit", 1, *map(pytest.approx, (0.36, 0.04, 0.32))],
        [None, "unit", 3, *map(pytest.approx, (third, 0.1, third - 0.1))],
        ["bio", "country", 1, pytest.approx(0.09), None, None],
        [None, "country", 1, pytest.approx(0.09), None, None],
    ]
