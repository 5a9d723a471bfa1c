"""The scored rows of a backtest into a run in MLflow."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ewarn import backtest, plots
from ewarn.inputs import Loaded
from ewarn.jobs import _runs
from ewarn.registry import Registry
from ewarn.specs import ModelSpec


def log_backtest(
    rows: pd.DataFrame, chosen: Sequence[ModelSpec], loaded: Loaded, mlruns: Path
) -> str:
    """The run that holds a backtest's metrics by lead, its tables and calibration plots."""
    names = [spec.name for spec in chosen]
    origins = sorted(rows["origin"].unique())
    params = {"models": ",".join(names), "origins": len(origins)}
    params |= {"first": origins[0], "last": origins[-1], "code_version": _runs.code_version()}
    tables = {
        "summary": backtest.summary(rows),
        "strata": backtest.summary(rows, ("model", "lead", "stratum")),
        "against_conflictology": backtest.against(rows, backtest.BASELINE),
    }
    documents: dict[str, Any] = {
        f"{name}.json": table.to_dict("records") for name, table in tables.items()
    }
    documents["specs.json"] = [spec.model_dump() for spec in chosen]
    documents["sources.json"] = loaded.sources
    curves = {
        f"calibration_{name}.png": plots.calibration(
            backtest.reliability(rows[rows["model"] == name])
        )
        for name in names
    }
    registry = Registry(mlruns)
    with registry.run("backtest", "-".join(names), params) as run_id:
        registry.log(run_id, _runs.by_lead(rows), documents, curves)
    return run_id
