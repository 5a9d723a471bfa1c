"""Drivers: fair shares by their definition, games with a known value, and words from the table."""

import dataclasses
import itertools
import re
from math import factorial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from support import worlds

from ewarn.core import columns, plugins, specs
from ewarn.core.specs import ModelSpec
from ewarn.data import panel
from ewarn.explain import drivers, shapley
from ewarn.explain.drivers import _coalitions, _effects, _facts, _milestones, _phrases
from ewarn.explain.drivers._coalitions import Game, Groups
from ewarn.forecasting import escalation, features, model, outputs
from ewarn.forecasting import families as every_family
from ewarn.forecasting.families import Rows
from ewarn.forecasting.features import groups

NAMES = ("a1", "a2", "b1", "c1")
OF_FEATURE = np.array([0, 0, 1, 2])  # groups a, b, c; the target's are 3 (own) and 4 (country)
OWN, COUNTRY, NUMBER = 3, 4, 5
QUIET = np.array([0, 0, 0, 7], np.float32)


def games(players: int):
    """Values of every coalition of so many players, a row a game."""
    return arrays(float, (3, 2**players), elements=st.floats(-1, 1))


def by_definition(values):
    """The mean of what each player adds over all orders in which they can come, (players,)."""
    players = len(values).bit_length() - 1
    found = np.zeros(players)
    for order in itertools.permutations(range(players)):
        coalition = 0
        for player in order:
            found[player] += values[coalition | 1 << player] - values[coalition]
            coalition |= 1 << player
    return found / factorial(players)


# The shares


@given(st.integers(1, 5).flatmap(games))
def test_shares_are_the_mean_over_all_orders_of_coming(values):
    found = shapley.shares(values)
    np.testing.assert_allclose(found, [by_definition(one) for one in values], atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=1), values[:, -1] - values[:, 0], atol=1e-12)


@given(games(3), st.integers(0, 3))
def test_a_player_who_changes_nothing_gets_exactly_zero_and_changes_no_share(values, place):
    coalition = np.arange(16)
    low = coalition & (1 << place) - 1
    with_one_more = values[:, low | (coalition >> place + 1) << place]
    found = shapley.shares(with_one_more)
    assert (found[:, place] == 0).all()
    others = np.delete(found, place, axis=1)
    np.testing.assert_allclose(others, shapley.shares(values), atol=1e-12)


@given(arrays(float, 6, elements=st.floats(-1, 1)))
def test_players_who_may_stand_for_each_other_get_equal_shares(worth):
    # A value that knows only how many of players 0 and 1 there are, and whether 2 is there.
    values = np.array([[worth[(s & 1) + (s >> 1 & 1) + 3 * (s >> 2)] for s in range(8)]])
    found = shapley.shares(values)[0]
    assert found[0] == pytest.approx(found[1], abs=1e-12)


# The games


def rows(matrix, target=None, country="AAB") -> Rows:
    matrix = np.array(matrix, np.float32)
    units = len(matrix)
    target = np.zeros((units, 4)) if target is None else np.array(target)
    place = np.arange(units), np.full(units, 3)
    return Rows(1, NAMES, matrix, target.astype(np.float32), *place, np.array(list(country)))


def game(*args, **named) -> Game:
    return Game(rows(*args, **named), QUIET, Groups(OF_FEATURE, OWN, COUNTRY, NUMBER))


def linear(some: Rows, unit) -> np.ndarray:
    return np.nan_to_num(some.matrix.astype(float)) @ [1, 10, 100, 1000] + unit


@given(arrays(np.float32, (3, 4), elements=st.integers(0, 9).map(float)))
def test_what_adds_up_is_shared_as_it_adds_up(matrix):
    shares, none = game(matrix).shares(linear)
    own = matrix.astype(float)
    expected = [own[:, 0] + 10 * own[:, 1], 100 * own[:, 2], 1000 * (own[:, 3] - 7)]
    np.testing.assert_allclose(shares, np.transpose([*expected, [0] * 3, [0] * 3]), atol=1e-9)
    np.testing.assert_allclose(none, [7000, 7001, 7002])


