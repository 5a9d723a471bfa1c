"""Parts of an answer, other origins, dates and encodings: what HTTP readers ask for."""

import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from starlette.testclient import TestClient
from support.small_issue import written

from ewarn.core.settings import Settings
from ewarn_api.app import create
from ewarn_api.http import compression
from ewarn_api.issues import store

pytestmark = pytest.mark.slow
CSV, JSON = "/v1/forecasts.csv", "/v1/risk-scores"
ORIGIN = {"Origin": "https://crisis.example"}
KEY = {"X-Api-Key": "ewarn_none_such"}


def service(home, **settings):
    plain = {"Accept-Encoding": "identity"}
    return TestClient(create(Settings(home=home, rate_per_minute=0, **settings)), headers=plain)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    written(Settings(home=home).issues)
    return home


@pytest.fixture
def client(home):
    return service(home)


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=5-", slice(5, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=10-99999999", slice(10, None)),
    ],
)
@pytest.mark.parametrize("path", [CSV, "/v1/forecasts.parquet", "/v1/units.geojson", JSON])
def test_a_range_is_that_part_of_the_whole(client, path, asked, part):
    whole = client.get(path)
    answer = client.get(path, headers={"Range": asked, "Accept-Encoding": "gzip"})
    first, end, _ = part.indices(len(whole.content))
    assert answer.status_code == 206
    assert answer.content == whole.content[part]
    assert answer.headers["Content-Range"] == f"bytes {first}-{end - 1}/{len(whole.content)}"
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["ETag"] == whole.headers["ETag"]
    assert whole.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    "asked", ["bytes=-", "bytes=", "items=0-9", "bytes=0-9,20-29", f"bytes=0-{'9' * 5000}"]
)
def test_what_is_no_single_range_gets_the_whole(client, asked):
    answer = client.get(CSV, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, client.get(CSV).content)


def test_the_unit_of_a_range_is_in_any_case(client):
    assert client.get(CSV, headers={"Range": "Bytes=0-9"}).status_code == 206


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0", "bytes=7-3"])
def test_a_range_there_is_not_is_416_and_says_how_long_the_whole_is(client, asked):
    length = len(client.get(CSV).content)
    answer = client.get(CSV, headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{length}"
    assert answer.json()["type"] == "urn:ewarn:problem:no-such-range"


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "lines=0-1", "bytes=x-", "0-5"])
def test_ranges_that_need_not_be_known_get_the_whole(client, asked):
    answer = client.get(CSV, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, client.get(CSV).content)


def test_if_range_gets_the_whole_where_the_client_has_a_part_of_something_else(client):
    whole = client.get(CSV)
    for held, status in [
        (whole.headers["ETag"], 206),
        (whole.headers["Last-Modified"], 206),
        ('"other"', 200),
        (client.get(JSON).headers["ETag"], 200),
    ]:
        answer = client.get(CSV, headers={"Range": "bytes=0-3", "If-Range": held})
        assert answer.status_code == status, held
    weak = client.get(JSON).headers["ETag"]
    answer = client.get(JSON, headers={"Range": "bytes=0-3", "If-Range": weak})
    assert weak.startswith("W/")
    assert answer.status_code == 200


@pytest.mark.parametrize("path", [CSV, "/v1/forecasts.parquet", JSON])
def test_head_has_the_length_of_the_whole_streamed_or_not(client, path, monkeypatch):
    monkeypatch.setattr("ewarn_api.responses.formats.WHOLE", 3)  # longer answers are streamed
    head = client.head(path)
    assert head.content == b""
    assert int(head.headers["Content-Length"]) == len(client.get(path).content)


def test_an_answer_that_was_kept_is_given_in_parts_and_not_made_again(client, monkeypatch):
    whole = client.get(CSV).content
    monkeypatch.setattr("ewarn_api.issues.table.Table.page", None)
    assert client.get(CSV, headers={"Range": "bytes=1-2"}).content == whole[1:3]


