"""What if: what a scenario may suppose, what becomes of the panel, and how the forecast differs."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support import worlds
from support.small_home import CLOSURE, change

from ewarn import jobs
from ewarn.cli import _scenario
from ewarn.core.errors import BadInput, Unknown
from ewarn.core.settings import settings
from ewarn.data import ingest, panel
from ewarn.explain.scenarios import counterfactual, request
from ewarn.forecasting import model
from ewarn.publishing import issue

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def runner(home):
    return jobs.scenario_runner(None, home / "mlruns")


def ask(runner, **given):
    return runner.run(request.checked(given))


# The forecast


def test_without_what_is_supposed_is_the_issue_itself(home, runner):
    risks = issue.newest(home / "mlruns/issues").table("risks").set_index(["unit", "lead"])
    found = ask(runner, fatalities_changes=[change(40)]).set_index(["unit", "lead"])
    assert len(found) == len(risks) == 12
    for name in ("risk", "expected", "p_ge_25"):
        issued = risks[name].reindex(found.index)
        np.testing.assert_array_equal(found[f"{name}_without"], issued)
        difference = found[f"{name}_with"] - found[f"{name}_without"]
        np.testing.assert_array_equal(found[f"{name}_difference"], difference)


def test_what_changes_nothing_differs_by_exactly_0(runner):
    found = ask(runner, events_changes=[change(5)])  # the model reads deaths alone
    assert not found.filter(like="difference").to_numpy().any()


def test_the_unit_that_changes_comes_first_and_others_do_not_change(runner):
    found = ask(runner, fatalities_changes=[change(40, "NER-B")])
    assert found["unit"].iloc[0] == "NER-B"
    assert found["lead"].tolist()[:2] == [1, 2]
    moved = found.groupby("unit")["expected_difference"].apply(lambda some: some.abs().max() > 0)
    assert moved[moved].index.tolist() == ["NER-B"]
    assert len(ask(runner, fatalities_changes=[change(40)], top=1)) == 2
    only = ask(runner, fatalities_changes=[change(40)], admin1_code=["NER-C"])
    assert set(only["unit"]) == {"NER-C"}


def test_a_milestone_counts_at_the_target_month_as_if_it_stood_in_the_file(home, runner):
    """The model's answer is the one it gives to a panel built from a file with that row."""
    told, known = runner.made_from.loaded, runner.made_from.known
    asked = request.checked({"milestones": [CLOSURE]})
    path = home / "more.csv"
    row = "S,MLI,A,planned_base_closure,2020-12-01,2021-02-28,A,M,made up,high\n"
    path.write_text((home / "milestones.csv").read_text() + row)
    files = ingest.Files(home / "events.csv", milestones=path, places=home / "places.geojson")
    other = panel.build(ingest.load(files).inputs, worlds.AS_OF)
    new = counterfactual.build(asked, known, told.as_known, told.units)
    for name, cells in other.columns.items():
        np.testing.assert_array_equal(new.columns[name], cells, err_msg=name)
    found = ask(runner, milestones=[CLOSURE])
    expected = model.forecast(runner.made_from.model, other).by_lead[1].mean()
    assert found.set_index(["unit", "lead"])["expected_with"]["MLI-A", 1] == expected[0]
    assert found["unit"].iloc[0] == "MLI-A"


# The panel


def built(known, loaded, **given):
    return counterfactual.build(request.checked(given), known, loaded.as_known, loaded.units)


def test_deaths_are_added_to_the_month_and_shared_out_among_its_parts(known, loaded):
    new = built(known, loaded, fatalities_changes=[change(6)])
    # MLI-A had 2 dead in December, on the 15th, all state-based: 8 now, each part four times itself
    for name in ("fatalities", "fatalities_state_based", "late_fatalities"):
        assert new.columns[name][0, -1] == pytest.approx(4 * known.columns[name][0, -1]), name
        assert np.array_equal(new.columns[name][:, :-1], known.columns[name][:, :-1])
    assert new.columns["fatalities_non_state"][0, -1] == 0
    assert known.columns["fatalities"][0, -1] == 2


