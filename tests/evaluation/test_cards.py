"""Model cards: what they say is what was scored, and they need nothing beside them."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from support import worlds

from ewarn import jobs
from ewarn.cli._output import track
from ewarn.core import specs
from ewarn.evaluation.report import card as cards
from ewarn.evaluation.report.card import _document, _limits, _tables
from ewarn.explain import importance
from ewarn.forecasting.features import groups
from ewarn.jobs import _gate_evidence, _model_cards
from ewarn.tracking import Registry
from ewarn_api.routes import models

pytestmark = pytest.mark.slow

ORIGINS = ["2019-03", "2019-06", "2019-09", "2019-12"]


def small(name="negbin", **changed):
    columns = ["fatalities.lag_0", "fatalities.mean_6"] if name == "negbin" else []
    return specs.model(name).model_copy(update={"leads": [1, 2], "columns": columns} | changed)


@pytest.fixture(scope="module")
def trained(tmp_path_factory, loaded, known):
    mlruns = tmp_path_factory.mktemp("mlruns")
    return mlruns, jobs.train(small(), loaded, known, mlruns, track)


@pytest.fixture(scope="module")
def card(trained):
    return json.loads(trained[1].card["card.json"])


@pytest.fixture(scope="module")
def page(trained):
    return trained[1].card["card.html"].decode()


def test_a_card_says_who_it_is_about_and_from_what(card):
    assert {*card, "run_id"} == set(models.CARD)
    assert (card["registered_name"], card["model_version"]) == ("ewarn-fatalities", "1")
    assert (card["reference_month"], card["as_of"]) == ("2020-12", "2020-12-31")
    assert card["origins"] == ORIGINS
    assert card["coverage"]["largest"] == {"unit": "NER-C", "month": "2020-12", "count": 39}
    assert (card["coverage"]["units"], card["coverage"]["first_month"]) == (6, "2016-01")
    assert card["coverage"]["outcomes_from"] == "2018-02"  # the first 24 months only warm up
    assert {one["kind"]: one["rows"] for one in card["sources"]}["events"] == worlds.EVENTS
    assert all(one["digest"].startswith("sha256:") for one in card["sources"])
    own = ["fatalities.lag_0", "fatalities.mean_6"]
    assert card["features"] == {group: [] for group in groups.GROUPS} | {"own_history": own}


def test_its_scores_and_differences_are_those_of_the_held_out_rows(card, trained):
    mlruns, one = trained
    rows = _gate_evidence.read(Registry(mlruns), one.run_id).rows
    at = rows[rows["lead"] == 2].groupby("model")["crps_log1p"].mean()
    found = {row["model"]: row for row in card["scores"]["by_lead"] if row["lead"] == 2}
    for name in ("negbin", "conflictology"):
        assert found[name]["crps_log1p"] == pytest.approx(at[name], rel=1e-5)
    paired = next(
        row
        for row in card["differences"]["by_lead"]
        if (row["lead"], row["metric"]) == (2, "crps_log1p")
    )
    assert paired["difference"] == pytest.approx(at["negbin"] - at["conflictology"], rel=1e-4)
    assert paired["low"] <= paired["difference"] <= paired["high"]
    strata = {row["stratum"] for row in card["scores"]["by_stratum"]}
    assert strata == {row["stratum"] for row in card["differences"]["by_stratum"]}


def test_importance_is_of_each_group_and_lead(card):
    by_lead, average = (pd.DataFrame(card["importance"][one]) for one in ("by_lead", "average"))
    assert len(by_lead) == 2 * len(groups.GROUPS)
    means = by_lead.groupby("group")["rise"].mean()
    assert average.set_index("group")["rise"].to_dict() == pytest.approx(means.to_dict())
    assert set(average.loc[average["rise"] != 0, "group"]) == {"own_history"}


def test_shares_are_of_the_models_own_score_and_intervals_of_origins():
    """Rises of 0.1 and 0.3 at two origins on scores of 0.4: a half, from a quarter to three."""
    lines = [
        {"origin": origin, "lead": 1, "group": group, "crps_log1p": 0.4, "rise": rise}
        for origin, one in (("2019-03", 0.1), ("2019-06", 0.3))
        for group in groups.GROUPS
        for rise in [one if group == "actors" else 0.0]
    ]
    found = _document._importance(pd.DataFrame(lines, columns=importance.COLUMNS))
    actors = next(one for one in found["average"] if one["group"] == "actors")
    shares = {"share": 0.5, "share_low": 0.25, "share_high": 0.75}
    assert actors == {"group": "actors", "rise": pytest.approx(0.2)} | {
        name: pytest.approx(value) for name, value in shares.items()
    }
    head, shown = _tables.importance({"importance": found})
    assert head == ["all leads", "1"]
    assert shown[0][0] == "actors"
    assert [one.text for one in shown[0][1]] == ["50.0% (25.0% to 75.0%)", "50.0%"]
    assert [one.text for one in shown[1][1]] == ["0", "0"]


def test_limits_carry_their_numbers(card):
    said = " ".join(card["limits"])
    assert "Only 4 origins give intervals that are too narrow" in said
    assert "The largest monthly count it has learned from is 39" in said
    assert "10 deadliest unit-months own" in said
    assert "simulated" not in said
    assert "(own history), as reported" in said
    assert "nothing since 2020-12" in said


def test_limits_tell_an_interval_too_narrow_and_quiet_units():
    """Two of four outcomes within the interval; one of two quiet units violent, ranked second."""
    own = pd.DataFrame(
        {
            "pit": [0.01, 0.5, 0.5, 0.99],
            "stratum": ["quiet", "quiet", "active", "active"],
            "outcome": [1, 0, 0, 5],
            "crps_log1p": [0.25, 0.25, 0.5, 1.0],
            "p_ge_1": [0.1, 0.2, 0.9, 0.9],
        }
    )
    assert list(_limits._calibration(own)) == [
        "Its 90 % interval is too narrow: it holds 50.0% of outcomes (PIT)."
    ]
    assert list(_limits._calibration(own.assign(pit=np.arange(4) / 4 + 0.1))) == [
        "Its 90 % interval is too wide: it holds 100.0% of outcomes (PIT)."
    ]
    (quiet,) = _limits._quiet(own)
    assert "are 50% of unit-months and 25% of its CRPS" in quiet
    assert "average precision of 0.500, where chance gives 0.500" in quiet
    assert not list(_limits._quiet(own.assign(outcome=0)))


def test_features_without_data_are_named(tmp_path, loaded, known):
    wanted = ["fatalities.lag_0", "country.troops.lag_0"]
    needy = small(feature_sets=["events", "withdrawals"], columns=wanted)
    one = jobs.train(needy, loaded, known, tmp_path, track, origins=1)
    card = json.loads(one.card["card.json"])
    assert card["missing_features"] == wanted[1:]
    assert "no column for 1 of its features (deployments): it does without." in str(card["limits"])


def test_the_page_holds_every_part(page):
    assert re.findall(r"<h2>(.*?)</h2>", page) == [
        "What it forecasts", "Known limits", "How well it did, beside conflictology",
        "Are the probabilities calibrated?", "What it looks at", "Data", "How it was made",
    ]  # fmt: skip
    assert page.count('<img src="data:image/svg+xml;base64,') == 2
    assert "Model card: negbin, version 1" in page
    assert "scored from 4 held-out origins, 2019-03 to 2019-12" in page
    assert "Simulated events" not in page
    assert "own history: 2" in page


def test_the_page_asks_no_other_host_and_runs_nothing(page):
    assert "<script" not in page
    assert not re.search(r"""(src|href)=["'](?!data:)""", page)
    assert "http" not in re.sub(r'src="data:[^"]*"', "", page)


