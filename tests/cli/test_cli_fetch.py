"""`ewarn fetch --list` and `--into`, as an operator runs them."""

import json
from datetime import date

import pytest
from support.commands import runner
from support.local_server import Answer, serving
from support.made_up import TOKEN, Ucdp

from ewarn.cli import _fetch_releases


@pytest.fixture
def fetch(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    return runner(monkeypatch, capsys, "fetch")


@pytest.fixture
def source(monkeypatch):
    """A source, as on 25 April 2026: a yearly version, and candidates but those of February."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("EWARN_UCDP_TOKEN", TOKEN)
    monkeypatch.setattr(_fetch_releases, "_today", lambda: date(2026, 4, 25))
    with serving(Ucdp(v26_1=50, v26_0_1=5, v26_0_3=7)) as server:
        yield server


LISTED = """\
26.1         yearly     1989-01 to 2025-12        50 rows
26.0.1       candidate  2026-01 to 2026-01         5 rows
26.0.3       candidate  2026-03 to 2026-03         7 rows
absent       26.0.2: 2026-02 is due, and not published
"""


def test_a_list_of_releases(fetch, source, tmp_path):
    assert fetch("ucdp_ged", "--list", "--url", source.url) == (0, LISTED, "")
    assert list(tmp_path.iterdir()) == []


def test_a_list_as_json(fetch, source):
    status, out, _ = fetch("ucdp_ged", "--list", "--json", "--country", "MLI", "--url", source.url)
    tree = json.loads(out)
    assert (status, tree["source"], tree["day"]) == (0, "ucdp_ged", "2026-04-25")
    assert tree["where"] == {"Country": "432"}
    assert tree["releases"][1] == {
        "version": "26.0.1", "kind": "candidate", "first_month": "2026-01",
        "last_month": "2026-01", "file": "GEDEvent_v26_0_1.csv", "rows": 5,
    }  # fmt: skip
    assert [each["version"] for each in tree["absent"]] == ["26.0.2"]


def test_a_folder_is_completed_and_then_lacks_nothing(fetch, source):
    status, out, _ = fetch("ucdp_ged", "--into", "ged", "--url", source.url)
    assert status == 0
    assert out.splitlines() == [
        "fetched      ucdp_ged: 50 rows, as promised",
        "events       50 rows, 2021-03 to 2021-03",
        "written      ged/GEDEvent_v26_1.csv, with GEDEvent_v26_1.csv.manifest.json",
        "fetched      ucdp_ged: 5 rows, as promised",
        "events       5 rows, 2021-03 to 2021-03",
        "written      ged/GEDEvent_v26_0_1.csv, with GEDEvent_v26_0_1.csv.manifest.json",
        "fetched      ucdp_ged: 7 rows, as promised",
        "events       7 rows, 2021-03 to 2021-03",
        "written      ged/GEDEvent_v26_0_3.csv, with GEDEvent_v26_0_3.csv.manifest.json",
        "releases     3 needed, 3 fetched; in ged",
        "absent       26.0.2: 2026-02 is due, and not published",
    ]
    again = fetch("ucdp_ged", "--into", "ged", "--url", source.url)
    assert again[1].splitlines()[0] == "releases     3 needed, 0 fetched; in ged"
    source.answer.rows["26.0.3"].pop()
    checked = fetch("ucdp_ged", "--into", "ged", "--check", "--url", source.url)
    assert checked[1].splitlines()[0] == "fetched      ucdp_ged: 6 rows, as promised"


def test_a_month_without_events_of_the_country(fetch, source):
    status, out, _ = fetch("ucdp_ged", "--into", "ged", "--country", "MLI", "--url", source.url)
    assert status == 0
    source.answer.rows["26.0.2"] = [
        row | {"country_id": 436} for row in source.answer.rows["26.0.1"]
    ]
    status, out, _ = fetch("ucdp_ged", "--into", "ged", "--country", "MLI", "--url", source.url)
    assert out.splitlines() == [
        "fetched      ucdp_ged: 0 rows, as promised",
        "note         the version has no event with Country=432",
        "written      ged/GEDEvent_v26_0_2.csv, with GEDEvent_v26_0_2.csv.manifest.json",
        "releases     4 needed, 1 fetched; in ged",
    ]


def test_a_refused_token_is_one_message_with_status_2(fetch, source):
    source.answer = lambda _: Answer(b"", 401)
    status, out, err = fetch("ucdp_ged", "--into", "ged", "--url", source.url)
    assert (status, out) == (2, "")
    assert err.strip() == (
        "ewarn: ucdp_ged 25.1: found HTTP 401; expected a user or token that is accepted"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--json", "--out", "g.csv"], "--json: found no --list; expected --list with it"),
        (["--check", "--list"], "--check: found no --into; expected --into FOLDER with it"),
        (["--list", "--into", "ged"], "--list: found --into with it; expected one of the two"),
        (["--into", "ged", "--version", "26.1"], "--version: found --into with it; expected one"),
        (["--list", "--first", "2021-01-01"], "--first: found --list with it; expected one of"),
        (["--out", "g.csv", "--list"], "--list: found --out with it; expected one of the two"),
        (["--list", "--country", "MAL"], "unknown country of Gleditsch and Ward 'MAL'; known: "),
        (
            ["--list", "--country", "MLI", "--where", "country=432"],
            "--country: found --where Country",
        ),
    ],
)
def test_options_that_do_not_go_together(fetch, source, tmp_path, arguments, message):
    status, out, err = fetch("ucdp_ged", *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert (source.asked, list(tmp_path.iterdir())) == ([], [])
