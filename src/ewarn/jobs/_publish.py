"""Issue a forecast from a model and a panel."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from ewarn.core import months
from ewarn.data import places, quality
from ewarn.data.ingest import Loaded
from ewarn.data.panel import Panel
from ewarn.data.quality import Finding
from ewarn.explain import drivers
from ewarn.forecasting import model
from ewarn.jobs import _run_tags
from ewarn.jobs._last_issue import Last, last
from ewarn.jobs._train import Trained
from ewarn.publishing import issue, plots, tables
from ewarn.publishing.issue import Issue


def publish(
    trained: Trained,
    loaded: Loaded,
    known: Panel,
    mlruns: Path,
    accepted: Sequence[Finding] = (),
    since: Last | None = None,
) -> Issue:
    """Return the issue of that model's forecast from the panel, written once.

    `accepted` are the findings about the data that were accepted for it; changes are measured since
    the last issue there is, or that given.
    """
    since = since or last(trained.model.spec.target, loaded, known, mlruns)
    forecast = model.forecast(trained.model, known)
    built = tables.tables(forecast, places.geojson(loaded.units))
    built["drivers"] = drivers.table(forecast)
    built["changes"], untold = since.changes(forecast, built["risks"])
    files = {
        "map.png": _map(trained, loaded, built["risks"]),
        "set_aside.csv": loaded.set_aside.to_csv(index=False).encode(),
    } | {f"model_{name}": content for name, content in trained.card.items()}
    about = _about(trained, loaded, known) | {
        "accepted": [asdict(one) for one in accepted],
        "last_issue": since.issue.id if since.issue else None,
        "changes_untold": untold,
    }
    return issue.write(mlruns / "issues", built, about, files)


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
            "digest": model.digest(trained.model),
            "left_out": model.left_out(trained.model),
        },
        "sources": loaded.sources,
        "drivers_reference": drivers.REFERENCE,
        "months_behind": quality.months_behind(loaded),
        "preliminary_months": known.preliminary,
        "countries": sorted(loaded.countries),
        "code_version": _run_tags.code_version(),
    }


def _map(trained: Trained, loaded: Loaded, risks: pd.DataFrame) -> bytes:
    nearest = risks[risks["lead"] == risks["lead"].min()].set_index("unit")
    month, spec = nearest["target_month"].iloc[0], trained.model.spec
    title = f"Risk of escalation in {month}: {spec.target}, model {spec.name}"
    risk = nearest["risk"].reindex(loaded.units.table["code"]).to_numpy()
    banner = "SIMULATED EVENTS\n" if loaded.simulated else ""
    return plots.risk_map(loaded.units.geometry, risk, banner + title)