def test_a_group_that_is_as_in_a_quiet_place_or_that_nobody_observed_gets_exactly_zero():
    asked = []

    def value(some, unit):
        asked.append(len(unit))
        return np.sin(np.nansum(some.matrix * [1, 2, 3, 4], axis=1)) ** 2 + 0.1

    shares, _ = game([[3, 1, 0, 2], [3, 1, np.nan, 7], [0, 0, 0, 7]]).shares(value)
    assert (shares[:, 1] == 0).all()
    assert (shares[1:, 2] == 0).all()
    assert shares[0, 0] != 0 != shares[0, 2]
    assert sum(asked) == 4 + 2 + 1  # only coalitions of what differs


def test_a_feature_that_nobody_uses_changes_no_driver():
    def value(some, unit):  # noqa: ARG001
        return np.sin(some.matrix[:, 0] * some.matrix[:, 2]).astype(float)

    used, _ = game([[3, 0, 5, 7]] * 3).shares(value)
    more, _ = game([[3, 1, 5, 2], [3, 8, 5, 7], [3, 0, 5, 9]]).shares(value)
    np.testing.assert_allclose(used, more, atol=1e-12)
    assert (more[:, 2] == 0).all()


def test_the_targets_past_is_the_units_own_and_its_countrys():
    def value(some, unit):  # noqa: ARG001
        own = some.target[some.unit].sum(axis=1)
        alike = some.country == some.country[some.nation][:, None]
        total = np.where(some.nation < 0, 0, alike @ some.target.sum(axis=1))
        return (own + 100 * total).astype(float)

    quiet = [[0, 0, 0, 7]] * 3
    shares, none = game(quiet, target=[[1, 2, 3, 4], [0] * 4, [0] * 4]).shares(value)
    assert none.tolist() == [0, 0, 0]
    assert shares[:, OWN].tolist() == [10, 0, 0]
    assert shares[:, COUNTRY].tolist() == [1000, 1000, 0]
    assert (shares[:, :3] == 0).all()


def test_parts_of_many_rows_are_as_one(monkeypatch):
    matrix = np.random.default_rng(0).integers(0, 3, (3, 4))
    whole, none = game(matrix).shares(linear)
    monkeypatch.setattr(_coalitions, "AT_A_TIME", 5)
    again, quiet = game(matrix).shares(linear)
    assert (whole == again).all()
    assert (none == quiet).all()


def test_effects_are_of_the_features_of_one_topic_alone():
    topics = np.array([[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]], bool)
    found = _effects.effects(game([[3, 2, 1, 7], [0, 0, 0, 0], [0, 1, 0, 7]]), linear, topics)
    assert found.tolist() == [[3, 120, 0], [0, 0, 0], [0, 10, 0]]


# Every family, on the tiny world


def spec(family: str, **more) -> ModelSpec:
    sets = [] if family in ("conflictology", "decayed_history") else ["events", "withdrawals"]
    chosen = ["country.fatalities.decay_6", "ahead.calendar.sin"]  # few enough for a regression
    if family not in ("negbin", "hurdle"):
        chosen = []
    about = {"name": "tiny", "why": "", "leads": [1, 3], "feature_sets": sets, "columns": chosen}
    return ModelSpec(family=family, **about | more)


@pytest.fixture(scope="module", params=plugins.names(every_family))
def forecast(request, known):
    parameters = {"past": 12} if request.param == "pool" else {}
    fitted = model.fit(spec(request.param, parameters=parameters), known)
    return model.forecast(fitted, known)


@pytest.mark.slow
def test_the_drivers_of_every_family_add_up_to_the_issued_risk(forecast):
    table = drivers.table(forecast)
    assert tuple(table.columns) == columns.TABLES["drivers"]
    each = table.groupby(["lead", "unit"], sort=False)
    total = each["contribution"].sum() + each["reference_risk"].first()
    classes = [outputs.class_probabilities(forecast, lead) for lead in forecast.by_lead]
    risk = np.concatenate([escalation.risk(one) for one in classes])
    np.testing.assert_allclose(total.to_numpy(), risk, rtol=0, atol=1e-9)
    size = table.assign(size=-table["contribution"].abs()).sort_values("driver_rank")
    assert size.groupby(["lead", "unit"])["size"].is_monotonic_increasing.all()


@pytest.mark.slow
def test_groups_a_family_has_no_feature_of_get_exactly_zero(forecast):
    table = drivers.table(forecast)
    named = {groups.of(name) for name in forecast.model.names}
    history = {"own_history", "country"}  # the target itself
    others = table[~table["driver"].isin(named | history)]
    assert len(others)
    assert (others["contribution"] == 0).all()
    assert (others["sentence_en"] == "not used by this model").all()


