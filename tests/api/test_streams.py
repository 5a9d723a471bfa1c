"""Answers of very many rows: streamed in flat memory, never cut unseen, paged in one issue."""

import csv
import io
import json
import threading
import tracemalloc
from datetime import timedelta

import httpx
import pyarrow.parquet as pq
import pytest
import uvicorn
from starlette.testclient import TestClient
from support.small_issue import NOW, written

from ewarn.core.settings import Settings
from ewarn.publishing import issue
from ewarn_api.app import create
from ewarn_api.issues import table
from ewarn_api.issues.snapshot import Snapshot
from ewarn_api.responses import formats

pytestmark = pytest.mark.slow

COPIES = 14  # of the six units
ROWS = 6 * COPIES * 12 * (1 + 99 + 5)
ALL = "limit=2000000"
MEGABYTES = 25


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    made = tmp_path_factory.mktemp("home")
    written(Settings(home=made).issues, copies=COPIES)
    return made


@pytest.fixture(scope="module")
def client(home):
    plain = {"Accept-Encoding": "identity"}
    return TestClient(create(Settings(home=home, rate_per_minute=0)), headers=plain)


@pytest.fixture(scope="module")
def told(client):
    answer = client.get(f"/v1/forecasts?{ALL}")
    assert "Content-Length" not in answer.headers
    return answer.json()


def _rows(name, content):
    if name == "csv":
        return list(csv.DictReader(io.StringIO(content.decode())))
    if name == "parquet":
        return pq.read_table(io.BytesIO(content)).to_pylist()
    return [feature["properties"] for feature in json.loads(content)["features"]]


def test_json_tells_all_rows_and_then_what_they_are(told):
    assert ROWS == 105_840
    assert len(told["data"]) == told["totalCount"] == ROWS
    assert told["links"] == {"self": f"/v1/forecasts?{ALL}"}
    assert told["simulated"] is True


@pytest.mark.parametrize("name", ["csv", "geojson", "parquet"])
def test_the_other_formats_have_the_same_rows(client, told, name):
    answer = client.get(f"/v1/forecasts.{name}?{ALL}")
    assert "Content-Length" not in answer.headers
    assert answer.headers["X-Ewarn-Total-Count"] == str(ROWS)
    found = _rows(name, answer.content)
    if name == "csv":
        assert found == [
            {k: "" if v is None else str(v) for k, v in row.items()} for row in told["data"]
        ]
    else:
        assert found == told["data"]


def test_an_answer_of_ten_thousand_rows_is_made_whole(client, told):
    answer = client.get("/v1/forecasts?limit=10000")
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert answer.json()["data"] == told["data"][:10_000]


def test_who_has_it_has_no_row_made_and_a_head_has_the_length(client, monkeypatch):
    url = f"/v1/forecasts.csv?{ALL}"
    head = client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["Content-Length"]) > 1_000_000  # which only the whole answer tells
    monkeypatch.setattr(table.Page, "parts", _broken)
    assert client.get(url, headers={"If-None-Match": head.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", list(formats.FORMATS))
def test_memory_is_flat(home, name):
    snapshot = Snapshot(issue.newest(Settings(home=home).issues))
    page = snapshot.table("forecasts").page({}, slice(None))
    tracemalloc.start()
    written = formats.FORMATS[name].write(page, {}, snapshot.borders)
    size = sum(map(len, written))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MEGABYTES * 2**20
    assert size > (0 if name == "parquet" else 5 * 2**20)


def _broken(page, size):
    yield from [table.Page(page.kept, page.chosen[:size], page.total)]
    raise RuntimeError("the disk is on fire")


@pytest.mark.parametrize("name", list(formats.FORMATS))
def test_what_fails_midway_breaks_the_connection(home, name, monkeypatch):
    monkeypatch.setattr(table.Page, "parts", _broken)
    server = uvicorn.Server(uvicorn.Config(create(Settings(home=home)), port=0, log_level=60))
    running = threading.Thread(target=server.run)
    running.start()
    try:
        while not server.started:
            running.join(0.01)
        (port,) = (socket.getsockname()[1] for socket in server.servers[0].sockets)
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"http://127.0.0.1:{port}/v1/forecasts.{name}?{ALL}")
    finally:
        server.should_exit = True
        running.join()


def test_paging_through_all_while_a_new_issue_comes_out_has_each_row_once(tmp_path):
    issues = Settings(home=tmp_path).issues
    first = written(issues, copies=COPIES)
    app = create(Settings(home=tmp_path))
    app.state.store.recheck = 0
    client = TestClient(app)
    found, seen, link, pages = [], set(), "/v1/forecasts?limit=9000", 0
    while link:
        answer = client.get(link).json()
        found, link, pages = found + answer["data"], answer["links"].get("next"), pages + 1
        seen.add((answer["issue"], answer["totalCount"]))
        if pages == 5:
            later = written(issues, scale=2.0, now=NOW + timedelta(days=1), copies=COPIES)
            assert client.get("/v1/forecasts?limit=1").json()["issue"] == later.id
    assert (pages, seen) == (12, {(first.id, ROWS)})
    keys = ["unit", "lead", "output_type", "output_type_id"]
    assert len({tuple(row[key] for key in keys) for row in found}) == ROWS
    expected = first.table("forecasts")
    assert [row["value"] for row in found] == expected["value"].tolist()
    assert [row["unit"] for row in found] == expected["unit"].tolist()
