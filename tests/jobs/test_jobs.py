"""Training, promotion and publication: what is logged, which model forecasts, nothing half-made."""

import json
import shutil

import mlflow
import numpy as np
import pandas as pd
import pytest
from support import worlds

from ewarn import jobs, tracking
from ewarn.cli._output import track
from ewarn.core import months, specs
from ewarn.core.errors import BadInput, Unknown
from ewarn.data import ingest, panel
from ewarn.evaluation import backtest, gate, leakage
from ewarn.forecasting import model
from ewarn.publishing import issue

pytestmark = pytest.mark.slow

SHORT = {"leads": [1, 2]}


def spec(name="conflictology", **changed):
    return specs.model(name).model_copy(update=SHORT | changed)


def small_negbin():
    return spec("negbin", columns=["fatalities.lag_0", "fatalities.mean_6"])


def crown(mlruns, version=None):
    """Makes a version (the newest, if none is named) champion past the gate."""
    kept = tracking.Registry(mlruns)
    chosen = kept.version(kept.newest(), version)
    kept.promote(chosen)
    return chosen


def test_a_training_run_logs_all_that_made_it(tmp_path, loaded, known):
    trained = jobs.train(small_negbin(), loaded, known, tmp_path, track)
    run = mlflow.MlflowClient(f"sqlite:///{tmp_path}/mlflow.db").get_run(trained.run_id)
    params, metrics = run.data.params, run.data.metrics
    assert params["family"] == "negbin"
    assert params["reference_month"] == "2020-12"
    assert params["simulated"] == "False"
    assert params["input.events"].startswith("sha256:")
    assert params["code_version"].startswith("0.1.0+")
    assert {"negbin.crps", "conflictology.crps", "mean_crps"} <= set(metrics)
    folder = tmp_path / "artifacts/train" / trained.run_id / "artifacts"
    assert json.loads((folder / "spec.json").read_text())["name"] == "negbin"
    assert (folder / "calibration.png").read_bytes().startswith(b"\x89PNG")
    assert {path.suffix for path in (folder / "model").iterdir()} <= {".json", ".txt"}


def test_metrics_are_logged_for_every_lead(tmp_path, loaded, known):
    trained = jobs.train(spec(), loaded, known, tmp_path, track)
    client = mlflow.MlflowClient(f"sqlite:///{tmp_path}/mlflow.db")
    history = client.get_metric_history(trained.run_id, "conflictology.crps")
    assert sorted(point.step for point in history) == [1, 2]


def test_forecasts_come_from_the_champion_once_there_is_one(tmp_path, loaded, known):
    assert jobs.champion(spec(), False, tmp_path) is None
    assert not (tmp_path / "mlflow.db").exists()
    first = jobs.train(spec(), loaded, known, tmp_path, track)
    assert jobs.champion(spec(), False, tmp_path) is None
    jobs.train(small_negbin(), loaded, known, tmp_path, track)
    crown(tmp_path, 1)
    found = jobs.champion(small_negbin(), False, tmp_path)
    assert found is not None
    assert (found.version, found.model.spec.name) == (first.version, "conflictology")
    assert found.scores == pytest.approx(first.scores, nan_ok=True)
    assert crown(tmp_path).spec == "negbin"
    assert jobs.versions(tmp_path)["champion"].tolist() == ["yes", ""]


@pytest.mark.parametrize("how", [shutil.move, shutil.copytree])
def test_a_home_that_was_moved_or_copied_keeps_its_champion(tmp_path, loaded, known, how):
    before, after = tmp_path / "old home/mlruns", tmp_path / "new home/mlruns"
    first = jobs.train(spec(), loaded, known, before, track)
    crown(before)
    how(before.parent, after.parent)
    there = sorted(before.rglob("*"))
    found = jobs.champion(spec(), False, after)
    assert found is not None
    assert found.version == first.version
    again = jobs.train(small_negbin(), loaded, known, after, track)
    assert (after / "artifacts/train" / again.run_id).is_dir()
    assert sorted(before.rglob("*")) == there  # nothing is written to, or read from, the old one