def test_any_origin_reads_what_needs_no_key(client):
    answer = client.get(JSON, headers=ORIGIN)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "X-Ewarn-Total-Count" in answer.headers["Access-Control-Expose-Headers"]
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "range"}
    assert client.options(JSON, headers=ORIGIN | asked).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"Access-Control-Request-Method": "POST"},
        {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-api-key"},
        {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"},
    ],
)
def test_no_origin_writes_or_sends_a_key_unless_it_is_named(home, client, asked):
    assert client.options("/v1/watchlists", headers=ORIGIN | asked).status_code == 400
    named = service(home, cors=f"{ORIGIN['Origin']}, *")
    answer = named.options("/v1/watchlists", headers=ORIGIN | asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN["Origin"]


def test_an_answer_to_a_key_is_for_named_origins_alone(home, client):
    assert "Access-Control-Allow-Origin" not in client.get(JSON, headers=ORIGIN | KEY).headers
    answer = service(home, cors=ORIGIN["Origin"]).get(JSON, headers=ORIGIN | KEY)
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN["Origin"]


def test_without_the_setting_no_other_origin_reads(home):
    answer = service(home, cors="").get(JSON, headers=ORIGIN)
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(("path", "allowed"), [(JSON, "GET, HEAD, POST, OPTIONS"), (CSV, "GET")])
def test_options_says_what_may_be_done(client, path, allowed):
    answer = client.options(path)
    assert answer.status_code == 204
    assert answer.headers["Allow"].startswith(allowed)


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        *[("gzip", True), ("br, GZIP;q=0.5", True), ("*", True), ("gzip;q=1.0, *;q=0", True)],
        *[("gzip;q=0", False), ("gzip; q=0.0, br", False), ("x-gzipped", False), ("", False)],
        *[("identity", False), ("*;q=0", False), ("gzip;q=much", False)],
    ],
)
def test_gzip_is_for_those_who_accept_it(client, accepted, is_packed):
    assert compression.is_among(accepted.encode()) == is_packed
    path = "/v1/forecasts?limit=1000"
    with client.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
        raw = b"".join(answer.iter_raw())
    assert (answer.headers.get("Content-Encoding") == "gzip") == is_packed
    assert (gzip.decompress(raw) if is_packed else raw)[:1] == b"{"


@pytest.mark.parametrize("path", [CSV, JSON, "/v1/milestones.ics"])
def test_if_modified_since_is_heard_unless_there_is_a_tag(client, path):
    for _ in range(2):  # made, and then kept
        dated = client.get(path).headers["Last-Modified"]
        earlier = format_datetime(parsedate_to_datetime(dated) - timedelta(days=1), usegmt=True)
        for headers, status in [
            ({"If-Modified-Since": dated}, 304),
            ({"If-Modified-Since": earlier}, 200),
            ({"If-Modified-Since": "yesterday"}, 200),
            ({"If-Modified-Since": dated, "If-None-Match": '"other"'}, 200),
        ]:
            assert client.get(path, headers=headers).status_code == status, headers


def test_what_states_ages_changes_at_midnight_and_what_states_none_does_not(home, monkeypatch):
    dated = {}
    for add in (1, 2):
        day = datetime.now(UTC).date() + timedelta(days=add)
        monkeypatch.setattr(store, "today", lambda day=day: day)
        for path in (CSV, JSON):
            dated[path, add] = service(home).get(path).headers["Last-Modified"]
    assert dated[CSV, 1] == dated[CSV, 2]
    gone = parsedate_to_datetime(dated[JSON, 2]) - parsedate_to_datetime(dated[JSON, 1])
    assert gone == timedelta(days=1)


def test_a_table_is_whole_unless_a_limit_is_stated_and_json_has_pages(client):
    total = int(client.get("/v1/forecasts").headers["X-Ewarn-Total-Count"])
    assert total > 100
    assert len(client.get(CSV).text.splitlines()) == total + 1
    assert len(client.get(f"{CSV}?limit=3").text.splitlines()) == 4
    assert len(client.get("/v1/forecasts").json()["data"]) == 100
    assert 'rel="next"' in client.get("/v1/forecasts").headers["Link"]


def test_a_mark_for_excel_and_its_own_tag(client):
    plain, marked = client.get(CSV), client.get(f"{CSV}?bom=1")
    assert marked.content == b"\xef\xbb\xbf" + plain.content
    assert marked.headers["ETag"] != plain.headers["ETag"]
    assert client.get(f"{JSON}?bom=1").content[:1] == b"{"


def test_a_level_is_found_as_it_is_written_in_other_tools(client):
    for level in ("0.1", "0.10", ".1", "0.100"):
        rows = client.get(f"/v1/forecasts?output_type_id={level}").json()["data"]
        assert {row["output_type_id"] for row in rows} == {"0.10"}
    mean = client.get("/v1/forecasts?output_type=mean").json()["data"]
    assert {row["output_type_id"] for row in mean} == {None}
