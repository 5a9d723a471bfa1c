"""What every MLflow run records, and where runs are stored."""

import hashlib
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.core.specs import ModelSpec
from ewarn.data.ingest import Loaded
from ewarn.data.panel import Panel
from ewarn.evaluation import backtest
from ewarn.tracking import Registry


def params(spec: ModelSpec, loaded: Loaded, known: Panel) -> dict[str, Any]:
    """Return the parameters of a training run: spec, input digests, clocks and the version of the
    code.
    """
    given = {f"parameters.{key}": value for key, value in spec.parameters.items()}
    digests = {f"input.{one['kind']}": one["digest"] for one in loaded.sources}
    facts = {
        "family": spec.family,
        "feature_sets": ",".join(spec.feature_sets),
        "train_months": spec.train_months,
        "as_of": known.as_of,
        "reference_month": months.label(known.reference_month),
        "simulated": loaded.simulated,
        "code_version": code_version(),
    }
    return facts | given | digests


def existing(mlruns: Path) -> Registry:
    """Return the registry under that folder; raises BadInput where nothing was trained."""
    if not (mlruns / "mlflow.db").exists():
        raise BadInput(mlruns, "no trained model", "one, as `ewarn train` makes it")
    return Registry(mlruns)


def by_lead(summary: pd.DataFrame) -> dict[tuple[str, int], float]:
    """Return the metrics of a summary, a row a model and lead, by ("model.metric", lead)."""
    return {
        (f"{line['model']}.{name}", int(line["lead"])): float(value)
        for line in summary.to_dict("records")
        for name, value in line.items()
        if name not in ("model", "lead")
    }


def mean_scores(rows: pd.DataFrame) -> dict[str, float]:
    """Return the metrics of one model's scored rows, means over leads."""
    means = backtest.summary(rows).drop(columns=["model", "lead"]).mean()
    return {str(key): float(value) for key, value in means.items()}


def code_version() -> str:
    """Return the version of ewarn, and a digest of its files, which distinguishes edited copies."""
    total = hashlib.sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        total.update(path.read_bytes())
    return f"{metadata.version('ewarn')}+{total.hexdigest()[:12]}"
