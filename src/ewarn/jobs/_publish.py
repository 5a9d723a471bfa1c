"""A model and a panel into an issue."""

from pathlib import Path
from typing import Any

import pandas as pd

from ewarn import issue, model, months, places, plots, release
from ewarn.inputs import Loaded
from ewarn.issue import Issue
from ewarn.jobs._train import Trained
from ewarn.panel import Panel


def publish(trained: Trained, loaded: Loaded, known: Panel, mlruns: Path) -> Issue:
    """The issue of that model's forecast from the panel, written once."""
    forecast = model.forecast(trained.model, known)
    tables = release.tables(forecast, places.geojson(loaded.units))
    files = {
        "map.png": _map(trained, loaded, tables["risks"]),
        "set_aside.csv": loaded.set_aside.to_csv(index=False).encode(),
    }
    return issue.write(mlruns / "issues", tables, _about(trained, loaded, known), files)


def _about(trained: Trained, loaded: Loaded, known: Panel) -> dict[str, Any]:
    spec = trained.model.spec
    return {
        "as_of": known.as_of,
        "reference_month": months.label(known.reference_month),
        "target": spec.target,
        "leads": list(spec.leads),
        "simulated": loaded.simulated,
        "model": {
            "name": spec.name,
            "version": str(trained.version),
            "run_id": trained.run_id,
            "spec": spec.model_dump(),
            "scores": trained.scores,
        },
        "sources": loaded.sources,
    }


def _map(trained: Trained, loaded: Loaded, risks: pd.DataFrame) -> bytes:
    nearest = risks[risks["lead"] == risks["lead"].min()].set_index("unit")
    month, spec = nearest["target_month"].iloc[0], trained.model.spec
    title = f"Risk of escalation in {month}: {spec.target}, model {spec.name}"
    risk = nearest["risk"].reindex(loaded.units.table["code"]).to_numpy()
    banner = "SIMULATED EVENTS\n" if loaded.simulated else ""
    return plots.risk_map(loaded.units.geometry, risk, banner + title)
