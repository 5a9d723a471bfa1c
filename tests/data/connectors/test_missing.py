"""Folders of releases: what they lack, what was changed since, and filters that do not mix."""

import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from support.local_server import Answer
from support.made_up import TOKEN, Ucdp

from ewarn.core.errors import BadInput, Unknown
from ewarn.data import connectors, sources
from ewarn.data.connectors import Again, Web, _countries

DAY = date(2026, 4, 25)
MALI = {"Country": "432"}
FILES = [
    "GEDEvent_v26_0_1.csv",
    "GEDEvent_v26_0_2.csv",
    "GEDEvent_v26_0_3.csv",
    "GEDEvent_v26_1.csv",
]


@pytest.fixture(autouse=True)
def source(server):
    """A source with a yearly version and the candidates of three months."""
    server.answer = Ucdp(v25_1=40, v26_1=50, v26_0_1=5, v26_0_2=6, v26_0_3=7)
    return server.answer


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "ged"


@pytest.fixture
def update(folder, server, waits):
    """Fetches what the folder lacks; returns the names of the files that were fetched."""

    def run(day=DAY, where=None, **more):
        with Web(sleep=waits.append) as web:
            done = connectors.fetch_missing(
                "ucdp_ged", folder, web, day, where or {}, server.url, **more
            )
        return [one.path.name for one in done]

    return run


def lacks(folder, server, where=None) -> list[str]:
    with Web() as web:
        return [
            str(version)
            for version in connectors.missing("ucdp_ged", folder, web, DAY, where or {}, server.url)
        ]


def names(folder) -> list[str]:
    """The files of a folder but the lock; each must have its manifest."""
    found = sorted(path.name for path in folder.iterdir() if path.name != ".lock")
    data = [name for name in found if not name.endswith(".manifest.json")]
    assert found == sorted([*data, *(f"{name}.manifest.json" for name in data)])
    return data


def manifest(folder, name) -> dict:
    return json.loads((folder / f"{name}.manifest.json").read_text())


def test_an_empty_folder_gets_the_fewest_releases_that_cover_all(folder, server, update):
    assert lacks(folder, server) == ["26.1", "26.0.1", "26.0.2", "26.0.3"]
    assert not folder.exists()
    assert update() == ["GEDEvent_v26_1.csv", *FILES[:3]]
    assert names(folder) == FILES
    assert [manifest(folder, name)["rows"] for name in FILES] == [5, 6, 7, 50]
    assert [manifest(folder, name)["version"] for name in FILES][-1] == "26.1"
    assert len(sources.read(folder / "GEDEvent_v26_0_3.csv", "events").table) == 7


def test_a_folder_that_lacks_nothing_gets_nothing(folder, server, source, update):
    update()
    before = {path: path.stat().st_mtime_ns for path in folder.glob("GED*")}
    server.asked.clear()
    assert update() == []
    assert len(server.asked) == 5  # one row a version, and no page of data
    assert {path: path.stat().st_mtime_ns for path in folder.glob("GED*")} == before
    source.rows["26.0.4"] = source.rows["26.0.3"]
    assert update(date(2026, 5, 8)) == ["GEDEvent_v26_0_4.csv"]


def test_a_new_yearly_version_makes_its_candidates_needless(source, update):
    update()
    source.rows |= {"27.1": source.rows["26.1"], "27.0.1": source.rows["26.0.1"]}
    assert update(date(2027, 2, 25)) == ["GEDEvent_v27_1.csv", "GEDEvent_v27_0_1.csv"]


def test_a_hole_is_not_fetched_and_the_months_after_it_are(source, update):
    del source.rows["26.0.2"]
    assert update() == ["GEDEvent_v26_1.csv", "GEDEvent_v26_0_1.csv", "GEDEvent_v26_0_3.csv"]
    source.rows["26.0.2"] = source.rows["26.0.3"]
    assert update() == ["GEDEvent_v26_0_2.csv"]


def test_files_that_a_user_put_there_are_taken_as_they_are(folder, server):
    folder.mkdir()
    for name in ("ged261.csv.gz", "GEDEvent_v26_01_26_02.csv", "notes.csv", "ged261.pdf"):
        (folder / name).write_bytes(b"")
    assert lacks(folder, server) == ["26.0.3"]
    (folder / "GEDEvent_v26_0_3.pdf").write_bytes(b"")  # a codebook is no data
    assert lacks(folder, server) == ["26.0.3"]