def test_where_nobody_died_the_parts_are_those_of_all_units(known, loaded):
    new = built(known, loaded, fatalities_changes=[change(7, "NER-A")])
    assert new.columns["fatalities_state_based"][3, -1] == 7


def with_troops(known):
    """The panel with 300 troops in each unit, and in NER-C no number from 2020-11 on."""
    troops = np.full(known.shape, 300, np.float32)
    troops[5, -2:] = np.nan
    bases = np.ones(known.shape, np.float32)
    return replace(known, columns=known.columns | {"troops": troops, "bases": bases})


def test_troops_and_bases_stay_changed_from_the_month_on(known, loaded):
    given = {"troops_changes": [change(-250, month="2020-10")]}
    new = built(with_troops(known), loaded, **given, bases_changes=[change(-1)]).columns
    assert new["troops"][0, -4:].tolist() == [300, 50, 50, 50]
    assert new["troops_change"][0, -4:].tolist() == [0, -250, 0, 0]
    assert new["bases"][0, -2:].tolist() == [1, 0]
    assert new["troops"][1, -1] == 300


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"fatalities_changes": [change(-3)]},
         r"fatalities_changes\.0\.change: found -3; expected no more taken away than the 2"),
        ({"fatalities_changes": [change(3), change(3, "MLI-D")]},
         r"fatalities_changes\.1\.admin1_code: found 'MLI-D'; expected a unit of the issue, such"),
        ({"events_changes": [change(3, month="2021-01")]},
         r"events_changes\.0\.month: found 2021-01; expected a month observed, 2016-01 to 2020-12"),
        ({"troops_changes": [change(-400)]}, r"troops_changes\.0\.change: found -400; .* the 300"),
        ({"troops_changes": [change(9, "NER-C")]}, r"troops_changes\.0\.month: found no number"),
        ({"milestones": [CLOSURE | {"admin1": "Q"}]},
         r"milestones\.0\.admin1: found 'Q'; expected a unit of MLI, by name or code, such as A"),
        ({"milestones": [CLOSURE | {"location_code": "XXX"}]}, r"milestones\.0\.location_code"),
    ],
)  # fmt: skip
def test_what_there_is_not_is_refused_by_field(known, loaded, given, message):
    with pytest.raises(BadInput, match=message):
        built(with_troops(known), loaded, **given)


def test_what_was_not_known_on_the_day_is_refused(known, loaded):
    late = CLOSURE | {"announced_on": "2021-01-01"}
    with pytest.raises(
        BadInput, match=r"announced_on: found 2021-01-01; expected a day up to 2020"
    ):
        built(known, loaded, milestones=[late])
    record = CLOSURE | {"kind": "base_closure"}
    with pytest.raises(BadInput, match=r"effective_on: .* known once it has happened; plans are"):
        built(known, loaded, milestones=[CLOSURE, record])
    national = {**CLOSURE, "kind": "mission_exit", "admin1": None, "effective_on": "2020-12-20"}
    new = built(known, loaded, milestones=[national])
    assert new.columns["milestones_effective"][:, -1].tolist() == [1, 1, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "scenario: found {}; expected milestones, or one of troops_changes"),
        ({"troops": []}, r"scenario\.troops: found \[\]; expected Extra inputs"),
        ({"milestones": [CLOSURE | {"kind": "exit"}]}, r"milestones\.0\.kind: found 'exit'; .*one"),
        ({"milestones": [CLOSURE | {"announced_on": 20200101}]}, r"0\.announced_on: found 2020010"),
        ({"milestones": [CLOSURE] * 21}, r"scenario\.milestones: .* at most 20 items"),
        ({"events_changes": [change(1)] * 101}, r"scenario\.events_changes: .* at most 100 items"),
        ({"events_changes": [change(1.5)]}, r"events_changes\.0\.change: found 1\.5"),
        ({"events_changes": [change(10**6)]}, r"events_changes\.0\.change: found 1000000"),
        ({"events_changes": [change(1, month="2020-13")]}, r"events_changes\.0\.month: found '202"),
        ({"events_changes": [change(1)], "top": 0}, r"scenario\.top: found 0"),
    ],
)
def test_what_is_malformed_or_too_large_is_refused_by_field(given, message):
    with pytest.raises(BadInput, match=message):
        request.checked(given)


