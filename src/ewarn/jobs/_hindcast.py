"""Forecast past months with a model spec as known then, and store the hindcast under mlruns/."""

import math
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from ewarn.core import columns, months
from ewarn.core.specs import ModelSpec
from ewarn.data.ingest import Loaded
from ewarn.data.panel import Panel
from ewarn.evaluation import backtest, hindcasts, verification
from ewarn.evaluation.hindcasts import Hindcast
from ewarn.forecasting.model import Track
from ewarn.jobs import _run_tags

MONTHS = 24  # target months that every lead has
REFIT = 12  # months that one fit serves, its own the first
_DIGITS = 6  # scored rows are float32, in which equal sums differ after that
_SAID = ["p_ge_1", "p_ge_25", "p_increase", "p_large_increase"]


def hindcast(
    spec: ModelSpec, loaded: Loaded, known: Panel, mlruns: Path, track: Track
) -> tuple[Hindcast, pd.DataFrame]:
    """Return what that spec would have forecast for each of the last 24 months known, at every
    lead, and its rows (`columns.TABLES`).

    Its models were fitted 36, 24 and 12 months before the last one, on what was known then, and
    each forecast is made on what was known at its origin. One that is kept is not made again, and
    an interrupted one goes on where it was. Raises BadInput where the panel is too short.
    """
    newest = known.reference_month
    key = backtest.digest(backtest.key(loaded.inputs, known.as_of), backtest.spec_text(spec))
    name = f"{months.label(newest)}-{spec.name}-{key[:12]}"
    folder = mlruns / hindcasts.FOLDER
    stored = next((one for one in hindcasts.every(folder) if one.about.id == name), None)
    if stored:
        return stored, stored.rows()
    at = origins(spec.leads, newest)
    finished = backtest.store(folder / "finished", loaded.inputs, known.as_of)
    beside = backtest.beside_baseline([spec])
    scored = backtest.run(
        beside, loaded.inputs, at, track, known.as_of, finished, fitted_at=fitted_at(newest)
    )
    rows = _rows(scored, spec.name, newest)
    facts = {
        "id": name,
        "model": spec.name,
        "target": spec.target,
        "leads": list(spec.leads),
        "simulated": loaded.simulated,
        "as_of": known.as_of,
        "reference_month": months.label(newest),
        "first_target": months.label(newest - MONTHS + 1),
        "fitted_at": sorted({months.label(fitted_at(newest)(origin)) for origin in at}),
        "spec": spec.model_dump(),
        "sources": loaded.sources,
        "countries": sorted(loaded.countries),
        "scores": verification.lines(rows),
        "code_version": _run_tags.code_version(),
    }
    built = hindcasts.write(folder, rows, facts)
    shutil.rmtree(finished.folder)  # it is whole now
    return built, rows


def origins(leads: list[int], newest: int) -> list[int]:
    """Return the reference months from which each lead has all of the last 24 target months."""
    return list(range(newest - MONTHS + 1 - max(leads), newest - min(leads) + 1))


def fitted_at(newest: int) -> Callable[[int], int]:
    """Return a function that gives the month in which the model of an origin was fitted: the last
    of 12, 24, 36, ... months before the newest that is not after it.
    """
    return lambda origin: newest - REFIT * math.ceil((newest - origin) / REFIT)


def _rows(scored: pd.DataFrame, model: str, newest: int) -> pd.DataFrame:
    """Return scored rows of a model and the baseline as a hindcast has them, those of the last 24
    target months.
    """
    some = scored[scored["target_month"].astype(str) >= months.label(newest - MONTHS + 1)]
    own, baseline_draws = (
        some[some["model"] == name].reset_index(drop=True) for name in (model, backtest.BASELINE)
    )
    keys = ["unit", "origin", "lead"]
    assert own[keys].astype(str).equals(baseline_draws[keys].astype(str))  # noqa: S101
    rows = own.rename(columns={"origin": "reference_month", "outcome": "count"})
    rows = rows.assign(is_escalation=own["change"].isin(("increase", "large_increase")))
    rows = rows.assign(**_chances(own)).assign(
        **baseline_draws[["crps", "crps_log1p"]].add_prefix("conflictology_"),
        **_chances(baseline_draws).add_prefix("conflictology_"),
    )
    return rows[list(columns.TABLES["hindcasts"])]


def _chances(rows: pd.DataFrame) -> pd.DataFrame:
    wide = rows[_SAID].astype(float).round(_DIGITS)
    wide["risk"] = (wide["p_increase"] + wide["p_large_increase"]).round(_DIGITS)
    return wide[["risk", "p_ge_1", "p_ge_25"]]
