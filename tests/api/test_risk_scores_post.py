"""POST /v1/risk-scores: units however they are named, own thresholds, and what is not resolved."""

import csv
import io
import json

import pytest
from starlette.testclient import TestClient
from support import small_issue
from support.small_issue import FILES, NOW, about, tables

from ewarn.core import columns
from ewarn.core.settings import Settings
from ewarn.data import places
from ewarn.publishing import issue
from ewarn_api.app import create
from ewarn_api.issues.unit_lookup import Resolver
from ewarn_api.issues.unit_references import Located, Named
from ewarn_api.requests.risk_score_body import MOST_THRESHOLDS, MOST_UNITS

URL = "/v1/risk-scores"
SHARED = {"NER-diffa": "Gao", "TCD-tibesti": "Lac"}  # names that others have too


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    made = tables()
    made["units"]["name"] = made["units"]["code"].map(SHARED).fillna(made["units"]["name"])
    made["units"].loc[made["units"]["code"] == "TCD-lac", "name"] = "Lac"
    issue.write(Settings(home=home).issues, made, about(), FILES, NOW)
    return TestClient(create(Settings(home=home, rate_per_minute=0)))


def asked(client, *units, status=200, **more):
    answer = client.post(URL, json={"units": units, **more})
    assert answer.status_code == status, answer.text
    return answer.json()


# Numbers


def test_chances_are_those_of_the_draws_for_any_threshold(client):
    counts = [0, 1, 25, 29, 30, 31, 1_000_000_000]  # of unit 5 at lead 6: six times 0, once 30
    said = asked(client, "TCD-tibesti", leads=[6], thresholds=counts)
    (row,) = said["data"]
    assert row["exceedances"] == [
        {"count": count, "probability": 1.0 if count == 0 else (1 / 7 if count <= 30 else 0.0)}
        for count in counts
    ]
    assert row["exceedances"][1]["probability"] == row["p_ge_1"]
    assert row["exceedances"][2]["probability"] == row["p_ge_25"]


def test_scores_are_those_one_gets_without_asking(client):
    said = asked(client, "MLI-gao", "MLI-mopti")
    like = client.get(f"{URL}?location_code=MLI").json()
    assert [row | {"exceedances": []} for row in like["data"]] == said["data"]
    assert said["totalCount"] == 24
    assert {k: said[k] for k in ("issue", "as_of")} == {k: like[k] for k in ("issue", "as_of")}


def test_leads_are_those_asked_and_each_unit_is_told_once(client):
    said = asked(client, "MLI-gao", {"admin1_code": "MLI-gao"}, leads=[2, 1, 2], thresholds=[3, 3])
    assert [row["lead"] for row in said["data"]] == [1, 2]
    assert said["data"][0]["exceedances"] == [{"count": 3, "probability": 0.0}]
    assert [one["asked"] for one in said["resolved"]] == ["MLI-gao", {"admin1_code": "MLI-gao"}]


# Names


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("MLI-mopti", "MLI-mopti"),
        ("Mopti", "MLI-mopti"),
        ("région de mopti", "MLI-mopti"),
        ("Tillaberi", "NER-tillaberi"),
        ({"admin1_code": "NER-diffa"}, "NER-diffa"),
        ({"admin1_name": "Gao", "location_code": "MLI"}, "MLI-gao"),
        ({"admin1_name": "Gao", "location_code": "Niger"}, "NER-diffa"),
        ({"latitude": 0.2, "longitude": 0.5}, "MLI-gao"),  # all lie there; the first code goes
        ({"latitude": 0.2, "longitude": 0.5, "location_code": "TCD"}, "TCD-lac"),
        ({"latitude": -0.1, "longitude": 0.5}, "MLI-gao"),  # 11 km off the border
    ],
)
def test_a_unit_is_found_by_code_by_name_and_by_place(client, unit, code):
    said = asked(client, unit, leads=[1])
    assert said["resolved"] == [{"asked": unit, "admin1_code": code}]
    assert [row["admin1_code"] for row in said["data"]] == [code]
    assert said["unresolved"] == []


@pytest.mark.parametrize(
    ("unit", "reason", "suggested"),
    [
        ("Gao", "several units have that name", ["MLI-gao", "NER-diffa"]),
        ("Lac", "several units have that name", ["TCD-lac", "TCD-tibesti"]),
        ({"admin1_name": "Lac", "location_code": "TCD"}, "several", ["TCD-lac", "TCD-tibesti"]),
        ("Moptti", "no unit has that name", ["MLI-mopti"]),
        ({"admin1_code": "MLI-mopty"}, "no unit has that code", ["MLI-mopti"]),
        ({"admin1_code": "Mopti"}, "no unit has that code", ["MLI-mopti"]),
        ({"admin1_name": "Mopti", "location_code": "NER"}, "no unit of NER has that name", []),
        ({"admin1_name": "Mopti", "location_code": "Atlantis"}, "in Atlantis", ["MLI-mopti"]),
        ({"admin1_name": "Mopti", "location_code": "FRA"}, "no unit is in FRA", ["MLI-mopti"]),
        ({"latitude": -40.0, "longitude": 0.5}, "no unit is within 25 km of that point", []),
        (" ", "no unit has that name", []),
    ],
)  # fmt: skip
def test_what_cannot_be_resolved_is_said_and_the_rest_is_answered(client, unit, reason, suggested):
    said = asked(client, "MLI-mopti", unit, leads=[1])
    (one,) = said["unresolved"]
    assert one["asked"] == unit
    assert reason in one["reason"]
    assert [place["admin1_code"] for place in one["suggestions"]] == suggested
    assert all(
        list(p) == ["location_code", "admin1_code", "admin1_name"] for p in one["suggestions"]
    )
    assert [row["admin1_code"] for row in said["data"]] == ["MLI-mopti"]


