"""The backtest: scores worked out by hand, only what was known, forecasts kept whole."""

import numpy as np
import pandas as pd
import pytest
import worlds

from ewarn import backtest, inputs, months, specs
from ewarn.cli._show import track
from ewarn.errors import BadInput


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


def test_outcomes_after_the_origin_change_no_forecast(tmp_path, loaded):
    """The world ends in 39 deaths in NER-C; without them nothing said before is different."""
    spec = specs.model("negbin").model_copy(
        update={"leads": [2], "columns": ["fatalities.lag_0", "fatalities.mean_6"]}
    )
    table = pd.read_csv(worlds.events(tmp_path))
    files = worlds.files(tmp_path)
    table[table["fatalities"] != 1].to_csv(files.events, index=False)
    said = []
    for world in (loaded, inputs.load(files)):
        kept = tmp_path / "kept.parquet"
        with backtest.keeping(kept) as keep:
            origin = [months.parse("2020-10")]
            backtest.run([spec], world.inputs, origin, track, worlds.AS_OF, keep)
        said.append(kept.read_bytes())
    assert said[0] == said[1]


def test_kept_forecasts_are_hubverse_rows(tmp_path, loaded):
    path = tmp_path / "kept.parquet"
    spec = specs.model("conflictology").model_copy(update={"leads": [1, 2]})
    with backtest.keeping(path) as keep:
        backtest.run([spec], loaded.inputs, [months.parse("2020-06")], track, worlds.AS_OF, keep)
    kept = pd.read_parquet(path)
    assert len(kept) == 6 * 2 * (1 + 99 + 5)
    assert set(kept["output_type"]) == {"mean", "quantile", "pmf"}
    quantiles = kept[kept["output_type"] == "quantile"]
    assert sorted(set(quantiles["output_type_id"])) == [f"{i / 100:.2f}" for i in range(1, 100)]
    a_third = kept[(kept["unit"] == "MLI-B") & (kept["lead"] == 1)].set_index("output_type_id")
    assert a_third.loc["0.66", "value"] == 0
    assert a_third.loc["0.67", "value"] == 10
    assert a_third.loc["", "value"] == pytest.approx(40 / 12)


def test_an_interrupted_run_leaves_no_half_file(tmp_path):
    path = tmp_path / "kept.parquet"
    with pytest.raises(KeyboardInterrupt), backtest.keeping(path):
        raise KeyboardInterrupt
    assert not path.exists()


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
