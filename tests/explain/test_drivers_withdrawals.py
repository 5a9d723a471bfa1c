"""Where a withdrawal was simulated to matter, the withdrawals group is the largest mover."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from ewarn.core import months, specs
from ewarn.data import ingest, panel, places
from ewarn.data.ingest import Files
from ewarn.data.sources import simulated
from ewarn.data.sources.simulated import FIRST_MONTH, LAST_MONTH, World
from ewarn.explain import drivers
from ewarn.forecasting import model

pytestmark = pytest.mark.slow

COUNTRIES = (
    *("BFA", "CAF", "CMR", "COD", "ETH", "MLI", "MOZ", "NER", "NGA", "SDN", "SOM", "SSD", "TCD"),
)
# Violence that feeds little on itself, and ten times the base rate after a withdrawal: here the
# withdrawal is what matters, and the unit's own past tells little of it.
PARAMETERS = World(own=0.2, spill=0.05, withdrawal=10)
WITHDRAWALS, REFERENCE, LEADS = 400, "2022-10", [1, 3, 6, 12]


def closures() -> pd.DataFrame:
    """Bases that close in months drawn at random, each announced eight months before."""
    units = places.of_countries(places.shipped(), COUNTRIES).table
    random = np.random.default_rng(0)
    rows = []
    for number in range(WITHDRAWALS):
        place = units.iloc[random.integers(len(units))]
        month = int(random.integers(FIRST_MONTH + 12, LAST_MONTH + 12))
        day, told = (f"{months.label(one)}-15" for one in (month, month - 8))
        where = (place["country"], place["name"], f"camp {number}", f"mission {number}")
        rows.append((f"P{number}", *where, "planned_base_closure", told, day))
        rows.append((f"R{number}", *where, "base_closure", day, day))
    names = ["milestone_id", "country_iso3", "admin1_name", "place", "mission", "kind"]
    table = pd.DataFrame(rows, columns=[*names, "announced_on", "effective_on"])
    return table.assign(source="made up", confidence="high")


@pytest.mark.slow
def test_withdrawals_lead_where_they_were_simulated_to_matter(tmp_path, monkeypatch):
    closures().to_csv(tmp_path / "milestones.csv", index=False)
    monkeypatch.setattr(simulated, "simulate", partial(simulated.simulate, parameters=PARAMETERS))
    loaded = ingest.load(Files(milestones=tmp_path / "milestones.csv", countries=COUNTRIES))
    units = loaded.units
    truth = simulated.simulate(units.table, units.neighbours, loaded.as_known.milestones)
    known = panel.at(loaded.as_known, months.parse(REFERENCE))
    spec = specs.model("lgbm").model_copy(update={"leads": LEADS})
    table = drivers.table(model.forecast(model.fit(spec, known, True), known))
    place = dict(zip(units.table["code"], range(len(units.table)), strict=True))
    month = table["lead"].to_numpy() + months.parse(REFERENCE) - FIRST_MONTH
    table["matters"] = truth.multiplier[table["unit"].map(place).to_numpy(), month] > 1
    leading = table[table["driver_rank"] == 1]
    share = leading.groupby("matters")["driver"].value_counts(normalize=True)
    moved = table[table["driver"] == "withdrawals"].groupby("matters")["contribution"]
    size = moved.agg(lambda some: some.abs().mean())
    print("\nleading driver, share of unit-months:", share.unstack().round(3).to_string(), sep="\n")
    print("mean size of the withdrawals' contribution:", size.round(4).to_dict())
    assert share[True].idxmax() == "withdrawals"
    assert share[True]["withdrawals"] > 1.5 * share[False]["withdrawals"]
    assert size[True] > 3 * size[False]
