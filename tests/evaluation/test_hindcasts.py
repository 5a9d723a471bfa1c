"""Hindcasts: what was known at each fit and origin, rows by hand, kept whole or not at all."""

import pandas as pd
import pytest
from support import worlds

from ewarn import jobs
from ewarn.cli._output import track
from ewarn.core import columns, months, specs
from ewarn.core.errors import BadInput
from ewarn.evaluation import backtest, hindcasts
from ewarn.forecasting import model
from ewarn.jobs import _hindcast as job


def spec(name="conflictology", **changed):
    return specs.model(name).model_copy(update={"leads": [1, 3]} | changed)


@pytest.fixture(scope="module")
def made(tmp_path_factory, loaded, known):
    folder = tmp_path_factory.mktemp("home")
    return jobs.hindcast(spec(), loaded, known, folder, track)[0]


@pytest.mark.slow
def test_every_lead_has_the_last_24_months(made):
    rows = made.rows()
    assert tuple(rows.columns) == columns.TABLES["hindcasts"]
    assert len(rows) == 6 * 2 * 24
    span = rows.groupby("lead", observed=True)["target_month"].agg(lambda one: one.nunique())
    assert span.to_dict() == {1: 24, 3: 24}
    targets = sorted(set(rows["target_month"]))
    assert (targets[0], targets[-1]) == ("2019-01", "2020-12")
    behind = rows["target_month"].map(months.parse).astype(int)
    behind -= rows["reference_month"].map(months.parse).astype(int)
    assert (behind == rows["lead"]).all()


@pytest.mark.slow
def test_rows_are_those_worked_out_by_hand(made):
    rows = made.rows().set_index(["unit", "lead", "target_month"])
    # MLI-B: 10 dead in every third month, 2020-10 among them: a third of the draws is 10, the base
    # 10/3. An increase takes 5 more than that, so the risk is a third.
    one = rows.loc[("MLI-B", 1, "2020-10")]
    assert one["reference_month"] == "2020-09"
    assert one["count"] == 10
    assert one["is_escalation"]
    assert one[["risk", "p_ge_1", "p_ge_25"]].tolist() == [0.333333, 0.333333, 0]
    assert one[["expected", "baseline"]].tolist() == pytest.approx([10 / 3, 10 / 3])
    assert one["crps"] == pytest.approx(40 / 9)
    assert one[["q05", "q95"]].tolist() == [0, 10]
    assert one["stratum"] == "active"
    # NER-C: 39 died in the last month, where nobody had before.
    last = rows.loc[("NER-C", 3, "2020-12")]
    assert last[["risk", "count", "crps", "baseline"]].tolist() == [0, 39, 39, 0]
    assert last[["is_escalation", "is_onset", "stratum"]].tolist() == [True, True, "quiet"]


def test_a_fit_serves_the_twelve_origins_from_its_month():
    newest, label = months.parse("2020-12"), months.label
    at = [label(month) for month in job.origins([1, 12], newest)]
    assert (at[0], at[-1], len(at)) == ("2018-01", "2020-11", 35)
    fitted = {one: label(job.fitted_at(newest)(months.parse(one))) for one in at}
    assert fitted["2018-01"] == fitted["2018-11"] == "2017-12"
    assert fitted["2018-12"] == fitted["2019-11"] == "2018-12"
    assert fitted["2019-12"] == fitted["2020-11"] == "2019-12"
    assert job.fitted_at(newest)(newest - 36) == newest - 36


def test_models_know_nothing_from_after_their_fit(monkeypatch, loaded):
    """What each forecast was made from: two fits for three origins, each with its own panel."""
    fits, seen = [], []
    fit = model.fit
    monkeypatch.setattr(model, "fit", lambda *given: fits.append(1) or fit(*given))
    at = [months.parse(f"2020-0{month}") for month in (1, 2, 3)]
    backtest.run(
        [spec("negbin", columns=["fatalities.lag_0"])],
        loaded.inputs,
        at,
        track,
        worlds.AS_OF,
        look=lambda forecast, _: seen.append(
            (forecast.model.trained_to, forecast.panel.reference_month, forecast.panel.as_of)
        ),
        fitted_at=lambda origin: min(origin, at[1]) - 1,
    )
    assert len(fits) == 2
    learned = ["2019-12", "2020-01", "2020-01"]
    days = [months.last_day(month) for month in at]
    assert seen == list(zip(learned, at, days, strict=True))


def test_it_says_what_it_was_made_from(made):
    about = made.about
    assert about.id.startswith("2020-12-conflictology-")
    assert (about.reference_month, about.first_target) == ("2020-12", "2019-01")
    assert about.fitted_at == ["2017-12", "2018-12", "2019-12"]
    assert about.spec == spec().model_dump()
    assert not about.simulated
    assert {one["kind"] for one in about.sources} == {"events", "milestones", "places"}


def test_one_that_is_kept_is_not_made_again(made, loaded, known, monkeypatch):
    monkeypatch.setattr(model, "forecast", None)
    again, rows = jobs.hindcast(spec(), loaded, known, made.folder.parent, track)
    assert again == made
    pd.testing.assert_frame_equal(rows, made.rows())
    assert not list((made.folder / "finished").iterdir())


@pytest.mark.slow
def test_it_goes_on_where_it_was_interrupted(tmp_path, loaded, known, monkeypatch):
    forecast, made = model.forecast, []

    def some(*given):
        if len(made) == 5:
            raise KeyboardInterrupt
        made.append(1)
        return forecast(*given)

    monkeypatch.setattr(model, "forecast", some)
    with pytest.raises(KeyboardInterrupt):
        jobs.hindcast(spec(), loaded, known, tmp_path, track)
    assert hindcasts.every(tmp_path / hindcasts.FOLDER) == []
    monkeypatch.setattr(model, "forecast", lambda *given: made.append(1) or forecast(*given))
    jobs.hindcast(spec(), loaded, known, tmp_path, track)
    assert len(made) == len(job.origins([1, 3], known.reference_month))


def test_without_its_json_there_is_none(made, tmp_path, monkeypatch):
    put = hindcasts.files.put_whole

    def full(path, content):
        if path.suffix == ".json":
            raise OSError(28, "No space left on device")
        put(path, content)

    monkeypatch.setattr(hindcasts.files, "put_whole", full)
    said = made.about.model_dump(exclude={"digest"})
    with pytest.raises(OSError, match="No space"):
        hindcasts.write(tmp_path, made.rows(), said)
    assert hindcasts.every(tmp_path) == []


def test_of_a_model_is_just_that_spec_and_world(made):
    found = hindcasts.of_model(made.folder, spec().model_dump(), simulated=False)
    assert found == made
    assert hindcasts.of_model(made.folder, spec().model_dump(), simulated=True) is None
    assert hindcasts.of_model(made.folder, spec(leads=[1]).model_dump(), simulated=False) is None


def test_changed_rows_are_refused(made, tmp_path):
    copy = hindcasts.write(tmp_path, made.rows(), made.about.model_dump(exclude={"digest"}))
    copy.path.chmod(0o644)
    copy.path.write_bytes(copy.path.read_bytes() + b"x")
    with pytest.raises(BadInput, match=r"\.parquet: found sha256"):
        copy.rows()
    copy.path.with_suffix(".json").chmod(0o644)
    copy.path.with_suffix(".json").write_text('{"id": 3}')
    with pytest.raises(BadInput, match="json, id"):
        hindcasts.every(tmp_path)
