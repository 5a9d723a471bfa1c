"""Fit and register a model, with the evidence it is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ewarn.core.specs import ModelSpec
from ewarn.data.ingest import Loaded
from ewarn.data.panel import Panel
from ewarn.evaluation import backtest, gate, leakage
from ewarn.evaluation.report.card import Learned
from ewarn.forecasting import model
from ewarn.forecasting.model import Model, Track
from ewarn.jobs import _gate_evidence as evidence
from ewarn.jobs import _model_cards, _run_tags
from ewarn.publishing import plots
from ewarn.tracking import Registry

HELD_OUT = 12  # months from the last origin a training run is scored on to the newest outcome
EVERY = 3  # months between those origins


@dataclass(frozen=True)
class Trained:
    """A fitted model with its place in MLflow, its mean scores over leads, and its card."""

    model: Model
    name: str
    version: int
    run_id: str
    scores: dict[str, float]
    card: Mapping[str, bytes] = field(default_factory=dict)


def registered_name(spec: ModelSpec, simulated: bool) -> str:
    """Return the name a model is registered by: models of made-up and of real events never mix."""
    return f"ewarn-{spec.target}" + ("-simulated" if simulated else "")


def train(
    spec: ModelSpec,
    loaded: Loaded,
    known: Panel,
    mlruns: Path,
    track: Track,
    origins: int = gate.ORIGINS,
) -> Trained:
    """Return the model fitted on the whole panel, logged and registered.

    Its run holds the scores of further fits, one for each of so many held-out origins, on what
    outcomes, beside conflictology's, the leakage test, and the model card. Nothing is written
    before all is done; the card comes last, because it names the version.
    """
    fitted = model.fit(spec, known, loaded.simulated, track)
    seen = _model_cards.Seen(spec.name)
    rows = _held_out(spec, loaded, known, track, origins, seen)
    checked = leakage.check(spec, loaded.as_known, known)
    own = rows[rows["model"] == spec.name]
    scores = _run_tags.mean_scores(own)
    picture = plots.calibration(backtest.reliability(own))
    name = registered_name(spec, loaded.simulated)
    registry = Registry(mlruns)
    with registry.run("train", spec.name, _run_tags.params(spec, loaded, known)) as run_id:
        registry.log(
            run_id,
            _run_tags.by_lead(backtest.summary(rows))
            | {(f"mean_{key}", 0): value for key, value in scores.items()},
            evidence.documents(spec, loaded, checked),
            evidence.files(rows) | {"calibration.png": picture},
        )
        version = registry.register(run_id, fitted, name)
        learned = Learned(fitted, known, loaded.sources, _run_tags.code_version())
        called = {"registered_name": name, "model_version": str(version)}
        card = _model_cards.files(learned, rows, seen, called)
        registry.log(run_id, {}, {}, card)
    return Trained(fitted, name, version, run_id, scores, card)


def champion(spec: ModelSpec, simulated: bool, mlruns: Path) -> Trained | None:
    """Return the promoted model for that target, or None; makes no store where there is none."""
    if not (mlruns / "mlflow.db").exists():
        return None
    registry = Registry(mlruns)
    found = registry.champion(registered_name(spec, simulated))
    if found is None:
        return None
    fitted, line = found
    card = _model_cards.kept(registry, line.run_id)
    scores = {key.removeprefix("mean_"): value for key, value in line.metrics.items()}
    return Trained(fitted, line.name, line.version, line.run_id, scores, card)


def versions(mlruns: Path) -> pd.DataFrame:
    """Return the registered versions, newest first, a row a version: what it is and how it
    scored.
    """
    lines = [
        {
            "name": one.name,
            "version": one.version,
            "model": one.spec,
            "champion": "yes" if one.is_champion else "",
            "run_id": one.run_id,
            "crps": one.metrics.get("mean_crps", float("nan")),
            "crps_log1p": one.metrics.get("mean_crps_log1p", float("nan")),
        }
        for one in _run_tags.existing(mlruns).every()
    ]
    return pd.DataFrame(lines)


def _held_out(
    spec: ModelSpec,
    loaded: Loaded,
    known: Panel,
    track: Track,
    origins: int,
    seen: _model_cards.Seen,
) -> pd.DataFrame:
    last = known.reference_month - HELD_OUT
    at = [last - EVERY * back for back in reversed(range(origins))]
    chosen = backtest.beside_baseline([spec])
    return backtest.run(chosen, loaded.inputs, at, track, known.as_of, None, seen.look)