# The command


@pytest.fixture
def run(home, monkeypatch, capsys):
    monkeypatch.setenv("EWARN_HOME", str(home))
    settings.cache_clear()

    def ewarn(**options):
        _scenario.scenario(**options, top=options.pop("top", 10))
        return capsys.readouterr().out

    yield ewarn
    settings.cache_clear()


def test_the_command_shows_the_difference_and_says_what_it_is_not(run):
    text = "MLI-M, A, planned_base_closure, announced 2020-12-01, effective 2021-02-28"
    said = run(milestone=[text], fatalities=["MLI-A, 2020-12, 40"], lead=1)
    assert "MLI-A" in said
    assert "2021-01, 1" in said
    assert "not what the change would cause" in said
    with pytest.raises(Unknown, match="unknown lead '3'; known: 1, 2"):
        run(fatalities=["MLI-A, 2020-12, 40"], lead=3)


def test_the_grammar_is_the_json():
    text = "MLI-M, A, planned_base_closure, announced 2020-12-01, effective 2021-02-28"
    assert _scenario._milestone(text) == CLOSURE
    national = _scenario._milestone("MLI-M, national, mandate_end, announced 2020-12-01, place x")
    assert json.dumps(national) == (
        '{"location_code": "MLI", "mission": "M", "kind": "mandate_end",'
        ' "announced_on": "2020-12-01", "place": "x"}'
    )
    assert _scenario._change("--troops", "MLI-KD,2020-12,-450") == change(-450, "MLI-KD")


def test_the_examples_of_the_docs_can_be_read():
    page = (Path(__file__).parents[2] / "docs/scenarios.md").read_text()
    (document,) = re.findall(r"```json\n(.*?)```", page, re.S)
    asked = request.checked(json.loads(document))
    (text,) = re.findall(r'--milestone "(.*?)"', page)
    assert _scenario._milestone(text) == asked.milestones[0].model_dump(
        mode="json", exclude_none=True
    )
    for option, text in re.findall(r'--(troops|fatalities) "(.*?)"', page):
        request.checked({f"{option}_changes": [_scenario._change(option, text)]})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"milestone": ["MLI-M, A"]}, "--milestone: found 'MLI-M, A'; expected COUNTRY-MISSION, U"),
        ({"milestone": ["MLI, A, x, announced 2020"]}, "--milestone: found 'MLI'; expected COUNTR"),
        ({"milestone": ["MLI-M, A, x, told 2020"]}, "found 'told 2020'; expected one of announced"),
        ({"milestone": ["MLI-M, A, x, announced 2020"]}, r"milestones\.0\.kind: found 'x'"),
        ({"troops": ["MLI-A, 2020-12"]}, "--troops: found 'MLI-A, 2020-12'; expected UNIT CODE"),
        ({"bases": ["MLI-A, 2020-12, few"]}, "--bases, change: found 'few'; expected a whole numb"),
        ({"events": ["MLI-A, 2020-1, 3"]}, r"events_changes\.0\.month: found '2020-1'; expected Y"),
        ({}, "scenario: found .*; expected milestones, or one of"),
    ],
)
def test_what_the_command_cannot_read_is_named(run, options, message):
    with pytest.raises(BadInput, match=message):
        run(**options)