def test_an_unused_feature_set_moves_no_driver_of_history(known):
    for family in ("conflictology", "decayed_history"):
        tables = [
            drivers.table(model.forecast(model.fit(spec(family, feature_sets=sets), known), known))
            for sets in ([], ["events", "actors"])
        ]
        np.testing.assert_allclose(*(one["contribution"] for one in tables), atol=1e-12)


def test_a_quiet_place_is_explained_by_nothing(known):
    calm = dataclasses.replace(
        drivers.quiet(known), units=known.units[:1], neighbours=known.neighbours[:1, :1]
    )
    fitted = model.fit(spec("lgbm", columns=["fatalities.lag_0", "events.sum_3"]), known)
    table = drivers.table(model.forecast(fitted, calm))
    assert (table["contribution"] == 0).all()


# The words


def test_every_shipped_feature_belongs_to_a_named_group_and_to_a_topic(known):
    table = _phrases.table()
    assert len(table.groups) <= 8
    sets = specs.names("features")
    for name in features.build(known, sets).names:
        group = groups.of(name)
        assert group != "other", name
        assert any(topic.group == group and topic.has(name) for topic in table.topics), name


def test_every_fact_that_phrases_name_can_be_known(known):
    table = _phrases.table()
    more = dict.fromkeys(("troops", "bases"), known.columns["events"])
    whole = dataclasses.replace(known, columns=known.columns | more)
    facts = set().union(*_facts.facts(whole, "fatalities", table, "en"))
    facts |= set(_facts.season(table, 0, "en"))
    for prefix in ("", "neighbours_"):
        facts |= {f"{prefix}{name}" for name in ("ended", "months_since", "ended_in")}
        facts |= {f"{prefix}{name}" for name in ("coming", "months_until", "coming_in")}
    for topic in table.topics:
        assert topic.group in table.groups
        for phrase in topic.phrases:
            named = [set(re.findall(r"\{(\w+)", phrase.of(one))) for one in ("en", "fr")]
            assert named[0] == named[1], phrase.en
            assert named[0] | {*phrase.above, *phrase.zero} <= facts, phrase.en


def test_sentences_by_hand(known):
    # MLI-A: 2 dead a month; M1 plans a base closure in 2021-03, known since 2020-06.
    # MLI-B: 10 dead in every third month. NER-C: 39 dead in the last month, and none before.
    fitted = model.fit(spec("lgbm"), known)
    table = drivers.table(model.forecast(fitted, known)).set_index(["unit", "lead", "driver"])
    said = table["sentence_en"].unstack().loc[(slice(None), 1), :].droplevel(1)
    rose = {
        name for name, at in said["own_history"].items() if "up from" in at or "after none" in at
    }
    assert (
        "2 fatalities a month in the last 3 months, as over the year"
        in said.loc["MLI-A"].own_history
    )
    assert "13 fatalities a month in the last 3 months, after none" in said.loc["NER-C"].own_history
    assert rose == {"NER-C"}
    assert said.loc["NER-A", "own_history"] == "no fatality on record since 2016-01"
    assert said.loc["MLI-A", "calendar"] == "the month forecast is January"
    assert "M's base at x is to close in 3 months" in said.loc["MLI-A", "withdrawals"]
    assert "M's withdrawal was complete 9 months ago" in said.loc["NER-B", "withdrawals"]
    assert said.loc["MLI-A", "deployments"] == "not used by this model"
    french = table["sentence_fr"].unstack().loc[("MLI-A", 3)]
    assert "2 morts par mois ces 3 derniers mois, comme l'année" in french["own_history"]
    assert french["calendar"] == "le mois prévu est mars"


MONTHS = {  # of a year, then of the last three months
    "rise": [2] * 12 + [6, 6, 6],
    "first": [0] * 12 + [6, 6, 6],
    "fall": [22] * 12 + [15, 15, 15],
    "level": [3] * 15,
    "stop": [6] * 12 + [0, 0, 0],
    "silence": [6] + [0] * 29,
}


