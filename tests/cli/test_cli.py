"""The command line as a user meets it: help with examples, and bad input with status 2."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient
from support import worlds
from support.issue_chain import issued
from support.local_server import Answer, as_json, serving
from support.made_up import GED, TOKEN, file, ged, page_of, zipped

from ewarn import cli, jobs
from ewarn.core import specs
from ewarn.core.settings import Settings, settings
from ewarn.data import connectors
from ewarn.forecasting import features
from ewarn_api.app import create

pytestmark = pytest.mark.slow

COMMANDS = [
    *("backtest", "card", "fetch", "forecast", "hindcast", "leakage-test", "models", "panel"),
    *("promote", "replay", "scenario", "serve", "train", "verify"),
]


@dataclass(frozen=True)
class Done:
    """What a command left: its exit status and what it printed."""

    status: int
    out: str
    err: str


@pytest.fixture
def ewarn(tmp_path, monkeypatch, capsys):
    """Runs the command line in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EWARN_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")
    settings.cache_clear()

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["ewarn", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Done(ended.value.code or 0, *capsys.readouterr())

    yield run
    settings.cache_clear()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(ewarn, command):
    done = ewarn(command, "--help")
    assert done.status == 0
    assert f"ewarn {command}" in done.out.split("Example", 1)[1]


def test_help_lists_every_command(ewarn):
    shown = ewarn("--help").out
    assert all(command in shown for command in COMMANDS)


def test_panel_is_written_with_its_set_aside_rows(ewarn, tmp_path):
    files = worlds.files(tmp_path)
    out = tmp_path / "panel.parquet"
    done = ewarn("panel", "--events", files.events, "--places", files.places,
                 "--milestones", files.milestones, "--out", out)  # fmt: skip
    assert done.status == 0, done.err
    written = pd.read_parquet(out)
    assert len(written) == 6 * worlds.MONTHS
    assert written["fatalities"].sum() == worlds.FATALITIES
    assert written.iloc[0][["unit", "month"]].tolist() == ["MLI-A", "2016-01"]
    aside = pd.read_csv(tmp_path / "panel.set_aside.csv")
    assert list(aside) == ["file", "row", "column", "found", "expected"]
    assert aside.empty


@pytest.fixture
def bad(tmp_path):
    """The tiny world's files, for a test to spoil."""
    files = worlds.files(tmp_path)
    table = pd.read_csv(files.events)

    def spoil(**columns: object) -> Path:
        path = tmp_path / "bad.csv"
        table.assign(**columns).to_csv(path, index=False)
        return path

    return spoil


@pytest.mark.parametrize("command", ["panel", "train", "forecast", "backtest"])
def test_bad_input_is_one_message_status_2_and_nothing_written(ewarn, tmp_path, bad, command):
    done = ewarn(command, "--events", bad(fatalities=-3))
    assert done.status == 2
    assert done.err.strip() == (
        "ewarn: bad.csv, row 2, column fatalities: found '-3'; expected a whole number, 0 or more"
    )
    assert not (tmp_path / "mlruns").exists()
    assert not list(tmp_path.glob("*.parquet"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--country", "XXX"], "unknown country 'XXX'"),
        (["--as-of", "2009-12-31"], "as_of: found 2009-12-31"),
        (["--events", "none.csv"], "none.csv"),
        (["--places", "none.geojson"], "none.geojson: found no such file"),
        (["--model", "oracle"], "unknown model 'oracle'; known: "),
        (["--max-set-aside", "2"], "less than or equal to 1"),
        (["--delay", "-1"], "greater than or equal to 0"),
        (["--as-of", "2024-01-30"], "when 2023-11 to 2023-12 should be known; simulated events"),
    ],
)
def test_wrong_options(ewarn, tmp_path, arguments, message):
    done = ewarn("forecast", *arguments)
    assert done.status == 2
    assert message in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "mlruns").exists()


def test_events_outside_every_unit_are_refused_above_the_share(ewarn, tmp_path, bad):
    done = ewarn("panel", "--events", bad(latitude=-60), "--out", tmp_path / "p.csv")
    assert done.status == 2
    assert "row 2, column longitude: found -60" in done.err
    assert "a point within 25 km of a unit" in done.err
    assert not (tmp_path / "p.csv").exists()


def test_replaying_an_issue_there_is_not(ewarn):
    done = ewarn("replay", "2020-12-0123456789")
    assert done.status == 2
    assert "2020-12-0123456789/issue.json: found No such file or directory" in done.err


def test_promote_before_anything_was_trained(ewarn, tmp_path):
    done = ewarn("promote")
    assert done.status == 2
    assert "no trained model" in done.err
    assert not (tmp_path / "mlruns").exists()


