"""What every route of the service keeps to; routes are found, so a new one is held to it too."""

import csv
import io
import json
import os
import re
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient
from support import small_watch
from support.small_issue import NOW, SQUARE, earlier, written

from ewarn import jobs
from ewarn.cli._output import track
from ewarn.core import columns
from ewarn.core.settings import Settings
from ewarn.database import Database
from ewarn_api.app import create
from ewarn_api.issues import store

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).with_name("openapi.json")
TODAY = date(2021, 1, 15)
TABLES = {
    "/v1/watchlists": "watchlists",
    "/v1/watchlists/{watchlist_id}": "watchlists",
    "/v1/watchlists/{watchlist_id}/milestones": "milestones",
    "/v1/alerts": "alerts",
    "/v1/alerts/{alert_id}": "alerts",
    "/v1/subscriptions": "subscriptions",
    "/v1/subscriptions/{subscription_id}": "subscriptions",
    "/v1/subscriptions/{subscription_id}/deliveries": "deliveries",
    "/v1/judgements": "judgements",
    "/v1/judgements/scores": "judgement_scores",
    "/v1/milestones": "milestones",
    "/v1/models/{name}/{version}": "model_card",
    "/v1/verification": "verification",
    "/v1/changes": "moved",
    "/v1/overview": "overview",
    "/v1/units/{code}/outcomes": "outcomes",
    "/v1/alert-budgets": "alert_budgets",
}
MORE = {  # what an envelope has beside the others'
    "/v1/changes": ["since", "changes_untold"],
    "/v1/overview": ["target", "leads", "target_months", "months"],
}
# The paths are found when the tests are collected, in an app that has nothing to serve.
_DOCUMENT = create(Settings(home=Path("nowhere"))).openapi()
METHODS = {path: {name.upper() for name in item} for path, item in _DOCUMENT["paths"].items()}
PATHS = [path for path, item in _DOCUMENT["paths"].items() if "get" in item]
POSTS = [path for path, item in _DOCUMENT["paths"].items() if "post" in item]
V1 = [path for path in PATHS if path.startswith("/v1/")]
ONE = (
    *("/v1/units/{code}", "/v1/issues/{issue_id}", "/v1/models/{name}/{version}"),
    *("/v1/watchlists/{watchlist_id}", "/v1/alerts/{alert_id}"),
    "/v1/subscriptions/{subscription_id}",
)
# What belongs to a key, whatever the issue: a client that shares a cache may not keep it.
OWN = [path for path in V1 if re.match(r"/v1/(watchlists|alerts|subscriptions|judgements)", path)]
LISTS = [path for path in V1 if path not in ONE]
GEOJSON, PARQUET = "application/geo+json", "application/vnd.apache.parquet"
_ANSWERS = {path: _DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"] for path in V1}
PLACED = [path for path in V1 if GEOJSON in _ANSWERS[path]]
PLACELESS = [path for path in V1 if path not in PLACED]
HEADERS = {
    "X-Ewarn-As-Of": "2020-12-31",
    "X-Ewarn-Age-Days": "15",
    "X-Ewarn-As-Of-Age-Days": "15",
    "X-Ewarn-Months-Behind": "0",
    "X-Ewarn-Simulated": "true",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, rate_per_minute=0, key_rate_per_minute=0, webhooks="anywhere")
    made = written(settings.issues, last_issue=earlier(settings.issues).id)
    jobs.verify(settings.mlruns, Database(settings.database), track)
    small_watch.hindcast(settings.mlruns, leads=(1, 2, 3))
    plain = {"Accept-Encoding": "identity"}
    client = TestClient(create(settings), raise_server_exceptions=False, headers=plain)
    return client, made.id, small_watch.watched(client, settings)


@pytest.fixture
def get(service, monkeypatch):
    """Asks for a path, its parameters filled in."""
    client, issue_id, watched = service
    monkeypatch.setattr(store, "today", lambda: TODAY)

    def ask(path, method="GET", **headers):
        url = path.replace("{code}", "MLI-mopti").replace("{issue_id}", issue_id)
        url = url.replace("{name}/{version}", "made-up/3")
        for name, value in watched.ids.items():
            url = url.replace(f"{{{name}}}", value)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named |= watched.key if path.startswith(tuple(OWN)) or path in OWN else {}
        return client.request(method, url, headers=named)

    return ask


def test_there_are_the_routes_that_were_promised():
    promised = {"/v1/issues", "/v1/forecasts", "/v1/risk-scores", "/v1/units", "/v1/models"}
    promised |= {"/v1/models/{name}/{version}"}
    promised |= {"/v1/units/{code}/history", "/v1/milestones", "/healthz", "/readyz"}
    assert promised <= set(PATHS)


# The envelope


@pytest.mark.parametrize("path", V1)
def test_an_answer_is_rows_and_what_they_were_made_from(get, service, path):
    answer = get(path)
    assert answer.headers["Content-Type"] == "application/json"
    said = answer.json()
    parts = [
        "data",
        *MORE.get(path, []),
        "totalCount",
        "links",
        "issue",
        "as_of",
        "reference_month",
        "age_days",
    ]
    ages = ["as_of_age_days", "months_behind", "preliminary_months", "overdue_days"]
    assert list(said) == [*parts, *ages, "simulated"]
    assert (said["issue"], said["age_days"], said["simulated"]) == (service[1], 15, True)
    assert (said["as_of_age_days"], said["months_behind"]) == (15, 0)
    assert 0 < len(said["data"]) <= said["totalCount"]
    assert get(said["links"]["self"]).content == answer.content
    assert "NaN" not in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_every_field_answered_is_declared_and_documented(get, service, path):
    said = get(path).json()
    schemas = service[0].get("/openapi.json").json()["components"]["schemas"]
    for row in [said, *said.get("data", [])]:
        for name, value in row.items():
            field = columns.of(name, TABLES.get(path, ""))
            assert value is not None or field.is_optional, name
    shapes = [set(schema.get("properties", ())) for schema in schemas.values()]
    assert all(set(row) in shapes for row in [said, *said.get("data", [])])


# Headers


@pytest.mark.parametrize("path", [*PATHS, "/openapi.json", "/nowhere", "/v1/units?x=1"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_answer_says_what_is_served(get, service, path, method):
    answer = get(path, method)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["X-Ewarn-Issue"] == service[1]


@pytest.mark.parametrize("path", V1)
@pytest.mark.parametrize("suffix", ["", ".json", ".csv", ".parquet"])
def test_an_answer_may_be_kept_but_must_be_asked_about(get, path, suffix):
    answer = get(path + suffix)
    is_own = path in OWN
    assert answer.headers["Cache-Control"] == ("private, no-cache" if is_own else "no-cache")
    keyed = ", Authorization, X-Api-Key" if is_own else ""
    assert answer.headers["Vary"] == f"Accept{keyed}, Accept-Encoding, Origin"
    assert answer.headers["Last-Modified"] == "Fri, 15 Jan 2021 08:30:00 GMT"
    assert answer.headers["X-Ewarn-Total-Count"] == str(get(path).json()["totalCount"])


@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_a_body(get, path):
    whole, head = get(path), get(path, "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    own = {"x-request-id": ""}
    assert {**head.headers, **own} == {**whole.headers, **own}


# ETag and 304


@pytest.mark.parametrize("path", V1)
@pytest.mark.parametrize("suffix", [".json", ".csv", ".parquet"])
def test_who_has_it_is_told_so(get, service, path, suffix):
    tag = get(path + suffix).headers["ETag"]
    opaque = tag.removeprefix("W/")
    assert opaque.startswith(f'"{service[1]}-')
    for held in (tag, opaque, f"W/{opaque}", f'"other", {tag}', f'W/"a,b",{opaque}', "*"):
        answer = get(path + suffix, if_none_match=held)
        assert (answer.status_code, answer.content) == (304, b""), held
        assert answer.headers["ETag"] == tag
        assert answer.headers["X-Ewarn-Age-Days"] == "15"
    for held in ('"other"', opaque.strip('"'), opaque[:-2] + '"', ""):
        assert get(path + suffix, if_none_match=held).status_code == 200, held


@pytest.mark.parametrize("path", V1)
def test_only_bytes_that_stay_the_same_have_a_strong_tag(get, monkeypatch, path):
    before = {suffix: get(path + suffix) for suffix in (".json", ".csv")}
    monkeypatch.setattr(store, "today", lambda: TODAY + timedelta(days=1))
    after = {suffix: get(path + suffix) for suffix in (".json", ".csv")}
    assert before[".csv"].content == after[".csv"].content
    assert before[".json"].content != after[".json"].content  # it tells the age
    for suffix, is_weak in ((".json", True), (".csv", False)):
        assert before[suffix].headers["ETag"] == after[suffix].headers["ETag"]
        assert before[suffix].headers["ETag"].startswith("W/") == is_weak


def test_another_question_has_another_tag_and_the_same_one_the_same(get):
    asked = ["", "?lead=1", "?lead=2", "?limit=5", "?limit=5&offset=5", "?location_code=MLI"]
    tags = [get(f"/v1/risk-scores{query}").headers["ETag"] for query in asked]
    tags += [get("/v1/risk-scores.csv").headers["ETag"], get("/v1/units").headers["ETag"]]
    assert len(set(tags)) == len(tags)
    same = ["?lead=1&lead=2", "?lead=2&lead=1", "?lead=1&lead=2&limit=100", "?lead=2&lead=1&lead=1"]
    assert len({get(f"/v1/risk-scores{query}").headers["ETag"] for query in same}) == 1
    iso, code = (get(f"/v1/units?{name}=MLI") for name in ("iso", "location_code"))
    assert iso.headers["ETag"] == code.headers["ETag"]


def test_a_name_not_known_is_404_even_for_who_holds_something(get):
    assert get("/v1/units?location_code=XXX", if_none_match="*").status_code == 404


# Formats


@pytest.mark.parametrize("path", V1)
def test_csv_has_the_rows_of_json(get, path):
    said, answer = get(path).json()["data"], get(path + ".csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    every = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert len(every) == int(answer.headers["X-Ewarn-Total-Count"])
    found = every[: len(said)]  # JSON has pages
    assert list(found[0]) == list(said[0])
    assert [
        {name: _read(row[name], said[i][name]) for name in row} for i, row in enumerate(found)
    ] == said


def _read(cell, like):
    """A cell as the JSON value it should be equal to."""
    if like is None:
        return None if cell == "" else cell
    return cell if isinstance(like, str) else json.loads(cell)


@pytest.mark.parametrize("path", V1)
def test_parquet_has_the_rows_of_json_and_says_what_they_are(get, service, path):
    said, answer = get(path).json()["data"], get(path + ".parquet")
    assert answer.headers["Content-Type"] == PARQUET
    found = pq.read_table(io.BytesIO(answer.content))
    rows = found.to_pylist()[: len(said)]
    assert list(rows[0]) == list(said[0])
    assert [
        {name: _told(row[name], said[i][name]) for name in row} for i, row in enumerate(rows)
    ] == said
    assert found.schema.metadata[b"ewarn.issue"] == f'"{service[1]}"'.encode()
    assert found.schema.metadata[b"ewarn.simulated"] == b"true"


def _told(cell, like):
    return json.loads(cell) if isinstance(like, list | dict) else cell


@pytest.mark.parametrize("path", PLACED)
def test_geojson_has_the_rows_of_json_on_their_units(get, path):
    said, answer = get(path).json(), get(path + ".geojson")
    assert answer.headers["Content-Type"] == GEOJSON
    found = answer.json()
    assert found["type"] == "FeatureCollection"
    assert [feature["properties"] for feature in found["features"]] == said["data"]
    for feature in found["features"]:
        row = feature["properties"]
        place = SQUARE if row.get("admin1_code", row.get("unit")) else None
        assert feature == {"type": "Feature", "geometry": place, "properties": row}
    rest = {name: value for name, value in said.items() if name not in ("data", "links")}
    assert {name: found[name] for name in rest} == rest


@pytest.mark.parametrize("path", PLACELESS)
def test_rows_without_a_place_are_no_geojson(get, path):
    for answer in (
        get(path + ".geojson"),
        get(path + "?format=geojson"),
        get(path, accept=GEOJSON),
    ):
        assert answer.status_code == 406
        _check_problem(answer)
        assert "csv" in answer.json()["detail"]
    assert get(path, accept=f"{GEOJSON}, text/csv;q=0.1").headers["Content-Type"].startswith("text")


@pytest.mark.parametrize("path", V1)
@pytest.mark.parametrize(
    ("name", "media"), [("csv", "text/csv"), ("geojson", GEOJSON), ("parquet", PARQUET)]
)
def test_suffix_parameter_and_accept_ask_for_the_same(get, path, name, media):
    if path in PLACED or name != "geojson":
        answers = [get(f"{path}.{name}"), get(f"{path}?format={name}"), get(path, accept=media)]
        assert len({answer.headers["ETag"] for answer in answers}) == 1
        assert {answer.status_code for answer in answers} == {200}
        if name != "geojson":  # which tells its links
            assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/*", "text/csv"),
        ("application/*", "application/json"),
        (GEOJSON, GEOJSON),
        (f"{PARQUET}, {GEOJSON};q=0.9", PARQUET),
        ("TEXT/CSV", "text/csv"),
        ("text/csv;q=0.9, application/json;q=0.5", "text/csv"),
        ("text/csv;q=0.5, application/json;q=0.9", "application/json"),
        ("application/json;q=0, */*", "text/csv"),
        ("text/csv, */*;q=0.1", "text/csv"),
    ],
)
def test_accept_is_weighed(get, accept, media):
    assert get("/v1/units", accept=accept).headers["Content-Type"].split(";")[0] == media


@pytest.mark.parametrize("accept", ["application/xml", "text/csv;q=0", "*/*;q=0", "text/csv;q=x"])
def test_no_format_that_will_do_is_a_problem(get, accept):
    answer = get("/v1/units", accept=accept)
    assert answer.status_code == 406
    assert "text/csv" in answer.json()["detail"]


# Paging


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("filters", ["", "&format=json"])
def test_pages_hold_every_row_once_and_links_keep_the_question(get, path, filters):
    whole = get(f"{path}?limit=10000{filters}").json()
    assert whole["totalCount"] == len(whole["data"])
    step = max(1, len(whole["data"]) // 7)
    found, link = [], f"{path}?limit={step}{filters}"
    while link:
        answer = get(link)
        found += answer.json()["data"]
        link = answer.json()["links"].get("next")
        header = answer.headers.get("Link")
        assert header == (f'<{link}>; rel="next"' if link else None)
        assert link is None or filters in link
    assert found == whole["data"]


@pytest.mark.parametrize("path", LISTS)
def test_beyond_the_last_row_there_is_nothing_and_the_count_says_so(get, path):
    answer = get(f"{path}?offset=1000000").json()
    assert answer["data"] == []
    assert answer["totalCount"] == get(path).json()["totalCount"]
    assert "next" not in answer["links"]


def test_a_suffix_stays_on_the_next_link(get):
    answer = get("/v1/units.csv?location_code=MLI&location_code=NER&limit=3")
    (link,) = (part.strip("<>") for part in answer.headers["Link"].split(";")[:1])
    assert link.startswith("/v1/units.csv?location_code=MLI&location_code=NER&limit=3&offset=3")
    assert get(link).text.splitlines()[1].startswith("NER,")


# Problems


def _failures():
    for path in PATHS:
        yield path + "?nothing=1", "GET", {}, 422
        yield path, "PATCH", {}, 405
        for method in sorted({"POST", "DELETE"} - METHODS[path]):
            yield path, method, {}, 405
        yield path + "/nowhere/at/all", "GET", {}, 404
    for path in V1:
        yield path, "GET", {"accept": "image/png"}, 406
        yield path + "?format=png", "GET", {}, 422
    for path in LISTS:
        yield path + "?limit=x", "GET", {}, 422
        if path not in OWN or path == "/v1/alerts":
            yield path + "?issue=2020-12-0000000000", "GET", {}, 404
    yield from (("/web", "GET", {}, 404), ("/v1", "GET", {}, 404), ("/v1/.csv", "GET", {}, 404))


@pytest.mark.parametrize(("path", "method", "headers", "status"), list(_failures()))
def test_every_failure_has_one_shape(get, path, method, headers, status):
    answer = get(path, method, **headers)
    assert answer.status_code == status
    _check_problem(answer)
    if status == 405:
        taken = [name for name in ("POST", "PUT", "PATCH", "DELETE") if name in METHODS[path]]
        assert answer.headers["Allow"] == ", ".join(["GET", "HEAD", *taken, "OPTIONS"])


def _check_problem(answer):
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    said = answer.json()
    assert list(said) == ["type", "title", "status", "detail", "instance", "known", "request_id"]
    assert said["status"] == answer.status_code
    assert said["instance"] == answer.request.url.path
    assert said["type"].startswith("urn:ewarn:problem:")
    assert said["title"]
    assert said["detail"]


_BY_PLACE = [
    path
    for path in V1
    if {"admin1_code", "code"} & {p["name"] for p in _DOCUMENT["paths"][path]["get"]["parameters"]}
]


@pytest.mark.parametrize("path", _BY_PLACE)
@pytest.mark.parametrize("suffix", ["", ".csv", ".geojson", ".parquet"])
def test_an_unknown_unit_is_404_with_the_nearest_and_never_an_empty_answer(get, path, suffix):
    wrong = path.replace("{code}", "MLI-mopty") + suffix
    answer = get(wrong if wrong != path + suffix else f"{wrong}?admin1_code=MLI-mopty")
    assert (answer.status_code, answer.json()["known"][0]) == (404, "MLI-mopti")
    _check_problem(answer)


def test_places_are_asked_for_everywhere_but_of_issues_and_models():
    of_one = {"/v1/alerts/{alert_id}", "/v1/watchlists/{watchlist_id}/milestones"}
    of_many = {"/v1/alert-budgets"}  # a row about all the places asked for
    assert set(V1) - set(_BY_PLACE) - of_one == set(PLACELESS) - of_many


def test_a_fault_of_ours_tells_nothing_of_its_inside(get, monkeypatch):
    def broken(_view):
        raise RuntimeError("secret")

    monkeypatch.setattr(store, "newest", broken)
    answer = get("/readyz")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    _check_problem(answer)


# The document


def test_the_document_is_the_golden_one():
    """To renew it after a change that is meant: EWARN_RENEW_GOLDEN=1 and run this file's tests."""
    found = create(Settings(home=Path("nowhere"))).openapi()
    text = json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if os.environ.get("EWARN_RENEW_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8"), "see this test on how to renew it"


def test_everything_in_the_document_is_said_in_words(service):
    document = service[0].get("/openapi.json").json()
    for path, item in document["paths"].items():
        for operation in item.values():
            assert operation["description"].strip(), path
            for parameter in operation.get("parameters", []):
                assert parameter["description"], (path, parameter["name"])
            for status, answer in operation["responses"].items():
                assert answer["description"], (path, status)
    for name, schema in document["components"]["schemas"].items():
        for field, said in schema["properties"].items():
            assert said["description"], (name, field)
            assert said.get("examples") is not None or field in ("data", "known"), (name, field)


def test_an_issue_made_later_has_other_tags(tmp_path):
    settings = Settings(home=tmp_path)
    written(settings.issues)
    small_watch.hindcast(settings.mlruns, leads=(1, 2, 3))
    app = create(settings)
    app.state.store.recheck = 0
    client = TestClient(app)
    paths = [path.replace("{code}", "MLI-gao") for path in V1 if "issue_id" not in path]
    paths = [path for path in paths if path not in OWN]
    paths = [path.replace("{name}/{version}", "made-up/3") for path in paths]
    tags = {path: client.get(path).headers["ETag"] for path in paths}
    written(settings.issues, scale=2.0, now=NOW + timedelta(days=1))
    for path, tag in tags.items():
        answer = client.get(path, headers={"If-None-Match": tag})
        assert answer.status_code == 200, path
        assert answer.headers["ETag"] != tag


def test_the_document_can_be_read_as_a_page_that_asks_no_other_host(get):
    answer = get("/docs")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert all(path in answer.text for path in PATHS)
    assert columns.of("risk").sentence in answer.text
    assert not any(word in answer.text for word in ("<script", "http:", "https:", "//"))
