"""What changed: parts of a risk's change, by hand where the model is known, and in an issue."""

import dataclasses
import itertools
import shutil
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from support import worlds

from ewarn import jobs
from ewarn.cli._output import track
from ewarn.core import files, months, specs
from ewarn.core.errors import BadInput
from ewarn.data import ingest, panel
from ewarn.data.vintages import Store
from ewarn.explain import changes
from ewarn.explain.changes import PARTS, IssueEvidence
from ewarn.forecasting import escalation, model, outputs
from ewarn.forecasting.model import Model
from ewarn.publishing import issue

pytestmark = pytest.mark.slow

NAMES = ("fatalities.lag_0", "fatalities.sum_3", "bases.lag_0", "ahead.milestones.months_until")
OLD, NEW = months.parse("2020-11"), months.parse("2020-12")
MLI_A, NER_C = worlds.CODES.index("MLI-A"), worlds.CODES.index("NER-C")


@dataclass(frozen=True)
class Weighted:
    """A family whose risk is a sum: of the lead's weight, each feature's, and a number; or that
    sum bent, with the count that is asked for, so that no part comes alone.
    """

    features: dict[str, float]
    lead: float = 0.0
    number: float = 0.0
    product: float = 0.0  # of deaths and bases
    is_bent: bool = False

    def p_ge(self, rows, count):
        values = {
            name: np.nan_to_num(cells)
            for name, cells in zip(rows.names, rows.matrix.T, strict=True)
        }
        total = sum(weight * values[name] for name, weight in self.features.items())
        both = values["fatalities.lag_0"] * values["bases.lag_0"]
        total = (total + self.lead * rows.lead + self.number + self.product * both).astype(float)
        return np.tanh(total) + 0.01 * count if self.is_bent else total

    def forecast(self, rows):
        raise NotImplementedError

    def dump(self):
        return {"weighted": repr(self)}