def test_a_model_of_simulated_events_is_no_champion_of_real_ones(tmp_path, loaded, known):
    assert jobs.registered_name(spec(), True) != jobs.registered_name(spec(), False)
    jobs.train(spec(), loaded, known, tmp_path, track)
    crown(tmp_path)
    assert jobs.champion(spec(), True, tmp_path) is None


def test_promoting_a_version_there_is_not(tmp_path, loaded, known):
    with pytest.raises(BadInput, match="no trained model"):
        jobs.promote(tmp_path, None, None)
    jobs.train(spec(), loaded, known, tmp_path, track)
    with pytest.raises(Unknown, match="known: 1"):
        jobs.promote(tmp_path, None, 7)
    with pytest.raises(Unknown, match="version of oracle"):
        jobs.promote(tmp_path, "oracle", None)


@pytest.fixture
def better(monkeypatch):
    """Held-out scores in which a model has half of conflictology's, and is calibrated."""
    scored = backtest.run

    def run(*given):
        rows = scored(*given)
        own = rows["model"] != "conflictology"
        rows.loc[own, list(gate.METRICS)] = rows.loc[~own, list(gate.METRICS)].to_numpy() / 2
        return rows.assign(pit=(np.arange(len(rows)) + 0.5) / len(rows))

    monkeypatch.setattr(backtest, "run", run)


@pytest.mark.usefixtures("better")
def test_a_model_that_passes_the_gate_becomes_the_champion(tmp_path, loaded, known):
    trained = jobs.train(small_negbin(), loaded, known, tmp_path, track)
    judged = jobs.promote(tmp_path, None, None)
    assert (judged.version.version, judged.champion) == (1, None)
    assert judged.verdict.passed, judged.verdict
    assert jobs.champion(spec(), False, tmp_path).version == 1
    run = mlflow.MlflowClient(f"sqlite:///{tmp_path}/mlflow.db").get_run(trained.run_id)
    assert run.data.tags["gate"] == "passed"
    report = json.loads(tracking.Registry(tmp_path).file(trained.run_id, "gate.json"))
    assert {one["passed"] for one in report["reasons"]} == {True}
    assert report["champion"] is None
    with pytest.raises(BadInput, match="the champion already"):
        jobs.promote(tmp_path, None, None)


@pytest.mark.usefixtures("better")
def test_a_model_no_better_than_the_champion_is_refused_and_the_champion_stays(
    tmp_path, loaded, known
):
    jobs.train(small_negbin(), loaded, known, tmp_path, track)
    crown(tmp_path)
    jobs.train(spec("hurdle", columns=["fatalities.lag_0"]), loaded, known, tmp_path, track)
    judged = jobs.promote(tmp_path, None, None)
    refused = [reason.text for reason in judged.verdict.reasons if not reason.passed]
    assert [text.partition(":")[0] for text in refused] == [
        "does not beat the champion (negbin) on CRPS of log1p",
        "does not beat the champion (negbin) on CRPS",
    ]
    assert jobs.champion(spec(), False, tmp_path).version == judged.champion.version == 1


def test_evidence_comes_back_as_it_was_logged(tmp_path, loaded, known):
    trained = jobs.train(small_negbin(), loaded, known, tmp_path, track, origins=2)
    kept = jobs._gate_evidence.read(tracking.Registry(tmp_path), trained.run_id)
    assert kept.spec == small_negbin()
    assert kept.origins() == ["2019-09", "2019-12"]  # the last a year before the newest outcome
    assert len(kept.of("negbin")) == len(kept.of("conflictology")) == 2 * 2 * 6
    assert kept.digests["events"].startswith("sha256:")
    assert kept.leak == leakage.check(small_negbin(), loaded.inputs, known)


def test_a_run_without_evidence_is_not_judged(tmp_path, loaded, known):
    trained = jobs.train(small_negbin(), loaded, known, tmp_path, track)
    (tmp_path / "artifacts/train" / trained.run_id / "artifacts/evidence.parquet").unlink()
    with pytest.raises(BadInput, match=r"found no evidence\.parquet"):
        jobs.promote(tmp_path, None, None)