@pytest.mark.parametrize("status", [503, 429])
def test_a_source_that_is_down_on_the_way_keeps_what_is_in_place(
    folder, server, source, update, status
):
    with Web() as web:
        listing = connectors.versions("ucdp_ged", web, DAY, url=server.url)
    source.instead["26.0.2"] = Answer(b"", status)
    with pytest.raises(Again, match=rf"26\.0\.2, page 0: found HTTP {status}"):
        update(listing=listing)
    assert names(folder) == ["GEDEvent_v26_0_1.csv", "GEDEvent_v26_1.csv"]
    source.instead.clear()
    assert update() == ["GEDEvent_v26_0_2.csv", "GEDEvent_v26_0_3.csv"]


def test_a_version_with_other_rows_is_fetched_again_where_that_is_checked(folder, source, update):
    update()
    source.rows["26.0.2"] = source.rows["26.0.2"][:4]
    assert update() == []
    assert update(check=True) == ["GEDEvent_v26_0_2.csv"]
    assert manifest(folder, "GEDEvent_v26_0_2.csv")["rows"] == 4
    assert names(folder) == FILES
    assert update(check=True) == []


def test_a_changed_version_that_does_not_come_whole_leaves_the_earlier_file(folder, source, update):
    update()
    before = (folder / "GEDEvent_v26_0_2.csv").read_bytes()
    source.rows["26.0.2"] = source.rows["26.0.2"][:4] * 2  # each id twice
    with pytest.raises(BadInput, match=r"26\.0\.2, page 0: found the id '1', which page 0 has"):
        update(check=True)
    assert (folder / "GEDEvent_v26_0_2.csv").read_bytes() == before
    assert names(folder) == FILES


def test_a_file_that_is_not_accepted_is_not_put_in_place(folder, update):
    def refuse(path: Path) -> None:
        if "v26_0_1" in path.name:
            raise BadInput(path.name, "nonsense", "sense")

    with pytest.raises(BadInput, match="found nonsense"):
        update(accept=refuse)
    assert names(folder) == ["GEDEvent_v26_1.csv"]


def test_a_country_alone(folder, server, source, update):
    source.rows["26.0.1"] = [row | {"country_id": 436} for row in source.rows["26.0.1"]]
    source.rows["26.1"][0]["country_id"] = 436
    assert lacks(folder, server, MALI) == ["26.1", "26.0.1", "26.0.2", "26.0.3"]
    update(where=MALI)
    assert [manifest(folder, name)["rows"] for name in FILES] == [0, 6, 7, 49]
    assert {manifest(folder, name)["asked"]["where"] for name in FILES} == {"Country=432"}
    assert lacks(folder, server, MALI) == []
    assert update(where=MALI, check=True) == []


def test_a_month_without_events_of_the_country_is_a_file_of_columns(folder, source, update):
    columns = [*source.rows["26.0.1"][0], "country_id"]
    source.rows["26.0.1"] = [row | {"country_id": 436} for row in source.rows["26.0.1"]]
    update(where=MALI, accept=lambda path: sources.read(path, "events"))
    assert (folder / "GEDEvent_v26_0_1.csv").read_text().splitlines() == [",".join(columns)]
    assert manifest(folder, "GEDEvent_v26_0_1.csv")["notes"] == [
        "the version has no event with Country=432"
    ]
    source.rows["26.0.1"] = source.rows["26.0.2"]
    assert update(where=MALI, check=True) == ["GEDEvent_v26_0_1.csv"]


@pytest.mark.parametrize("country", ["Mali", "433"])
def test_a_filter_that_no_event_of_all_years_passes_is_refused(folder, update, country):
    with pytest.raises(BadInput, match=r"26\.1, page 0: found no rows; expected at least one"):
        update(where={"Country": country})
    assert names(folder) == []


@pytest.mark.parametrize("where", [{"Country": "9999"}, {"Country": "432", "Actor": "1"}])
def test_only_of_countries_that_there_are_no_rows_may_be_right(folder, source, update, where):
    source.rows["26.1"][0]["country_id"] = 9999
    source.rows["26.0.1"] = [row | {"country_id": 436} for row in source.rows["26.0.1"]]
    with pytest.raises(BadInput, match=r"26\.0\.1, page 0: found no rows; expected at least one"):
        update(where=where)
    assert names(folder) == ["GEDEvent_v26_1.csv"]


@pytest.mark.parametrize(
    ("first", "then", "message"),
    [
        ({}, MALI, r"v26_0_1\.csv: found no filter; expected the filter Country=432, as requested"),
        (MALI, {}, r"v26_0_1\.csv: found the filter Country=432; expected no filter, as requested"),
        (
            MALI,
            {"Country": "432,436"},
            "found the filter Country=432; expected the filter Country=43",
        ),
    ],
)
def test_files_of_other_filters_are_not_mixed(folder, server, update, first, then, message):
    update(where=first)
    before = sorted(path.read_bytes() for path in folder.glob("GED*"))
    with pytest.raises(BadInput, match=message):
        update(where=then)
    with pytest.raises(BadInput, match=message):
        lacks(folder, server, then)
    assert sorted(path.read_bytes() for path in folder.glob("GED*")) == before