def test_promote_prints_every_reason_and_ends_with_2_when_refused(ewarn, tmp_path):
    files, small = worlds.files(tmp_path), tmp_path / "small.toml"
    small.write_text(
        'name = "small"\nwhy = "two features"\nfamily = "negbin"\nfeature_sets = ["events"]\n'
        'leads = [1]\ncolumns = ["fatalities.lag_0", "fatalities.mean_6"]\n'
    )
    done = ewarn("train", small, "--origins", 1, "--events", files.events, "--places",
                 files.places, "--milestones", files.milestones)  # fmt: skip
    assert done.status == 0, done.err
    assert "held-out origins: 1" in done.out
    card = ewarn("card", "--out", "card.html")
    assert "card of      ewarn-fatalities version 1 (small)" in card.out
    assert (tmp_path / "card.html").read_text().startswith("<!doctype html>")
    assert ewarn("card", "--version", 2).status == 2
    refused = ewarn("promote")
    assert refused.status == 2
    assert "judged       ewarn-fatalities version 1 (small)" in refused.out
    assert "REFUSED      one origin is no evidence: train it with --origins 4" in refused.out
    assert "passed       lost no unit: 6 at every origin and lead" in refused.out
    assert "passed       passed the leakage test: 2 features of 6 units" in refused.out
    assert "champion     none yet, as before" in refused.out


def test_a_backtest_by_protocol_resumes_and_reports(ewarn, tmp_path):
    files = worlds.files(tmp_path)
    (tmp_path / "benchmarks").mkdir()
    rules = tmp_path / "benchmarks/small.toml"
    rules.write_text(
        'name = "small"\nwhy = "a test"\nevents = "events.csv"\nmilestones = "milestones.csv"\n'
        'models = ["conflictology"]\nfirst = "2019-06"\nlast = "2019-12"\nleads = [1, 2]\n'
    )
    given = ("backtest", "--protocol", rules, "--places", files.places)
    done = ewarn(*given)
    assert done.status == 0, done.err
    assert "resumed" not in done.out
    again = ewarn(*given, "--first", "2018-12", "--keep-forecasts", tmp_path / "kept.parquet")
    assert "resumed" not in again.out  # the forecasts of what was finished had not been kept
    again = ewarn(*given, "--first", "2018-12")
    assert "resumed      3 of 3 origins x models were finished before" in again.out
    assert len(pd.read_parquet(tmp_path / "kept.parquet")) == 3 * 2 * 6 * (1 + 99 + 5)
    assert len(list((tmp_path / "mlruns/backtests").glob("*/report.html"))) == 2


def test_a_hindcast_shows_what_an_alert_budget_would_have_given(ewarn, tmp_path):
    files = worlds.files(tmp_path)
    given = ("hindcast", "--model", "conflictology", "--alerts", 0.5, "--events", files.events,
             "--places", files.places)  # fmt: skip
    done = ewarn(*given)
    assert done.status == 0, done.err
    # At each lead: MLI-B has a risk of 1/3 in each of 24 months, which are too many for 12 alerts.
    lines = [line.split("│")[1:-1] for line in done.out.splitlines() if line.startswith("│")]
    assert len(lines) == 12 + 1
    assert {line[1].strip() for line in lines} == {"none"}
    assert "1,728 rows of target months 2019-01 to 2020-12" in done.out
    assert ewarn(*given).out == done.out
    done = ewarn(*given[:4], 1, *given[5:])
    lines = [line.split("│")[1:-1] for line in done.out.splitlines() if line.startswith("│")]
    # One a month is MLI-B in each: right in eight, when 10 died; NER-C's 39 were missed.
    found = [[cell.strip() for cell in line] for line in lines]
    assert found[0] == ["1", "0.3333", "1.00", "8", "1", "16"]


def test_a_hindcast_is_of_the_champion_where_there_is_one(ewarn, tmp_path, monkeypatch):
    files, asked = worlds.files(tmp_path), []
    spec = specs.model("conflictology").model_copy(update={"leads": [2]})
    champion = SimpleNamespace(model=SimpleNamespace(spec=spec))
    monkeypatch.setattr(jobs, "champion", lambda *given: asked.append(given[1]) or champion)
    done = ewarn("hindcast", "--events", files.events, "--places", files.places)
    assert done.status == 0, done.err
    assert asked == [False]  # the champion of real events
    assert "model        conflictology\n" in done.out
    assert "144 rows of target months" in done.out  # six units, 24 months, lead 2


