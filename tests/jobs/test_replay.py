"""Replay: an issue again from its vintages, the same bytes in another home and another process."""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from support import small_issue, worlds

from ewarn import jobs
from ewarn.cli._output import track
from ewarn.core import specs
from ewarn.core.errors import BadInput
from ewarn.data import ingest, panel
from ewarn.data.vintages import Store
from ewarn.publishing import issue, tables
from ewarn.publishing.issue import _difference

pytestmark = pytest.mark.slow

EWARN = [sys.executable, "-c", "from ewarn.cli import main; main()"]
SPEC = """
name = "small"
why = "two features"
family = "negbin"
feature_sets = ["events"]
leads = [1, 2]
columns = ["fatalities.lag_0", "fatalities.mean_6"]
"""


def ewarn(home: Path, *arguments: object, status: int = 0) -> str:
    """What the command printed, run in a process and a home of its own."""
    done = subprocess.run(
        [*EWARN, *map(str, arguments)],
        env={**os.environ, "EWARN_HOME": str(home), "COLUMNS": "200"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.slow
def test_two_clean_environments_give_identical_digests(tmp_path):
    files, homes = worlds.files(tmp_path), (tmp_path / "one", tmp_path / "two")
    (tmp_path / "small.toml").write_text(SPEC)
    issued = []
    for home in homes:
        ewarn(home, "forecast", "--model", tmp_path / "small.toml", "--events", files.events,
              "--places", files.places, "--milestones", files.milestones,
              "--as-of", "2020-06-30")  # fmt: skip
        issued.append(issue.newest(home / "mlruns/issues"))
    assert issued[0].id == issued[1].id
    assert issued[0].card.files == issued[1].card.files
    assert issue.difference(*issued) is None
    # The second home has the vintages; without its runs, it fits the model anew.
    shutil.rmtree(homes[1] / "mlruns/artifacts")
    said = ewarn(homes[1], "replay", issued[0].id)
    assert "fitted again, with the same text" in said
    assert said.count("same bytes") == len(issue.NAMES)
    assert f"same id      {issued[0].id}" in said


# In one process


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An issue as of 2020-12-31 of a world told by two vintages, with all that was kept of it."""
    folder = tmp_path_factory.mktemp("made")
    mlruns, store = folder / "mlruns", Store(folder / "mlruns/vintages")
    table = pd.read_csv(worlds.events(folder))
    for day, some in (("2020-12-05", table.iloc[:78]), ("2020-12-31", table.iloc[1:])):
        events = worlds.fetched(some, folder / "given/e.csv", day)
        files = ingest.Files(**{**vars(worlds.files(folder)), "events": events})
        loaded = ingest.load(files, store, date(2020, 12, 31))
        loaded.keep(admit=True)
    spec = specs.model("negbin").model_copy(
        update={"leads": [1, 2], "columns": ["fatalities.lag_0", "fatalities.mean_6"]}
    )
    known = panel.build(loaded.as_known, loaded.day)
    trained = jobs.train(spec, loaded, known, mlruns, track, origins=1)
    return jobs.publish(trained, loaded, known, mlruns), mlruns


@pytest.fixture
def moved(made, tmp_path):
    """The same in another home, without the runs of the first."""
    for name in ("issues", "vintages"):
        shutil.copytree(made[1] / name, tmp_path / "mlruns" / name)
    return made[0], tmp_path / "mlruns"


def test_an_issue_is_replayed_from_its_vintages(made):
    issued, mlruns = made
    events = next(one for one in issued.card.sources if one.kind == "events")
    assert (len(events.vintages), events.known_by, events.delay_days) == (2, "vintages", 0)
    found = jobs.replay(issued.id, mlruns)
    assert found.difference is None
    assert found.vintages == 4  # two of events, the milestones, the units
    assert found.model_from == f"MLflow run {issued.card.model.run_id}"
    assert found.is_same_code


@pytest.mark.parametrize("which", [0, 1])
def test_a_vintage_that_is_gone_is_named(moved, which):
    issued, mlruns = moved
    events = next(one for one in issued.card.sources if one.kind == "events")
    gone = events.vintages[which]
    shutil.rmtree(mlruns / f"vintages/objects/{gone.removeprefix('sha256:')}")
    for path in (mlruns / "vintages/readings/event_csv-e").glob(f"*-{gone[7:19]}.json"):
        path.unlink()
    with pytest.raises(BadInput, match=f"the vintage {gone} of e.csv is gone"):
        jobs.replay(issued.id, mlruns)


def test_a_model_that_is_gone_and_cannot_be_fitted_again_is_named(moved, monkeypatch):
    issued, mlruns = moved
    assert jobs.replay(issued.id, mlruns).model_from == "fitted again, with the same text"
    other = specs.model("conflictology").model_copy(update={"leads": [1, 2]})
    fit = jobs._reload.model.fit
    monkeypatch.setattr(jobs._reload.model, "fit", lambda _, *rest: fit(other, *rest))
    with pytest.raises(BadInput, match=r"model negbin sha256:.*: found not in MLflow"):
        jobs.replay(issued.id, mlruns)


def test_the_first_difference_is_named(made, monkeypatch):
    issued, mlruns = made
    original = tables.tables

    def changed(*given):
        made_ = original(*given)
        made_["history"].loc[7, "fatalities"] = 99.0
        return made_

    monkeypatch.setattr(tables, "tables", changed)
    found = jobs.replay(issued.id, mlruns)
    assert str(found.difference) == (
        "history, unit=MLI-A month=2016-08, fatalities: was 2.0, is 99.0"
    )


def test_an_issue_made_before_vintages_were_kept_is_refused(tmp_path):
    old = small_issue.written(tmp_path / "issues")
    with pytest.raises(BadInput, match="found no digest of its model"):
        jobs.replay(old.id, tmp_path)


def test_differences_of_tables_and_cards_by_hand(tmp_path):
    was = small_issue.written(tmp_path / "a")
    assert issue.difference(was, small_issue.written(tmp_path / "b")) is None
    twice = small_issue.written(tmp_path / "c", scale=2.0)
    assert issue.difference(was, twice) == issue.Difference(
        "forecasts", "model=made-up target=fatalities unit=MLI-mopti lead=1 output_type=mean",
        "value", 1 / 7, 2 / 7,
    )  # fmt: skip
    some = twice.table("draws")
    found = _difference._of_tables("draws", was.table("draws"), some)
    assert found[:3] == ("draws", "unit=MLI-gao lead=1", "draws")
    assert [list(cell) for cell in found[3:]] == [[0] * 6 + [1], [0] * 6 + [2]]
    shorter = small_issue.tables()
    shorter["history"] = shorter["history"][shorter["history"]["month"] != "2020-12"]
    less = issue.write(tmp_path / "d", shorter, small_issue.about(), {}, small_issue.NOW)
    found = issue.difference(was, less)
    row = ("history", "unit=MLI-gao month=2020-12", "unit")
    assert tuple(found) == (*row, "MLI-gao", "MLI-mopti")  # the first row that is another one
    day = small_issue.written(tmp_path / "e", as_of="2021-01-01")
    assert str(issue.difference(was, day)) == "issue.json as_of: was '2020-12-31', is '2021-01-01'"


def test_a_command_that_finds_a_difference_ends_with_1(made, monkeypatch, capsys):
    from ewarn.cli import _forecast  # noqa: PLC0415
    from ewarn.core.settings import settings  # noqa: PLC0415

    issued, mlruns = made
    monkeypatch.setenv("EWARN_HOME", str(mlruns.parent))
    settings.cache_clear()
    _forecast.replay(issued.id)
    assert f"same id      {issued.id}" in capsys.readouterr().out
    difference = issue.Difference("risks", "unit=A lead=1", "risk", 0.25, 0.5)
    monkeypatch.setattr(issue, "difference", lambda *_: difference)
    with pytest.raises(_forecast.typer.Exit) as ended:
        _forecast.replay(issued.id)
    assert ended.value.exit_code == 1
    assert "DIFFERENT    risks, unit=A lead=1, risk: was 0.25, is 0.5" in capsys.readouterr().out
    settings.cache_clear()