def fitted(**weights) -> Model:
    spec = specs.model("negbin").model_copy(
        update={"leads": [1, 2, 3], "feature_sets": ["events", "withdrawals"]}
    )
    return Model(spec, NAMES, "2020-10", False, Weighted(**weights))


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The panels of the two last months; nothing is told otherwise, no base stands."""
    loaded = ingest.load(worlds.files(tmp_path_factory.mktemp("world")))
    panels = [panel.at(loaded.as_known, month) for month in (OLD, NEW)]
    return [with_bases(one, 0) for one in panels]


def with_bases(known, number, unit=MLI_A):
    bases = np.zeros(known.shape, np.float32)
    bases[unit, -1] = number
    return replace(known, columns=known.columns | {"bases": bases})


def revised(known, unit, month, deaths):
    cells = known.columns["fatalities"].copy()
    cells[unit, month - known.first_month] = deaths
    return replace(known, columns=known.columns | {"fatalities": cells})


def parts(before, after, old: Model, new: Model | None = None) -> pd.DataFrame:
    """The parts by unit, of the month after next to the old panel: leads 2 and 1."""
    both = [told_by(old, before), told_by(new or old, after)]
    found = changes.parts(*both)
    add_up(found, *both)
    nearest = found[found["target_month"] == months.label(after.reference_month + 1)]
    return nearest.set_index("unit")[list(PARTS)]


def told_by(one: Model, known) -> IssueEvidence:
    rows = list(model.rows(one, known))
    risks = pd.concat(
        pd.DataFrame({
            "unit": known.units["code"], "lead": some.lead,
            "target_month": months.label(known.reference_month + some.lead),
            "risk": one.fitted.p_ge(some, usual(one, some)),
        }) for some in rows
    )  # fmt: skip
    return IssueEvidence(one, known, risks.reset_index(drop=True))


def usual(one: Model, rows):
    """The count that is an increase."""
    past = escalation.base(rows.target[:, -12:])
    return escalation.least_increase(past, one.spec.escalation)


def add_up(found, before, after):
    keys = ["unit", "target_month"]
    table = changes.table(before.risks, after.risks, found).dropna()
    assert len(table) == len(found) > 0
    np.testing.assert_allclose(table[list(PARTS)].sum(axis=1), table["risk_change"], atol=1e-9)
    assert not table.duplicated(keys).any()


def test_new_events_are_what_a_later_month_tells(told):
    found = parts(*told, fitted(features={"fatalities.lag_0": 0.001}))
    assert found.loc["NER-C", "new_events"] == pytest.approx(0.039)  # 39 deaths in 2020-12
    assert found.loc["MLI-A", "new_events"] == 0  # 2 as in each month before
    assert (found.drop(columns="new_events") == 0).all(axis=None)


def test_revised_events_are_what_an_earlier_month_tells_otherwise(told):
    now = revised(told[1], MLI_A, OLD, 5)  # 3 deaths more in a month that both sums of 3 have
    found = parts(told[0], now, fitted(features={"fatalities.sum_3": 0.001}))
    assert found.loc["MLI-A", "revised_events"] == pytest.approx(0.003)
    assert found.loc["MLI-A", "new_events"] == pytest.approx(0, abs=1e-12)
    assert found.loc["NER-C", "new_events"] == pytest.approx(0.039)
    assert (found.drop(index="MLI-A")["revised_events"] == 0).all()
    # A last month told otherwise is seen only as long as no later one is: half of it is each's.
    found = parts(told[0], now, fitted(features={"fatalities.lag_0": 0.001}))
    assert found.loc["MLI-A", "revised_events"] == pytest.approx(0.0015)
    assert found.loc["MLI-A", "new_events"] == pytest.approx(-0.0015)


def test_deployments_and_milestones_are_told_apart_from_events(told):
    found = parts(told[0], with_bases(told[1], 2), fitted(features={"bases.lag_0": 0.01}))
    assert found.loc["MLI-A", "deployments_and_milestones"] == pytest.approx(0.02)
    assert np.count_nonzero(found) == 1
    # What is known ahead is about the same month in both issues: it does not come nearer.
    until = fitted(features={"ahead.milestones.months_until": 0.01})
    assert not parts(*told, until).to_numpy().any()


def test_a_shorter_lead_and_a_new_model(told):
    found = parts(*told, fitted(features={}, lead=0.1), fitted(features={}, lead=0.1, number=0.05))
    np.testing.assert_allclose(found["calendar_and_lead"], -0.1)
    np.testing.assert_allclose(found["new_model"], 0.05)
    assert not found.drop(columns=["calendar_and_lead", "new_model"]).to_numpy().any()


def test_what_takes_two_parts_together_is_shared_alike(told):
    model_ = fitted(features={}, product=0.001)  # 39 deaths times 2 bases, neither there before
    found = parts(told[0], with_bases(told[1], 2, NER_C), model_).loc["NER-C"]
    assert found["new_events"] == pytest.approx(0.039)
    assert found["deployments_and_milestones"] == pytest.approx(0.039)


def test_parts_are_the_means_over_all_orders_of_coming(told):
    """Everything changed at once: by definition, from panels put together here."""
    before, after = told[0], with_bases(revised(told[1], MLI_A, OLD, 50), 3)
    weights = dict(zip(NAMES, (0.01, 0.02, 0.1, 0.01), strict=True))
    old = fitted(features=weights, lead=0.1, product=0.1, is_bent=True)
    new = fitted(features=weights | {NAMES[0]: 0.03}, lead=0.2, product=0.2, is_bent=True)
    found = parts(before, after, old, new)
    orders = list(itertools.permutations(range(5)))
    total = np.zeros((len(worlds.CODES), 5))
    for order in orders:
        has = [False] * 5
        value = by_hand(before, after, old, new, has)
        for player in order:
            has[player] = True
            then, value = value, by_hand(before, after, old, new, has)
            total[:, player] += value - then
    assert (found.pop("corrections") == 0).all()  # no month is preliminary
    np.testing.assert_allclose(found, total / len(orders), atol=1e-9)
    assert (np.abs(found.loc["MLI-A"]) > 0).sum() >= 4


def by_hand(before, after, old, new, has):
    """The risk in 2021-01, of a panel put together of two, told by one model at one lead."""
    events, is_revised, missions, later, is_new = has
    one = new if is_new else old
    span = before.shape[1]
    columns = {}
    for name, cells in after.columns.items():
        first = cells[:, :span] if is_revised else before.columns[name]
        columns[name] = np.hstack([first, cells[:, span:]]) if events else first
    base = after if events else replace(before, columns=columns)
    rows = {some.lead: some for some in model.rows(one, replace(base, columns=columns))}
    some = rows[1 if events else 2]
    others = {row.lead: row for row in model.rows(one, after if missions else before)}
    matrix = some.matrix.copy()
    for name in NAMES[2:]:
        place = some.names.index(name)
        matrix[:, place] = others[1 if missions else 2].matrix[:, place]
    some = replace(some, lead=1 if later else 2, matrix=matrix)
    return one.fitted.p_ge(some, usual(one, some))


def test_two_issues_of_one_day_differ_by_the_model_alone(told):
    same = [told_by(fitted(features={}, number=number), told[1]) for number in (0.1, 0.3)]
    found = changes.parts(*same)
    assert len(found) == 18  # three leads, of which each is its own month's
    np.testing.assert_allclose(found["new_model"], 0.2)
    assert not found.drop(columns=["unit", "target_month", "new_model"]).to_numpy().any()


def test_what_another_version_of_the_code_tells_is_a_new_models(told):
    one = fitted(features={})
    before, after = told_by(one, told[0]), told_by(one, told[1])
    before = replace(before, risks=before.risks.assign(risk=before.risks["risk"] + 0.25))
    found = changes.parts(before, replace(after, model=one))
    np.testing.assert_allclose(found["new_model"], -0.25)


def test_issues_that_cannot_be_compared_are_said_to_be(told):
    one = fitted(features={})
    now = told_by(one, told[1])
    others = {
        "other units": replace(told[0], units=told[0].units.iloc[::-1]),
        "a history from": replace(told[0], first_month=told[0].first_month - 1),
        "as before": told[1],
    }
    for why, known in others.items():
        later = told_by(one, told[0]) if why == "as before" else now
        with pytest.raises(BadInput, match=why):
            changes.parts(dataclasses.replace(now, panel=known), later)


# In an issue


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Two issues of the tiny world, a month apart, and what the second was made from."""
    folder = tmp_path_factory.mktemp("two")
    mlruns, paths = folder / "mlruns", worlds.files(folder)
    spec = specs.model("negbin").model_copy(
        update={"leads": [1, 2], "columns": ["fatalities.lag_0", "fatalities.mean_6"]}
    )
    made = []
    for day in (date(2020, 11, 30), date(2020, 12, 31)):
        loaded = ingest.load(paths, Store(mlruns / "vintages"), day)
        loaded.keep(admit=True)
        known = panel.build(loaded.as_known, loaded.day)
        trained = jobs.train(spec, loaded, known, mlruns, track, origins=1)
        made.append(jobs.publish(trained, loaded, known, mlruns))
    return *made, mlruns, (trained, loaded, known)


