"""The backtest: scores worked out by hand, only what was known, forecasts kept whole."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from support import worlds

from ewarn.cli._output import track
from ewarn.core import months, specs
from ewarn.core.errors import BadInput
from ewarn.data import ingest
from ewarn.evaluation import backtest


@pytest.fixture(scope="module")
def rows(loaded):
    spec = specs.model("conflictology").model_copy(update={"leads": [1, 12]})
    origins = [months.parse("2019-06"), months.parse("2019-12")]
    return backtest.run([spec], loaded.inputs, origins, track, worlds.AS_OF)


def test_scores_are_those_worked_out_by_hand(rows):
    # From 2019-12, lead 1. MLI-A: all draws are 2, and 2 came. MLI-B: a third of the draws is 10,
    # the rest 0, and 10 came: E|X - y| = 20/3, E|X - X'| / 2 = 1/3 * 2/3 * 10, together 40/9.
    first = rows[(rows["origin"] == "2019-12") & (rows["lead"] == 1)].set_index("unit")["crps"]
    np.testing.assert_allclose(first, [0, 40 / 9, 0, 0, 0, 0], rtol=1e-6)
    # Lead 12 is 2020-12, when 39 died in NER-C where nobody had before.
    last = rows[(rows["origin"] == "2019-12") & (rows["lead"] == 12)].set_index("unit")
    assert last.loc["NER-C", "crps"] == 39
    assert last.loc["NER-C", "crps_log1p"] == pytest.approx(np.log(40))
    assert last["is_large_increase"].tolist() == [False] * 5 + [True]
    assert last["stratum"].tolist() == ["active", "active", "quiet", "quiet", "quiet", "quiet"]


def test_summary_is_the_mean_over_rows(rows):
    whole = backtest.summary(rows, ["model"]).iloc[0]
    assert whole["crps"] == pytest.approx(rows["crps"].mean())
    assert whole["coverage_90"] == pytest.approx(23 / 24)  # all but NER-C's 39
    assert whole["share_of_top_10"] == pytest.approx(1)


def test_a_model_is_compared_on_the_same_rows(rows):
    worse = rows.assign(model="worse", crps=rows["crps"] + 0.5)
    lines = backtest.against(pd.concat([rows, worse]), "conflictology").set_index(
        ["lead", "metric"]
    )
    for lead in (1, 12):
        shown = lines.loc[(lead, "crps"), ["difference", "low", "high"]].astype(float)
        np.testing.assert_allclose(shown, 0.5)
        assert lines.loc[(lead, "crps_log1p"), "difference"] == 0


def test_paired_differences_by_hand():
    # Lead 1: 1 - 2 and 3 - 2 from two origins, mean 0. Lead 2: 0 - 4 and 2 - 4, mean -3.
    # Over both leads the origins differ by (-1 - 4) / 2 and (1 - 2) / 2, mean -1.5.
    made = scored(
        [("base", "2019-01", 1, 2), ("base", "2019-02", 1, 2), ("base", "2019-01", 2, 4),
         ("base", "2019-02", 2, 4), ("own", "2019-01", 1, 1), ("own", "2019-02", 1, 3),
         ("own", "2019-01", 2, 0), ("own", "2019-02", 2, 2)]
    )  # fmt: skip
    lines = backtest.against(made, "base").set_index(["metric", "lead"]).loc["crps"]
    assert lines["difference"].tolist() == [0, -3]
    assert lines["relative"].tolist() == [0, -3 / 4]
    assert lines.loc[1, ["low", "high"]].tolist() == [-1, 1]
    assert lines.loc[1, ["relative_low", "relative_high"]].tolist() == [-1 / 2, 1 / 2]
    average = backtest.against_on_average(made, "base").set_index("metric").loc["crps"]
    assert (average["difference"], average["relative"]) == (-1.5, -1 / 2)
    assert (average["low"], average["high"]) == (-2.5, -0.5)


def scored(lines):
    """Scored rows of one unit, with those models, origins, leads and CRPS."""
    table = pd.DataFrame(lines, columns=["model", "origin", "lead", "crps"])
    return table.assign(crps_log1p=0.0, rps=0.0, p_ge_1=0.0, p_ge_25=0.0, outcome=0.0)


def test_precision_at_the_top_is_the_mean_over_origins():
    # From 2019-01 the riskiest of three had a large increase; from 2019-02 it had none.
    made = pd.DataFrame(
        {
            "model": "m", "lead": 1, "origin": ["2019-01"] * 3 + ["2019-02"] * 3,
            "p_increase": [0.1, 0.2, 0.0] * 2, "p_large_increase": [0.3, 0.1, 0.0] * 2,
            "change": ["large_increase", "stable", "increase", "stable", "increase", "stable"],
            "is_large_increase": [True] + [False] * 5,
        }
    )  # fmt: skip
    first = backtest.at_top(made, 1).iloc[0]
    assert (first["large_increase"], first["increase"], first["base_rate"]) == (0.5, 0.5, 0.5)
    assert backtest.at_top(made, 2).iloc[0]["increase"] == 0.5


def test_the_deadliest_unit_month_is_one_row_whatever_forecast_it(rows):
    found = backtest.owners(rows)
    assert found.iloc[0][["unit", "target_month", "outcome"]].tolist() == ["NER-C", "2020-12", 39]
    assert found["conflictology"].sum() == pytest.approx(1)
    assert not found.duplicated(["unit", "target_month"]).any()


@pytest.mark.slow
def test_outcomes_after_the_origin_change_no_forecast(tmp_path, loaded):
    """The world ends in 39 deaths in NER-C; without them nothing said before is different."""
    spec = specs.model("negbin").model_copy(
        update={"leads": [2], "columns": ["fatalities.lag_0", "fatalities.mean_6"]}
    )
    table = pd.read_csv(worlds.events(tmp_path))
    files = worlds.files(tmp_path)
    table[table["fatalities"] != 1].to_csv(files.events, index=False)
    said = []
    for world in (loaded, ingest.load(files)):
        said.append(exported(tmp_path, world.inputs, spec, "2020-10").read_bytes())
    assert said[0] == said[1]


def exported(folder, inputs, spec, origin):
    """Every forecast of that spec from that origin, as the command line writes it."""
    path, at = folder / "kept.parquet", [months.parse(origin)]
    kept = backtest.store(folder / "finished", inputs, worlds.AS_OF, with_forecasts=True)
    backtest.run([spec], inputs, at, track, worlds.AS_OF, kept)
    kept.export(at, [spec], path)
    return path


def test_kept_forecasts_are_hubverse_rows(tmp_path, loaded):
    spec = specs.model("conflictology").model_copy(update={"leads": [1, 2]})
    path = exported(tmp_path, loaded.inputs, spec, "2020-06")
    kept = pd.read_parquet(path)
    assert len(kept) == 6 * 2 * (1 + 99 + 5)
    assert set(kept["output_type"]) == {"mean", "quantile", "pmf"}
    quantiles = kept[kept["output_type"] == "quantile"]
    assert sorted(set(quantiles["output_type_id"])) == [f"{i / 100:.2f}" for i in range(1, 100)]
    a_third = kept[(kept["unit"] == "MLI-B") & (kept["lead"] == 1)].set_index("output_type_id")
    assert a_third.loc["0.66", "value"] == 0
    assert a_third.loc["0.67", "value"] == 10
    assert a_third.loc[a_third.index.isna(), "value"].item() == pytest.approx(40 / 12)


@pytest.mark.parametrize(
    ("first", "last"), [("2015-01", None), ("2020-06", "2020-01"), (None, "2020-12"), ("x", None)]
)
def test_origins_without_outcomes_are_refused(loaded, first, last):
    with pytest.raises(BadInput):
        backtest.origins(loaded.inputs, worlds.LAST, first, last, 6)


def test_origins_by_default_end_a_year_before_the_last_outcome(loaded):
    found = backtest.origins(loaded.inputs, worlds.LAST, None, None, 3)
    assert [months.label(month) for month in found] == ["2019-03", "2019-06", "2019-09", "2019-12"]


def test_reliability_of_a_forecast_that_is_right(rows):
    certain = rows.assign(p_ge_1=(rows["outcome"] >= 1).astype(float))
    said, happened = backtest.reliability(certain)["at least 1"]
    np.testing.assert_array_equal(said, happened)


def test_around_a_withdrawal_are_its_unit_and_those_beside_it_for_a_year(known):
    change = np.zeros(known.shape, np.float32)
    change[0, 30] = -1  # a base of MLI-A, which touches MLI-B, NER-A and NER-B
    near = backtest.near_withdrawal(
        replace(
            known, columns=known.columns | {"bases_change": change}, milestones=known.milestones[:0]
        )
    )
    beside = worlds.NEIGHBOURS[0] > 0
    assert beside.sum() == 3
    for unit in range(6):
        months_near = np.flatnonzero(near[unit]).tolist()
        assert months_near == (list(range(18, 43)) if unit == 0 or beside[unit] else [])


def test_an_end_on_record_is_a_withdrawal_and_a_plan_is_not(known):
    rows = known.milestones.assign(unit=2, ends="base", effective_month=known.first_month + 50.0)
    planned = backtest.near_withdrawal(replace(known, milestones=rows.assign(is_planned=True)))
    recorded = backtest.near_withdrawal(replace(known, milestones=rows.assign(is_planned=False)))
    assert not planned.any()
    assert np.flatnonzero(recorded[2]).tolist() == list(range(38, 60))
