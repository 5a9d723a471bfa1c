"""Arrange tables of numbers as grids for a page: a line a lead or stratum, a column a model."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ewarn.evaluation.report._numbers import Numbers


@dataclass(frozen=True)
class Cell:
    """A number as shown, and whether it is the best of its group."""

    text: str
    is_best: bool = False


@dataclass(frozen=True)
class Grid:
    """A titled table: the head of each column, and lines of a label and cells."""

    title: str
    head: list[str]
    lines: list[tuple[str, list[Cell]]]


@dataclass(frozen=True)
class Metric:
    """How a metric is named and shown, and which number is best: the nearest to `aim`, if any."""

    name: str
    shown: str
    aim: float | None
    form: str

    def cells(self, values: "pd.Series[float]") -> list[Cell]:
        """Return the numbers of several models, the best marked."""
        off = (values - (float("nan") if self.aim is None else self.aim)).abs()
        return [
            Cell("none" if pd.isna(value) else format(value, self.form), bool(miss == off.min()))
            for value, miss in zip(values, off, strict=True)
        ]


METRICS = (
    Metric("crps", "CRPS (fatalities)", 0, ".4f"),
    Metric("crps_log1p", "CRPS of log(1 + count)", 0, ".4f"),
    Metric("rps", "RPS of the five classes", 0, ".4f"),
    Metric("brier_ge_1", "Brier, at least 1", 0, ".4f"),
    Metric("brier_ge_25", "Brier, at least 25", 0, ".5f"),
    Metric("ap_ge_1", "AP, at least 1", 1, ".3f"),
    Metric("ap_ge_25", "AP, at least 25", 1, ".3f"),
    Metric("ap_large_increase", "AP, large increase", 1, ".3f"),
    Metric("pit_90", "In 90 % interval, by PIT", 0.9, ".1%"),
    Metric("coverage_90", "In 90 % interval, ends included", None, ".1%"),
)
_BY_PART = ("crps", "crps_log1p", "brier_ge_1", "ap_ge_25", "ap_large_increase", "pit_90")


def average(found: Numbers, models: Sequence[str]) -> Grid:
    """Return every metric, a line each, all leads counting equally."""
    table = found.average.set_index("model").loc[list(models)]
    lines = [(metric.shown, metric.cells(table[metric.name])) for metric in METRICS]
    return Grid("", list(models), lines)


def by_lead(found: Numbers, models: Sequence[str]) -> list[Grid]:
    """Return one grid a metric, a line a lead."""
    return [_grid(found.by_lead, metric, "lead", models) for metric in METRICS]


def by_part(found: Numbers, models: Sequence[str]) -> list[Grid]:
    """Return one grid a metric, a line a stratum, and onset and continuation apart."""
    onset = found.by_onset.assign(part=found.by_onset["is_onset"].map(_ONSET))
    strata = found.by_stratum.assign(part=found.by_stratum["stratum"].astype(str))
    both = pd.concat([strata, onset])
    both["part"] += both["share"].map(" ({:.1%})".format)
    return [_grid(both, metric, "part", models) for metric in METRICS if metric.name in _BY_PART]


def owners(found: Numbers, models: Sequence[str]) -> Grid:
    """Return the deadliest unit-months, and the share of each model's CRPS that each owns."""
    lines = [
        (
            f"{row['unit']}, {row['target_month']}",
            [Cell(f"{row['outcome']:.0f}"), *(Cell(f"{row[name]:.1%}") for name in models)],
        )
        for row in found.owners.to_dict("records")
    ]
    whole = [Cell(f"{found.owners[name].sum():.1%}") for name in models]
    return Grid("", ["fatalities", *models], [*lines, ("together", [Cell(""), *whole])])


def against(table: pd.DataFrame, baseline: str) -> Grid:
    """Relative differences from a baseline on average over leads, a line a metric."""
    names = {one.name: one.shown for one in METRICS}
    lines = [
        (names[str(metric)], [difference(row) for row in own.to_dict("records")])
        for metric, own in table.groupby("metric", sort=False)
    ]
    return Grid(f"Difference from {baseline}", list(dict.fromkeys(table["model"])), lines)


def difference(row: Mapping[Any, Any]) -> Cell:
    """Return a relative difference with its interval, marked where the whole of that is better."""
    mean, low, high = (row[key] for key in ("relative", "relative_low", "relative_high"))
    if pd.isna(mean):
        return Cell("none")
    interval = "" if pd.isna(low) else f" ({low:+.1%} to {high:+.1%})"
    return Cell(f"{mean:+.1%}{interval}", bool(high < 0))


def _grid(table: pd.DataFrame, metric: Metric, by: str, models: Iterable[str]) -> Grid:
    wide = table.pivot(index=by, columns="model", values=metric.name)
    wide = wide.loc[list(dict.fromkeys(table[by])), list(models)]
    lines = [(str(label), metric.cells(row)) for label, row in wide.iterrows()]
    return Grid(metric.shown, list(models), lines)


_ONSET = {True: "onset", False: "continuation"}