def test_an_issue_tells_what_changed_since_the_last(two):
    first, second, *_ = two
    assert (first.card.last_issue, len(first.table("changes"))) == (None, 0)
    assert (second.card.last_issue, second.card.changes_untold) == (first.id, None)
    table = second.table("changes").set_index(["unit", "lead"])
    was = first.table("risks").set_index(["unit", "lead"])["risk"]
    for unit in worlds.CODES:
        assert table.loc[(unit, 1), "last_risk"] == was[unit, 2]
        assert table.loc[(unit, 1), list(PARTS)].sum() == pytest.approx(
            table.loc[(unit, 1), "risk"] - was[unit, 2], abs=1e-9
        )
        assert np.isnan(table.loc[(unit, 2), "risk_change"])  # beyond the last issue
    assert table["new_events"].abs().max() > 0


def test_it_is_replayed_from_the_issue_it_names(two, tmp_path):
    first, second, mlruns, _ = two
    assert jobs.replay(second.id, mlruns).difference is None
    for name in ("issues", "vintages"):
        shutil.copytree(mlruns / name, tmp_path / name)
    assert jobs.replay(second.id, tmp_path).difference is None
    shutil.rmtree(tmp_path / "issues" / first.id)
    with pytest.raises(BadInput, match=first.id):
        jobs.replay(second.id, tmp_path)


def test_without_what_the_last_was_made_from_the_change_stands_and_why_no_parts(two, tmp_path):
    first, second, mlruns, made = two
    shutil.copytree(mlruns / "issues" / first.id, tmp_path / "issues" / first.id)
    found = jobs.publish(*made, tmp_path)
    assert found.card.last_issue == first.id
    assert "is gone" in found.card.changes_untold
    table, whole = found.table("changes"), second.table("changes")
    pd.testing.assert_series_equal(table["risk_change"], whole["risk_change"])
    assert table[list(PARTS)].isna().all(axis=None)


def test_the_last_is_whole_of_an_earlier_day_and_of_the_same_kind(two, tmp_path):
    first, _, mlruns, (_, loaded, known) = two

    def last(**other):
        given = {"target": "fatalities", "loaded": loaded, "known": known, "mlruns": mlruns}
        return jobs._last_issue.last(**{**given, **other}).issue

    assert last().id == first.id
    assert last(target="events") is None
    assert last(loaded=replace(loaded, simulated=True)) is None
    assert last(loaded=replace(loaded, countries=("MLI",))) is None
    assert last(known=replace(known, as_of=date(2020, 11, 30))) is None
    shutil.copytree(mlruns / "issues", tmp_path / "issues")
    files.put_whole(tmp_path / "issues" / first.id / "risks.parquet", b"")
    assert last(mlruns=tmp_path) is None


def test_an_issue_whose_changes_do_not_add_up_is_refused(tmp_path):
    from support.small_issue import FILES, about, tables  # noqa: PLC0415

    for column, why in (("new_events", "add up"), ("risk", "not the issue's"),
                        ("last_risk", "no differences")):  # fmt: skip
        made = tables(is_first=False)
        made["changes"].loc[made["changes"]["risk_change"].first_valid_index(), column] += 1e-6
        with pytest.raises(BadInput, match=why):
            issue.write(tmp_path, made, about(last_issue="2020-11-0"), FILES)
    with pytest.raises(BadInput, match="where there is a last issue"):
        issue.write(tmp_path, tables(is_first=False), about(), FILES)
    assert not list(tmp_path.glob("*-*"))


def test_the_release_has_the_same_risks(two):
    """What is compared are the risks as issued, to the last digit."""
    *_, second, _, (trained, _, known) = two
    again = outputs.risks(model.forecast(trained.model, known)).set_index(["unit", "lead"])["risk"]
    told = second.table("changes").astype({"unit": "str"}).set_index(["unit", "lead"])["risk"]
    np.testing.assert_array_equal(told.sort_index(), again.sort_index())