def test_verify_shows_scores_what_is_void_and_what_was_changed(ewarn, tmp_path):
    issues = tmp_path / "mlruns/issues"
    was, void = (issued(issues, month) for month in ("2020-12", "2021-01"))
    issued(issues, "2021-02")
    done = ewarn("verify", "--void", void.id, "--reason", "the file was cut [short]")
    assert done.status == 0, done.err
    assert "ledger       3 issues new, 2 months scored" in done.out
    lines = [line.split("│")[1:-1] for line in done.out.splitlines() if line.startswith("│")]
    # Lead 1, told by 2021-02 alone: CRPS (1 + 15 * 477)/49/6, and conflictology's is 0.
    cells = [cell.strip() for cell in lines[0]]
    assert cells[:7] == [was.id, "made-up", "1", "2021-01", "1x", "yes", "6"]
    assert cells[7] == f"{7156 / 49 / 6:.3g} (0)"
    assert [line[2].strip() for line in lines] == ["1", "1"]  # by issue and lead, and by lead
    assert f"void         {void.id}: the file was cut [short]" in done.out
    assert "SIMULATED EVENTS" in done.out
    path = was.folder / "map.png"
    path.chmod(0o644)
    path.write_bytes(b"another")
    done = ewarn("verify")
    assert done.status == 2
    assert f"CHANGED      {was.id} is not what was recorded" in done.out


def test_verify_by_newer_events_that_no_issue_was_made_from(ewarn, tmp_path):
    files = worlds.files(tmp_path)
    given = ("--events", files.events, "--places", files.places)
    done = ewarn("forecast", *given, "--model", "conflictology", "--as-of", "2020-10-31")
    assert done.status == 0, done.err
    assert "no month of theirs is known yet" in ewarn("verify").out
    done = ewarn("verify", *given, "--lead", 2)
    assert done.status == 0, done.err
    assert "2 months scored" in done.out
    cells = [cell.strip() for cell in done.out.split("│")]
    # 2020-12: 39 died in NER-C. MLI-B had 10 in four of twelve months, and none came: 10/9.
    mean = f"{(39 + 10 / 9) / 6:.3g}"
    assert cells[cells.index("2020-12") :][1:5] == ["1x", "no", "6", f"{mean} ({mean})"]
    assert ewarn("verify", *given).out.count("0 months scored") == 1


def test_a_wrong_protocol_is_one_message_with_file_and_key(ewarn, tmp_path):
    (tmp_path / "wrong.toml").write_text('name = "p"\nwhy = "w"\nevry = 3\n')
    done = ewarn("backtest", "--protocol", tmp_path / "wrong.toml")
    assert done.status == 2
    assert "wrong.toml, key evry: found 3" in done.err


def test_an_older_file_is_held_and_months_that_are_due_are_refused(ewarn, tmp_path, bad):
    """Until the finding is accepted by its name, and the last month covered asked for."""
    files = worlds.files(tmp_path)
    places = ("--places", files.places, "--milestones", files.milestones)
    done = ewarn("panel", "--events", bad(), *places)
    assert done.status == 0, done.err
    older = bad().with_name("older") / "bad.csv"
    older.parent.mkdir()
    table = pd.read_csv(bad())
    table[table["date"] < "2020-11"].to_csv(older, index=False)
    given = ("forecast", "--events", older, *places, "--model", "conflictology")

    held = ewarn(*given)
    assert held.status == 2
    evidence = "bad.csv has 78 rows to 2020-10; bad.csv had 119 rows to 2020-12"
    assert f"finding      older-events: {evidence}" in held.out
    assert "the same with --accept older-events" in held.out
    assert not (tmp_path / "mlruns/issues").exists()
    other = ewarn(*given, "--accept", "older-milestones")
    assert other.status == 2
    assert "note         nothing is found by the name older-milestones" in other.out

    given = (*given, "--accept", "older-events", "--as-of", "2021-03-30")
    refused = ewarn(*given)
    assert refused.status == 2
    assert (
        "as_of: found 2021-03-30, when 2020-11 to 2021-02 should be known; bad.csv ends with"
        " 2020-10; expected a newer file, an earlier day, or --from-last-covered"
    ) in refused.err
    assert not (tmp_path / "mlruns/issues").exists()

    done = ewarn(*given, "--from-last-covered")
    assert done.status == 0, done.err
    assert f"accepted     older-events: {evidence}" in done.out
    assert "BEHIND       from 2020-10; 4 later months were due by then" in done.out
    client = TestClient(create(Settings(home=tmp_path)))
    ready = client.get("/readyz").json()
    assert ready["accepted"] == [{"name": "older-events", "evidence": evidence}]
    assert (ready["reference_month"], ready["as_of"]) == ("2020-10", "2021-03-30")
    assert ready["months_behind"] == 4
    card = client.get("/v1/issues").json()["data"][0]
    assert card["accepted"] == ready["accepted"]
    events = next(one for one in card["sources"] if one["kind"] == "events")
    assert (events["known_by"], events["delay_days"]) == ("reporting delay", 0)
    assert client.get("/v1/units").headers["X-Ewarn-Months-Behind"] == "4"


