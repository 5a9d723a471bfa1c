"""The protocol: what it may say, where choices may be made, and how a run goes on where it was."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from support import worlds

from ewarn.cli._output import track
from ewarn.core import months, specs
from ewarn.core.errors import BadInput
from ewarn.evaluation import backtest
from ewarn.forecasting import model

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
GOOD = 'name = "small"\nwhy = "a test"\n'
AT = [months.parse("2019-06"), months.parse("2019-12")]


def spec(name, **changed):
    return specs.model(name).model_copy(update={"leads": [1, 2]} | changed)


PAIR = [spec("conflictology"), spec("negbin", columns=["fatalities.lag_0", "fatalities.mean_6"])]


@pytest.mark.parametrize("path", sorted(BENCHMARKS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_protocol_there_is_can_be_read(path):
    rules = specs.protocol(path)
    chosen = backtest.chosen(rules)
    assert [one.name for one in chosen[: len(rules.baselines)]] == rules.baselines
    assert rules.baselines[0] == backtest.BASELINE


def test_nothing_is_chosen_on_the_origins_that_are_scored():
    tuning, africa = (specs.protocol(BENCHMARKS / f"{name}.toml")
                      for name in ("africa_tuning", "africa"))  # fmt: skip
    assert africa.first is not None
    assert tuning.outcomes_before is not None
    assert months.parse(tuning.outcomes_before) <= months.parse(africa.first)
    assert tuning.last is not None
    assert months.parse(tuning.last) + max(tuning.leads or ()) < months.parse(africa.first)


@pytest.mark.parametrize("lead", [1, 2])
def test_a_closed_month_is_not_looked_at(loaded, lead):
    rules = specs.Protocol(
        name="p", why="w", models=["conflictology"], leads=[lead], first="2019-01",
        last="2019-07", every=6, outcomes_before="2019-09",
    )  # fmt: skip
    chosen = backtest.chosen(rules)
    if lead == 1:
        assert len(backtest.planned(rules, chosen, loaded.inputs, worlds.LAST)) == 2
    else:
        with pytest.raises(BadInput, match="an outcome of 2019-09"):
            backtest.planned(rules, chosen, loaded.inputs, worlds.LAST)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("evry = 3", "evry"),
        ("every = 0", "every"),
        ('first = "2013-13"', "first"),
        ("baselines = []", "baselines"),
        ("leads = [1, 99]", "leads.1"),
        ("level = 90", "level"),
    ],
)
def test_errors_name_file_and_key(tmp_path, line, key):
    path = tmp_path / "wrong.toml"
    path.write_text(f"{GOOD}{line}\n")
    with pytest.raises(BadInput) as caught:
        specs.protocol(path)
    assert caught.value.where == f"{path}, key {key}"


def test_a_file_that_is_not_toml_or_not_there(tmp_path):
    (tmp_path / "wrong.toml").write_text("name =")
    with pytest.raises(BadInput, match=r"wrong\.toml.*TOML"):
        specs.protocol(tmp_path / "wrong.toml")
    with pytest.raises(BadInput, match=r"none\.toml: found no such file"):
        specs.protocol(tmp_path / "none.toml")


def test_paths_start_at_the_folder_above_the_files(tmp_path):
    (tmp_path / "benchmarks").mkdir()
    path = tmp_path / "benchmarks/small.toml"
    path.write_text(f'{GOOD}events = "data/ged.csv"\n')
    assert specs.protocol(path).events == tmp_path / "data/ged.csv"
    assert specs.protocol(path).deployments is None


def test_what_is_put_in_place_of_a_setting_is_checked_too():
    rules = specs.Protocol(name="p", why="w")
    assert specs.changed(rules, {"first": "2019-01"}).first == "2019-01"
    with pytest.raises(BadInput, match="protocol p, key first"):
        specs.changed(rules, {"first": "x"})


def run(inputs, folder=None, chosen=PAIR, **given):
    kept = backtest.store(folder, inputs, worlds.AS_OF, **given) if folder else None
    return backtest.run(chosen, inputs, AT, track, worlds.AS_OF, kept)


@pytest.fixture
def fits(monkeypatch):
    """The models fitted since, by name; a test may put in `fail` how many to allow."""
    counted: list[str] = []
    original = model.fit

    def fit(spec, *given):
        if len(counted) == getattr(fit, "allowed", 99):
            raise KeyboardInterrupt
        counted.append(spec.name)
        return original(spec, *given)

    monkeypatch.setattr(model, "fit", fit)
    return counted, fit


@pytest.mark.slow
@pytest.mark.parametrize("allowed", [1, 2, 3])
def test_an_interrupted_run_goes_on_where_it_was(tmp_path, loaded, fits, allowed):
    whole = run(loaded.inputs)
    counted, fit = fits
    counted.clear()
    fit.allowed = allowed
    with pytest.raises(KeyboardInterrupt):
        run(loaded.inputs, tmp_path)
    fit.allowed = 99
    counted.clear()
    resumed = run(loaded.inputs, tmp_path)
    assert len(counted) == 4 - allowed
    pd.testing.assert_frame_equal(resumed, whole, check_exact=True)
    assert resumed.to_csv() == whole.to_csv()
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.slow
def test_another_spec_day_or_input_uses_nothing_old(tmp_path, loaded, fits):
    counted, _ = fits
    run(loaded.inputs, tmp_path)
    counted.clear()
    run(loaded.inputs, tmp_path)
    assert counted == []
    other = PAIR[1].model_copy(update={"columns": ["fatalities.lag_0"]})
    run(loaded.inputs, tmp_path, [PAIR[0], other])
    assert counted == ["negbin", "negbin"]
    counted.clear()
    events = loaded.inputs.events.assign(fatalities=loaded.inputs.events["fatalities"] + 1)
    run(replace(loaded.inputs, events=events), tmp_path)
    assert len(counted) == 4
    earlier = backtest.store(tmp_path, loaded.inputs, months.last_day(worlds.LAST - 1))
    assert not any(earlier.has(origin, one) for origin in AT for one in PAIR)


@pytest.mark.slow
def test_rows_kept_without_forecasts_are_not_finished_when_these_are_asked_for(
    tmp_path, loaded, fits
):
    counted, _ = fits
    run(loaded.inputs, tmp_path)
    counted.clear()
    run(loaded.inputs, tmp_path, with_forecasts=True)
    assert len(counted) == 4
    run(loaded.inputs, tmp_path, with_forecasts=True)
    assert len(counted) == 4


def test_a_changed_feature_set_changes_what_a_spec_tells(monkeypatch):
    before = backtest.spec_text(PAIR[1])
    changed = specs.feature_set("events").model_copy(update={"why": "another"})
    monkeypatch.setattr(specs, "feature_set", lambda _: changed)
    assert backtest.spec_text(PAIR[1]) != before