def test_the_page_is_made_of_the_card_alone(card, page):
    assert cards.page(card) == page


def test_the_baseline_has_a_card_too_and_simulated_worlds_are_marked(tmp_path, loaded, known):
    made_up = replace(loaded, simulated=True)
    one = jobs.train(small("conflictology"), made_up, known, tmp_path, track, origins=1)
    page = one.card["card.html"].decode()
    assert "Simulated events" in page
    assert "its family reads the past of fatalities itself" in page
    assert "there is nothing to compare" in page
    assert json.loads(one.card["card.json"])["differences"]["by_lead"] == []


def test_a_card_is_kept_with_the_run_and_with_its_issues(trained, loaded, known):
    mlruns, one = trained
    registry = Registry(mlruns)
    for name in _model_cards.NAMES:
        assert registry.file(one.run_id, name) == one.card[name]
    made = jobs.publish(one, loaded, known, mlruns)
    assert made.file("model_card.html") == one.card["card.html"]
    assert made.file("model_card.json") == one.card["card.json"]
    registry.promote(registry.version(one.name))
    champion = jobs.champion(small(), False, mlruns)
    assert champion is not None
    assert champion.card == one.card


def test_a_champion_from_before_there_were_cards_issues_without_one(tmp_path, loaded, known):
    one = jobs.train(small("conflictology"), loaded, known, tmp_path, track, origins=1)
    registry = Registry(tmp_path)
    registry.promote(registry.version(one.name))
    for name in _model_cards.NAMES:
        registry.place(one.run_id, name).unlink()
    champion = jobs.champion(small(), False, tmp_path)
    assert champion is not None
    made = jobs.publish(champion, loaded, known, tmp_path)
    assert not any(name.startswith("model_card") for name in made.card.files)


def test_a_version_whose_card_failed_is_taken_back(tmp_path, loaded, known, monkeypatch):
    def fail(*_given):
        raise OSError(28, "No space left on device")

    jobs.train(small("conflictology"), loaded, known, tmp_path, track, origins=1)
    monkeypatch.setattr(_model_cards, "files", fail)
    with pytest.raises(OSError, match="No space"):
        jobs.train(small("conflictology"), loaded, known, tmp_path, track, origins=1)
    assert len(jobs.versions(tmp_path)) == 1
