"""Score sums of joint draws over countries, beside independent draws and conflictology.

python tools/score_country_sums.py [--tuning]
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ewarn.core import months, specs
from ewarn.data import ingest, panel
from ewarn.data.panel import Panel
from ewarn.evaluation import scores
from ewarn.forecasting import areas, model
from ewarn.forecasting.distribution import Distribution
from ewarn.forecasting.model import Forecast

DATA = Path(__file__).parents[2] / "shared" / "data"
SCORED = tuple(f"{year}-12" for year in range(2013, 2020))
TUNING = ("2008-06", "2009-06", "2010-12", "2011-06", "2012-06")
LEADS = [1, 3, 6, 12]
LEVELS = (0.05, 0.95)


@dataclass(frozen=True)
class Case:
    """One origin and lead: draws by name, outcomes, and where there was violence lately."""

    lead: int
    draws: dict[str, Distribution]
    outcome: np.ndarray
    is_active: np.ndarray


def main() -> None:
    """Print the table, a row a kind of draws."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--tuning", action="store_true", help="origins before those scored")
    found = [_row(case) for case in _cases(TUNING if reader.parse_args().tuning else SCORED)]
    rows = pd.concat(found).groupby(["draws", "lead"]).mean()
    print(rows.round(4).to_string())


def _cases(origins: tuple[str, ...]) -> Iterator[Case]:
    loaded = ingest.load(
        ingest.Files(
            events=DATA / "ged/ged211_africa.csv.gz",
            deployments=DATA / "geopko/geopko_v2.1_full.csv.gz",
            milestones=DATA / "milestones/withdrawal_milestones.csv",
        )
    )
    truth = panel.build(loaded.inputs.as_reported(None), loaded.day)
    spec = specs.model("pool").model_copy(update={"leads": LEADS})
    for origin in origins:
        known = panel.at(loaded.inputs, months.parse(origin))
        yield from _leads(model.forecast(model.fit(spec, known), known), truth)


def _leads(forecast: Forecast, truth: Panel) -> Iterator[Case]:
    target, random = forecast.model.spec.target, np.random.default_rng(0)
    countries = areas.by_country(forecast.panel.units["country"].tolist())
    past = forecast.panel.columns[target]
    recent = np.stack([past[rows, -24:].sum(axis=0) for rows in countries.values()])
    at = forecast.panel.reference_month - truth.first_month
    for lead, joint in areas.joint(forecast).items():
        outcome = truth.columns[target][:, at + lead]
        draws = {
            "joint": areas.sums(joint, countries),
            "independent": areas.sums(random.permuted(joint, axis=1), countries),
            "conflictology": Distribution.of(recent[:, -12:]),
        }
        totals = np.array([outcome[rows].sum() for rows in countries.values()])
        yield Case(lead, draws, totals, recent.sum(axis=1) > 0)


def _row(case: Case) -> pd.DataFrame:
    low, high = LEVELS
    lines = []
    for name, draws in case.draws.items():
        pit = scores.pit(draws, case.outcome, (1, case.lead))[case.is_active]
        lines.append(
            {
                "draws": name,
                "lead": case.lead,
                "crps": scores.crps(draws, case.outcome).mean(),
                "crps_log1p": scores.crps_log1p(draws, case.outcome).mean(),
                "in_interval": ((pit >= low) & (pit <= high)).mean(),
            }
        )
    return pd.DataFrame(lines)


if __name__ == "__main__":
    main()