@pytest.mark.parametrize("name", specs.names("models"))
def test_same_inputs_give_the_same_issue_and_order_changes_nothing(tmp_path, name):
    """Trained twice, the second time on shuffled files, as the folder's digests tell."""
    small = {"columns": ["fatalities.lag_0"] if specs.model(name).columns else []}
    if name == "pool":
        small["parameters"] = {"past": 12}
    digests = []
    for shuffle in (None, 5):
        folder = tmp_path / str(shuffle)
        folder.mkdir()
        loaded = ingest.load(worlds.files(folder, shuffle))
        known = panel.build(loaded.inputs, worlds.AS_OF)
        trained = jobs.train(spec(name, **small), loaded, known, folder, track, origins=1)
        digests.append(jobs.publish(trained, loaded, known, folder).card.files)
    for table in ("forecasts", "risks", "units", "history", "milestones"):
        assert digests[0][f"{table}.parquet"] == digests[1][f"{table}.parquet"]


def test_a_saved_model_forecasts_the_same(tmp_path, known):
    fitted = model.fit(small_negbin(), known)
    model.save(fitted, tmp_path / "model")
    again = model.load(tmp_path / "model")
    assert again.spec == fitted.spec
    one, two = (model.forecast(some, known).by_lead for some in (fitted, again))
    for lead in (1, 2):
        np.testing.assert_array_equal(one[lead].draws, two[lead].draws)


def test_a_panel_without_what_the_model_learned_from_is_refused(known):
    needy = spec("negbin", feature_sets=["actors"], columns=["active_groups.mean_12"])
    fitted = model.fit(needy, known)
    bare = {name: known.columns[name] for name in ("events", "fatalities")}
    poorer = panel.Panel(
        known.units, known.neighbours, known.first_month, known.as_of, bare, known.milestones
    )
    with pytest.raises(BadInput, match=r"active_groups\.mean_12"):
        model.forecast(fitted, poorer)


def test_a_panel_too_short_is_refused_with_what_it_needs(loaded):
    short = panel.build(loaded.inputs, months.last_day(months.parse("2018-06")))
    with pytest.raises(BadInput, match=r"30 months; expected at least 31 for lead 1"):
        model.fit(small_negbin(), short)


def test_an_unknown_parameter_is_refused(known):
    with pytest.raises(BadInput, match=r"model negbin: parameters\.tries"):
        model.fit(spec("negbin", parameters={"tries": 3}), known)


@pytest.mark.parametrize("step", ["run", "log", "register"])
def test_a_fault_while_logging_leaves_the_champion(tmp_path, monkeypatch, loaded, known, step):
    jobs.train(spec(), loaded, known, tmp_path, track)
    crown(tmp_path)

    def fail(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tracking.Registry, step, fail)
    with pytest.raises(OSError, match="No space"):
        jobs.train(small_negbin(), loaded, known, tmp_path, track)
    monkeypatch.undo()
    assert jobs.champion(spec(), False, tmp_path).version == 1
    assert len(jobs.versions(tmp_path)) == 1


@pytest.mark.realdata
def test_the_real_files_give_an_issue_for_every_unit_and_month_of_2021(tmp_path, shared_data):
    loaded = ingest.load(
        ingest.Files(
            events=shared_data / "ged/ged211_africa.csv.gz",
            deployments=shared_data / "geopko/geopko_v2.1_full.csv.gz",
            milestones=shared_data / "milestones/withdrawal_milestones.csv",
        )
    )
    known = panel.build(loaded.as_known, loaded.day)
    trained = jobs.train(specs.model("conflictology"), loaded, known, tmp_path, track)
    made = jobs.publish(trained, loaded, known, tmp_path)
    assert made.card.simulated is False
    risks = issue.read(made.folder).table("risks")
    expected = pd.MultiIndex.from_product([loaded.units.table["code"], _months_of(2021)])
    found = pd.MultiIndex.from_frame(risks[["unit", "target_month"]].astype(str))
    assert len(risks) == 860 * 12
    assert not expected.difference(found).size


def _months_of(year: int) -> list[str]:
    return [f"{year}-{month:02d}" for month in range(1, 13)]