def test_models_of_the_shipped_specs_are_found():
    assert specs.names("models") == [
        "conflictology", "decayed_history", "exceedance", "hurdle", "lgbm",
        "lgbm-without-withdrawals", "negbin", "pool",
    ]  # fmt: skip


def test_leak_test_says_what_it_compared(ewarn, tmp_path):
    files = worlds.files(tmp_path)
    done = ewarn("leakage-test", "hurdle", "--events", files.events, "--places", files.places,
                 "--milestones", files.milestones)  # fmt: skip
    assert done.status == 0, done.err
    assert "Leakage test of hurdle" in done.out
    rebuilt, planted = (
        next(line for line in done.out.splitlines() if name in line)
        for name in ("rebuilt", "planted")
    )
    assert "as of the days they were known" in rebuilt
    assert "features differ later" in planted
    assert rebuilt.split("│")[-2].strip() == planted.split("│")[-2].strip() == "0"
    assert "passed       every feature is what was known at its month" in done.out


def test_leak_test_names_the_first_leak_with_status_1(ewarn, tmp_path, monkeypatch):
    def ahead(values, months):
        return np.roll(values, -months, axis=1)

    monkeypatch.setitem(features._backward.VOCABULARY, "mean", ahead)
    files = worlds.files(tmp_path)
    done = ewarn("leakage-test", "hurdle", "--events", files.events, "--places", files.places)
    assert done.status == 1
    assert "LEAKAGE      fatalities.mean_24 of MLI-" in done.out


def test_leak_test_refuses_bad_input_with_status_2(ewarn, tmp_path):
    files = worlds.files(tmp_path)
    short = ("--events", files.events, "--places", files.places, "--as-of", "2016-06-30")
    done = ewarn("leakage-test", "hurdle", *short)
    assert done.status == 2
    assert "panel: found 6 months" in done.err


@pytest.fixture
def mirror(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("EWARN_UCDP_TOKEN", TOKEN)
    with serving(lambda asked: as_json(page_of(ged(25), asked.page, 1000))) as server:
        yield server


def test_a_version_ends_with_a_summary(ewarn, mirror, tmp_path):
    done = ewarn("fetch", "ucdp_ged", "--version", "26.0.10", "--url", mirror.url, "--out", "g.csv")
    assert done.status == 0, done.err
    assert done.out.splitlines() == [
        "fetched      ucdp_ged: 25 rows, as promised",
        "events       25 rows, 2021-03 to 2021-03",
        "written      g.csv, with g.csv.manifest.json",
    ]
    assert json.loads((tmp_path / "g.csv.manifest.json").read_text())["rows"] == 25
    assert sorted(path.name for path in tmp_path.iterdir()) == ["g.csv", "g.csv.manifest.json"]


def test_a_failure_is_one_message_status_2_and_nothing_written(ewarn, mirror, tmp_path):
    mirror.answer = lambda _: Answer(b"<title>Sign in</title>")
    done = ewarn("fetch", "ucdp_ged", "--version", "26.1", "--url", mirror.url, "--out", "g.csv")
    assert done.status == 2
    assert done.err.strip() == (
        "ewarn: ucdp_ged 26.1, page 0: found an HTML page (Sign in); expected JSON"
    )
    assert (done.out, list(tmp_path.iterdir())) == ("", [])


def test_a_whole_file_that_cannot_be_read_as_events_is_refused(ewarn, mirror, tmp_path):
    mirror.answer = file(zipped(a_csv=GED.replace(",2,Mali", ",-2,Mali")))
    done = ewarn("fetch", "ucdp_ged", "--url", f"{mirror.url}/ged.zip", "--out", "g.csv")
    assert done.status == 2
    assert done.err.strip() == (
        "ewarn: g.csv, row 2, column best: found '-2'; expected a whole number, 0 or more"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ucdp", "--out", "g.csv"], "unknown connector 'ucdp'"),
        (
            ["ucdp_ged", "--out", "g.csv", "--page-size", "5000"],
            "--page-size: found 5,000",
        ),
        (["acled", "--out", "a.csv", "--first", "2021"], "does not match the format"),
        (
            ["acled", "--out", "a.csv", "--where", "Mali"],
            "--where: found 'Mali'",
        ),
        (["ucdp_ged"], "ucdp_ged: found no --out; expected --out FILE, --into FOLDER or --list"),
    ],
)
def test_wrong_options_of_fetch(ewarn, tmp_path, arguments, said):
    done = ewarn("fetch", *arguments)
    assert done.status == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


def test_help_names_every_connector(ewarn):
    shown = ewarn("fetch", "--help").out
    assert all(name in shown for name in connectors.names())