def test_where_no_unit_can_be_resolved_the_answer_is_404_with_those_meant(client):
    said = asked(client, "Moptti", "Nowhere", status=404)
    assert (said["known"], said["detail"].split(";")[0]) == (
        ["MLI-mopti"],
        "unknown unit 'Moptti, Nowhere'",
    )


@pytest.mark.slow
def test_names_of_the_shipped_units_find_them_and_so_do_their_places():
    units = places.shipped()
    resolver = Resolver(units.table.assign(geometry=places.geojson(units)))
    table = units.table
    assert [one.code for one in resolver.resolve(table["code"].tolist())] == table["code"].tolist()
    named = [
        Named(admin1_name=name, location_code=country)
        for name, country in zip(table["name"], table["country"], strict=True)
    ]
    pairs = zip(resolver.resolve(named), table["code"], strict=True)
    others = [(one.code, code) for one, code in pairs if one.code != code]
    assert others == [  # whose the name is, the alias table says
        ("MOZ-MAPUTO-1", "MOZ-MAPUTO-2"),
        ("MWI-CHITIPA-2", "MWI-CHITIPA-1"),
        ("UGA-MBARARA", "UGA-RR"),
    ]
    points = [
        Located(latitude=latitude, longitude=longitude)
        for latitude, longitude in zip(table["latitude"], table["longitude"], strict=True)
    ]
    found = [one.code for one in resolver.resolve(points)]
    assert sum(a == b for a, b in zip(found, table["code"], strict=True)) >= 0.99 * len(table)
    (alias, shared) = resolver.resolve(["Région de Tombouctou", "Centre"])
    assert alias.code == "MLI-TB"
    assert (shared.code, len(shared.suggested) > 1) == (None, True)


# Refusals


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "units: found {}; Field required"),
        ({"units": []}, "units: found []"),
        ({"units": "MLI-gao"}, "units: found 'MLI-gao'"),
        ({"units": [7]}, "units.0.text: found 7"),
        ({"units": [""]}, "units.0.text: found ''"),
        ({"units": ["x" * 201]}, "units.0.text"),
        ({"units": ["MLI-gao"] * (MOST_UNITS + 1)}, "units"),
        ({"units": [{"latitude": 1.0}]}, "units.0.point.longitude"),
        ({"units": [{"latitude": 91, "longitude": 0}]}, "units.0.point.latitude: found 91"),
        ({"units": [{"admin1_code": "A", "admin1_name": "A"}]}, "unknown body field units.0.code"),
        ({"units": [{"location_code": "MLI"}]}, "units.0.name.admin1_name"),
        ({"units": ["MLI-gao"], "thresholds": [-1]}, "thresholds.0: found -1"),
        ({"units": ["MLI-gao"], "thresholds": [0.5]}, "thresholds.0: found 0.5"),
        ({"units": ["MLI-gao"], "thresholds": [1] * (MOST_THRESHOLDS + 1)}, "thresholds"),
        ({"units": ["MLI-gao"], "leads": [0]}, "leads.0: found 0"),
        ({"units": ["MLI-gao"], "lead": [1]}, "unknown body field lead; known: "),
    ],
)
def test_what_is_malformed_is_refused_by_field(client, body, said):
    answer = client.post(URL, json=body)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"null", b"[]", b'{"units": ["\\ud800"]}'])
def test_what_is_no_question_is_refused(client, content):
    headers = {"Content-Type": "application/json"}
    answer = client.post(URL, content=content, headers=headers)
    assert answer.status_code == 422
    assert "body" in answer.json()["detail"]


def test_a_lead_or_issue_there_is_not_is_404(client):
    assert "13" in asked(client, "MLI-gao", leads=[13], status=404)["detail"]
    answer = client.post(f"{URL}?issue=2020-12-0000000000", json={"units": ["MLI-gao"]})
    assert answer.status_code == 404


# The answer


def test_it_is_not_kept_and_says_how_much_is_unresolved_in_any_format(client):
    question = {"units": ["MLI-gao", "Nowhere"], "leads": [1], "thresholds": [5]}
    answers = {name: client.post(f"{URL}.{name}", json=question) for name in ("csv", "geojson")}
    for answer in answers.values():
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Ewarn-Unresolved"] == "1"
        assert "ETag" not in answer.headers
    (row,) = csv.DictReader(io.StringIO(answers["csv"].text))
    assert json.loads(row["exceedances"]) == [{"count": 5, "probability": 0.0}]
    (feature,) = answers["geojson"].json()["features"]
    assert feature["geometry"] == small_issue.SQUARE


@pytest.mark.slow
def test_every_field_of_the_answer_is_declared(client):
    said = asked(client, "MLI-gao", "Nowhere", leads=[1])
    schemas = client.app.openapi()["components"]["schemas"]
    assert set(said) == set(schemas["AskedRiskScorePage"]["properties"])
    assert set(said["data"][0]) == set(schemas["AskedRiskScoreRow"]["properties"])
    for name in [*said, *said["data"][0]]:
        assert columns.of(name).sentence