@pytest.mark.parametrize(
    ("past", "sign", "english", "french"),
    [
        ("rise", 1, "6 fatalities a month in the last 3 months, up from 2 a month over the year",
         "6 morts par mois ces 3 derniers mois, en hausse par rapport à 2 par mois l'année"),
        ("rise", -1, "although 6 fatalities a month in the last 3 months, up from 2 a month",
         "malgré 6 morts par mois ces 3 derniers mois, en hausse"),
        ("first", 1, "6 fatalities a month in the last 3 months, after none",
         "après aucun l'année"),
        ("fall", 1, "still 15 fatalities a month in the last 3 months, down from 22 a month",
         "encore 15 morts par mois ces 3 derniers mois, en baisse par rapport à 22 par mois"),
        ("fall", -1, "15 fatalities a month in the last 3 months, down from 22 a month",
         "15 morts par mois ces 3 derniers mois, en baisse par rapport à 22 par mois"),
        ("level", 1, "3 fatalities a month in the last 3 months, as over the year before",
         "3 morts par mois ces 3 derniers mois, comme l'année précédente"),
        ("stop", -1, "no fatality in the last 3 months, down from 6 a month",
         "aucun mort ces 3 derniers mois, en baisse"),
        ("stop", 1, "no fatality in the last 3 months, but 6 a month",
         "aucun mort ces 3 derniers mois, mais 6 par mois"),
        ("silence", -1, "no fatality for 29 months", "aucun mort depuis 29 mois"),
        ("silence", 1, "last fatality 29 months ago", "dernier mort il y a 29 mois"),
        ("silence", 0, "no fatality for 29 months", "aucun mort depuis 29 mois"),
    ],
)  # fmt: skip
def test_a_sentence_is_per_month_and_agrees_with_the_sign_of_its_contribution(
    past, sign, english, french
):
    values = np.array([MONTHS[past]], np.float32)
    facts = {name: float(value[0]) for name, value in _facts._made("deaths", values)}
    topic = next(one for one in _phrases.table().topics if "fatalities.*" in one.features)
    assert topic.sentence(facts, "en", sign).startswith(english)
    assert french in topic.sentence(facts, "fr", sign)


def test_the_example_of_a_mission_that_left_and_has_bases_still_to_close(known):
    last = known.reference_month
    row = {"unit": -1, "country": "MLI", "mission": "MINUSMA", "is_planned": True, "place": ""}
    row |= {"known_month": last - 5, "over_month": np.inf}
    kinds = [("mandate", -2, ""), *(("base", 1, f"camp {place}") for place in range(9))]
    table = pd.DataFrame(
        [row | {"ends": ends, "effective_month": last + ahead, "place": place}
         for ends, ahead, place in kinds]
    )  # fmt: skip
    milestones = known.milestones[:0].reindex(columns=known.milestones.columns)
    own = dataclasses.replace(known, milestones=pd.concat([milestones, table]))
    facts = _milestones.ends(own, _phrases.table(), "en")[worlds.CODES.index("MLI-B")]
    said = [t.sentence(facts, "en") for t in _phrases.table().topics if t.group == "withdrawals"]
    assert "MINUSMA's mandate ended 2 months ago" in said
    assert "9 bases in the country still to close" in said
    assert facts["months_until"] == 1


def test_numbers_and_nouns_in_both_languages():
    facts = {"n": 1.0, "m": 1.5, "z": 0.0}
    text = "{n:event|events}, {m:event|events}, {z:event|events}"
    assert _phrases.fill(text, facts, "en") == "1 event, 1.5 events, 0 events"
    assert _phrases.fill(text, facts, "fr") == "1 event, 1,5 event, 0 event"


# Real data


@pytest.mark.realdata
@pytest.mark.slow
def test_drivers_of_all_of_africa_add_up(shared_data):
    from ewarn.data import ingest  # noqa: PLC0415

    loaded = ingest.load(
        ingest.Files(
            events=shared_data / "ged" / "ged211_africa.csv.gz",
            deployments=shared_data / "geopko" / "geopko_v2.1_full.csv.gz",
            milestones=shared_data / "milestones" / "withdrawal_milestones.csv",
        )
    )
    known = panel.build(loaded.as_known, loaded.day)
    made = model.forecast(model.fit(specs.model("lgbm"), known), known)
    table = drivers.table(made)
    assert len(table) == 860 * 12 * 8
    each = table.groupby(["lead", "unit"], sort=False)
    total = each["contribution"].sum() + each["reference_risk"].first()
    risk = [escalation.risk(outputs.class_probabilities(made, lead)) for lead in made.by_lead]
    np.testing.assert_allclose(total.to_numpy(), np.concatenate(risk), rtol=0, atol=1e-9)
