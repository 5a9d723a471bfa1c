"""All units at a glance: one row a unit, the numbers of the other resources, rounded."""

import gzip

import pytest
from starlette.testclient import TestClient
from support.small_issue import LEADS, MONTHS, earlier, written

from ewarn.core.settings import Settings
from ewarn_api.app import create


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"), rate_per_minute=0)
    written(settings.issues, last_issue=earlier(settings.issues).id)
    return TestClient(create(settings))


def test_a_unit_has_one_row_with_every_lead_in_it(client):
    said = client.get("/v1/overview", params={"admin1_code": "MLI-mopti"}).json()
    (row,) = said["data"]
    assert said["leads"] == LEADS
    assert said["target_months"][::11] == ["2021-01", "2021-12"]
    # Unit 1: the risk at lead l is 2 (l + 1) / 100, a tenth of it new but at the last lead.
    assert row["risk"][:2] == [0.04, 0.06]
    assert row["risk_change"][:2] == [0.004, 0.006]
    assert row["risk_change"][-1] is None
    assert row["q95"] == LEADS
    assert row["expected"][0] == 0.14
    assert (row["location_name"], row["latitude"]) == ("Mali", 14.6)


def test_it_shows_the_last_24_months_and_never_0_where_nobody_looked(client):
    said = client.get("/v1/overview").json()
    assert said["months"] == MONTHS[-24:]
    assert [row["fatalities"] for row in said["data"]] == [[10 * u] * 24 for u in range(6)]
    assert [row["bases"] for row in said["data"]] == [0, 1, 2, 3, 4, 5]


def test_numbers_are_those_of_the_risk_scores(client):
    rows = {row["admin1_code"]: row for row in client.get("/v1/overview").json()["data"]}
    for one in client.get("/v1/risk-scores?limit=1000").json()["data"]:
        row, place = rows[one["admin1_code"]], LEADS.index(one["lead"])
        for name in ("rank", "risk", "p_ge_1", "p_ge_25", "expected", "q05", "q50", "q95"):
            assert row[name][place] == pytest.approx(one[name], abs=0.005), name
        assert (row["baseline"], row["is_onset"]) == (one["baseline"], one["is_onset"])


def test_a_first_issue_tells_no_change(tmp_path):
    settings = Settings(home=tmp_path)
    written(settings.issues)
    rows = TestClient(create(settings)).get("/v1/overview").json()["data"]
    assert [row["risk_change"] for row in rows] == [[None] * 12] * 6


@pytest.mark.parametrize(
    "path", ["/v1/overview", "/v1/forecasts.csv?limit=20000", "/web/words/fr.json"]
)
def test_who_accepts_gzip_gets_the_same_in_fewer_bytes(client, path):
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as packed:
        content = b"".join(packed.iter_raw())
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(content) == plain.content
    assert len(content) < len(plain.content) / 2
    assert all("Accept-Encoding" in one.headers["Vary"] for one in (plain, packed))
    # Other bytes under the same strong tag would be a lie; the weak one is good for a 304.
    assert packed.headers["ETag"].startswith("W/")
    tag = {"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"}
    again = client.get(path, headers=tag)
    assert (again.status_code, again.content) == (304, b"")


def test_an_answer_kept_ready_is_kept_in_both_forms(client):
    forms = [
        client.get("/v1/overview", headers={"Accept-Encoding": form}).headers.get(
            "Content-Encoding"
        )
        for form in ("gzip", "identity", "gzip", "identity")
    ]
    assert forms == ["gzip", None, "gzip", None]


def test_what_is_packed_already_is_not_packed_again(client):
    answer = client.get("/v1/forecasts.parquet?limit=5000", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