def test_a_file_of_unknown_filter_is_not_mixed_with_one_country(folder, update):
    folder.mkdir()
    (folder / "ged261.csv").write_bytes(b"")
    with pytest.raises(
        BadInput, match=r"ged261\.csv: found no manifest, so no filter; expected the"
    ):
        update(where=MALI)


def test_a_filter_is_the_same_in_any_case_and_order(update):
    update(where={"Country": "432", "TypeOfViolence": "1"})
    assert update(where={"typeofviolence": "1", "country": "432"}) == []


def test_a_yearly_version_that_the_source_has_lost_does_not_bring_back_older_ones(source, update):
    update()
    del source.rows["26.1"]
    source.rows |= {"25.0.1": source.rows["26.0.1"], "26.0.4": source.rows["26.0.1"]}
    assert update(date(2026, 5, 25)) == ["GEDEvent_v26_0_4.csv"]


def test_a_file_under_the_name_of_another_version_is_refused(folder, update):
    update()
    (folder / "GEDEvent_v26_0_3.csv").rename(folder / "GEDEvent_v26_0_2.csv")
    manifests = [folder / f"GEDEvent_v26_0_{month}.csv.manifest.json" for month in (3, 2)]
    manifests[0].rename(manifests[1])
    with pytest.raises(
        BadInput, match=r"found version 26\.0\.3 in its manifest; expected version 26"
    ):
        update()


def test_a_manifest_that_is_damaged_is_refused(folder, update):
    update()
    (folder / "GEDEvent_v26_0_2.csv.manifest.json").write_text("{")
    with pytest.raises(BadInput, match=r"v26_0_2\.csv\.manifest\.json: found no JSON"):
        update()


KILLED = """
import sys
from datetime import date
from pathlib import Path
from ewarn.data import connectors
with connectors.Web() as web:
    connectors.fetch_missing("ucdp_ged", Path(sys.argv[1]), web, date(2026, 4, 25), {}, sys.argv[2])
"""


@pytest.mark.slow
def test_a_run_that_was_killed_goes_on_where_it_was(folder, server, source, update):
    source.rows["26.0.2"] = [
        row | {"id": 10 + at} for at, row in enumerate(source.rows["26.1"] * 50)
    ]
    killed = []

    def answer(one):
        if one.path.endswith("26.0.2") and one.query["page"] == "2" and not killed:
            killed.append(os.kill(process.pid, signal.SIGKILL))
        return source(one)

    server.answer = answer
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(folder), server.url])
    assert process.wait(60) == -signal.SIGKILL
    left = sorted(path.name for path in folder.iterdir() if not path.name.endswith(".json"))
    partial = ".GEDEvent_v26_0_2.csv.partial"
    assert left == [partial, ".lock", "GEDEvent_v26_0_1.csv", "GEDEvent_v26_1.csv"]
    server.asked.clear()
    assert update() == ["GEDEvent_v26_0_2.csv", "GEDEvent_v26_0_3.csv"]
    pages = [one.page for one in server.asked if one.path.endswith("26.0.2")]
    assert pages == [0, 0, 2, 0, 1, 2]  # listed; begun; page 1 was kept; all proved the same
    assert names(folder) == FILES


def test_countries_have_the_numbers_of_the_list():
    wanted = {"Country": "432,436,439"}
    assert connectors.country_filter("ucdp_ged", ["NER", "BFA", "MLI"]) == wanted
    assert _countries.numbers(["SRB"]) == [340, 345]
    with pytest.raises(
        Unknown, match="unknown country of Gleditsch and Ward 'MLL'; known: MLT, MLI"
    ):
        connectors.country_filter("ucdp_ged", ["MLL"])
    with pytest.raises(BadInput, match="acled: found a source without releases"):
        connectors.country_filter("acled", ["MLI"])


def test_no_number_is_that_of_two_countries():
    rows = _countries.FILE.read_text(encoding="utf-8").splitlines()[1:]
    numbers = [row.partition(",")[2] for row in rows]
    assert len(set(numbers)) == len(rows)
    assert rows == sorted(rows, key=lambda row: (row[:3], int(row[4:])))


def test_no_secret_is_in_a_manifest(folder, update):
    update()
    assert all(TOKEN not in path.read_text() for path in folder.glob("*.json"))
