"""Watch lists and alerts over HTTP: one's own, with a key, and what is refused."""

import pytest
from small_issue import earlier, written
from starlette.testclient import TestClient

from ewarn import evaluation
from ewarn.records import Records, keys
from ewarn.settings import Settings
from ewarn_api.app import create

CHAD = {"name": "Chad", "location_code": ["TCD"], "leads": [3], "thresholds": {"risk": 0.2}}


class Client:
    """A service on a small issue, asked with a key that may keep watch lists."""

    def __init__(self, home, url):
        self.settings = Settings(home=home, database_url=url, rate_per_minute=0)
        written(self.settings.issues, last_issue=earlier(self.settings.issues).id)
        self.records = Records(self.settings.database)
        self.http = TestClient(create(self.settings), raise_server_exceptions=False)
        self.secret = self.key("who", "watchlists")

    def key(self, name, *scopes):
        with self.records.writing() as session:
            return keys.create(session, name, scopes).secret

    def ask(self, method, path, secret=None, **given):
        headers = {"Authorization": f"Bearer {secret or self.secret}"}
        return self.http.request(method, path, headers=headers, **given)

    def rows(self, path, secret=None):
        answer = self.ask("GET", path, secret)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]


@pytest.fixture
def client(tmp_path, database_url):
    return Client(tmp_path, database_url)


def test_a_list_is_made_read_and_ended(client):
    made = client.ask("POST", "/v1/watchlists", json=CHAD)
    assert made.status_code == 200, made.text
    (row,) = made.json()["data"]
    assert row["units"] == ["TCD-lac", "TCD-tibesti"]
    assert (row["thresholds"], row["budget"], row["simulated"]) == ({"risk": 0.2}, None, True)
    assert (row["ends_below"], row["cooldown"], row["evaluated_issue"]) == (0.8, 0, None)
    assert client.rows("/v1/watchlists") == [row]
    path = f"/v1/watchlists/{row['watchlist']}"
    assert client.rows(path) == [row]
    assert client.ask("DELETE", path).json()["data"] == [row]
    assert client.ask("GET", path).status_code == 404
    assert client.rows("/v1/watchlists") == []


def test_units_may_be_named_as_elsewhere(client):
    asked = CHAD | {"location_code": [], "units": ["Mopti", {"admin1_code": "TCD-lac"}]}
    (row,) = client.ask("POST", "/v1/watchlists", json=asked).json()["data"]
    assert row["units"] == ["MLI-mopti", "TCD-lac"]
    answer = client.ask("POST", "/v1/watchlists", json=asked | {"units": ["Mopty"]})
    assert answer.status_code == 404
    assert "MLI-mopti" in answer.json()["known"]


def test_alerts_are_ones_own_and_explained(client):
    client.ask("POST", "/v1/watchlists", json=CHAD)
    other = client.key("other", "watchlists")
    evaluation.evaluate(client.settings.mlruns, client.records)
    found = client.rows("/v1/alerts")
    assert {row["admin1_code"] for row in found} == {"TCD-lac", "TCD-tibesti"}
    one = next(row for row in found if row["admin1_code"] == "TCD-lac")
    assert one["is_open"]
    assert one["risk_change"] == pytest.approx(one["risk"] - one["last_risk"])
    assert one["drivers"][0]["driver"] == "own_history"
    assert one["admin1_name"] in one["summary_en"]
    assert client.rows("/v1/alerts", other) == client.rows("/v1/watchlists", other) == []
    own = client.rows("/v1/watchlists")[0]
    assert own["evaluated_issue"] == one["issue"]
    path = f"/v1/watchlists/{own['watchlist']}"
    for method in ("GET", "DELETE"):
        assert client.ask(method, path, other).status_code == 404
    assert client.ask("GET", "/v1/alerts.csv").text.count("\r\n") == 3
    assert len(client.ask("GET", "/v1/alerts.geojson").json()["features"]) == 2


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"budget": 8}, 422, "either thresholds or a budget"),
        ({"thresholds": {}}, 422, "either thresholds or a budget"),
        ({"thresholds": {}, "budget": 8}, 409, "ewarn hindcast"),
        ({"location_code": []}, 422, "expected units"),
        ({"location_code": ["XXX"]}, 404, "unknown location_code 'XXX'"),
        ({"leads": [99]}, 404, "unknown lead '99'"),
        ({"thresholds": {"luck": 0.2}}, 422, "thresholds.luck"),
        ({"thresholds": {"risk": 2}}, 422, "thresholds.risk"),
        ({"colour": "red"}, 422, "unknown body field colour"),
        ({"name": ""}, 422, "body field name"),
    ],
)
def test_what_cannot_be_watched_is_refused_and_nothing_is_kept(client, given, status, said):
    answer = client.ask("POST", "/v1/watchlists", json=CHAD | given)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text
    assert client.rows("/v1/watchlists") == []


def test_a_name_is_given_once(client):
    assert client.ask("POST", "/v1/watchlists", json=CHAD).status_code == 200
    answer = client.ask("POST", "/v1/watchlists", json=CHAD)
    assert (answer.status_code, "name" in answer.json()["detail"]) == (422, True)
    assert len(client.rows("/v1/watchlists")) == 1


def test_a_key_without_the_scope_may_not(client):
    reader = client.key("reader", "read")
    for method, path in (
        ("GET", "/v1/watchlists"),
        ("POST", "/v1/watchlists"),
        ("GET", "/v1/alerts"),
    ):
        given = {"json": CHAD} if method == "POST" else {}
        assert client.ask(method, path, reader, **given).status_code == 403
    assert client.http.get("/v1/alerts").status_code == 401
