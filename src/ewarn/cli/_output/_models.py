"""Print scores, backtests, registered models and verdicts."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from rich.markup import escape

from ewarn.cli._output._console import frame, out, place

if TYPE_CHECKING:
    from ewarn.evaluation.report import Numbers
    from ewarn.jobs import Judged, Reported, Trained

_SCORES = {
    "model": "model",
    "crps": "CRPS",
    "crps_log1p": "CRPS of log1p",
    "brier_ge_1": "Brier >= 1",
    "brier_ge_25": "Brier >= 25",
    "ap_ge_25": "AP >= 25",
    "ap_large_increase": "AP large increase",
    "pit_90": "in 90 % (PIT)",
}


def scores(one: "Trained", what: str) -> None:
    """The scores of a model, a line a metric."""
    lines = pd.Series(one.scores, name="score").rename_axis("metric").reset_index()
    frame(lines, f"{one.model.spec.name}: {what}")


def resumed(finished: int, total: int) -> None:
    """How much of a backtest an earlier run has left."""
    if finished:
        out.print(f"resumed      {finished} of {total} origins x models were finished before")


def backtest(numbers: "Numbers", baselines: Sequence[str]) -> None:
    """The main scores of each model, and by lead how they differ from the first baseline's."""
    whole = numbers.average[list(_SCORES)].rename(columns=_SCORES)
    frame(whole, f"Means over leads, origins: {len(numbers.origins)}")
    differences = numbers.against[baselines[0]]
    if differences.empty:
        return
    main = differences[differences["metric"].isin(["crps", "crps_log1p"])]
    shown = [f"{one.difference:+.4f} ({one.low:+.4f} to {one.high:+.4f})"
             for one in main.itertuples()]  # fmt: skip
    wide = main.assign(shown=shown).pivot(index=["model", "lead"], columns="metric", values="shown")
    frame(wide.reset_index(), f"Less {baselines[0]}'s, with interval over origins (- is better)")


def reported(made: "Reported", forecasts: Path | None) -> None:
    """Where a backtest's report lies."""
    out.print(f"report       {place(made.page)}")
    out.print(f"numbers      {place(made.page.with_name('numbers.json'))}")
    out.print(f"MLflow run   {made.run_id}")
    if forecasts:
        out.print(f"forecasts    {forecasts}")


def trained(one: "Trained") -> None:
    """Where a model is found in MLflow."""
    out.print(f"model        {one.name} version {one.version} ({one.model.spec.name})")
    out.print(f"MLflow run   {one.run_id}  (make mlflow)")


def verdict(one: "Judged") -> None:
    """Every reason for and against a promotion, and what became of it."""
    chosen, passed = one.version, one.verdict.passed
    out.print(f"judged       {chosen.name} version {chosen.version} ({chosen.spec})")
    for reason in one.verdict.reasons:
        mark = "passed      " if reason.passed else "[bold red]REFUSED[/]     "
        out.print(f"{mark} {escape(reason.text)}")
    now = chosen if passed else one.champion
    champion = f"{now.name} version {now.version} ({now.spec})" if now else "none yet"
    out.print(f"champion     {champion}" + ("" if passed else ", as before"))
    out.print(f"MLflow run   {chosen.run_id}  (gate.json)")
    if passed:
        out.print("next         make forecast")
