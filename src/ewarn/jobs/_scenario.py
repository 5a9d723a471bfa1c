"""Forecast an issue's units with and without the changes of a scenario."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ewarn.core import columns
from ewarn.explain.scenarios import counterfactual
from ewarn.explain.scenarios.request import Scenario
from ewarn.forecasting import model, outputs
from ewarn.jobs._reload import Recalled, named, recall
from ewarn.publishing import issue
from ewarn.publishing.issue import Card, Issue

_COMPARED = ("risk", "expected", "p_ge_25")


@dataclass(frozen=True)
class ScenarioRunner:
    """An issue, what it was made from, and its risks, ready for many scenarios."""

    card: Card
    made_from: Recalled
    risks: pd.DataFrame

    def run(self, scenario: Scenario) -> pd.DataFrame:
        """Return the forecast with and without, a row a unit and lead, of the requested units, or
        else of those whose risk changes most at any lead; raises BadInput naming a field.
        """
        reported, known = self.made_from.loaded, self.made_from.known
        for code in scenario.admin1_code:
            counterfactual.unit_of("admin1_code", code, known)
        changed = counterfactual.build(scenario, known, reported.as_known, reported.units)
        risks = outputs.risks(model.forecast(self.made_from.model, changed))
        return _shown(_compared(self.risks, risks), scenario)


def scenario_runner(name: str | None, mlruns: Path) -> ScenarioRunner:
    """Return the issue of that id, or in that folder, else the newest, ready for scenarios.

    Raises BadInput where a vintage or the model is gone, naming it.
    """
    was: Issue = named(name, mlruns) if name else issue.newest(mlruns / "issues")
    made_from = recall(was, mlruns)
    forecast = model.forecast(made_from.model, made_from.known)
    return ScenarioRunner(was.card, made_from, outputs.risks(forecast))


def _compared(without: pd.DataFrame, with_it: pd.DataFrame) -> pd.DataFrame:
    """Return the two beside each other; both have the same rows in the same order."""
    table = without.copy()
    for name in _COMPARED:
        table[f"{name}_with"], table[f"{name}_without"] = with_it[name], without[name]
        table[f"{name}_difference"] = with_it[name] - without[name]
    return table[list(columns.TABLES["scenarios"])]


def _shown(table: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Return the rows of the units to answer, the unit that changes most first, then by lead."""
    sizes = [f"{name}_difference" for name in _COMPARED[:2]]
    most = table[sizes].abs().groupby(table["unit"]).max().reset_index()
    order = most.sort_values([*sizes, "unit"], ascending=[False, False, True])["unit"]
    chosen = (
        order[order.isin(scenario.admin1_code)]
        if scenario.admin1_code
        else order.head(scenario.top)
    )
    place = {unit: rank for rank, unit in enumerate(chosen)}
    some = table[table["unit"].isin(chosen)]
    by_place = some.assign(place=some["unit"].map(place)).sort_values(["place", "lead"])
    return by_place.drop(columns="place").reset_index(drop=True)
