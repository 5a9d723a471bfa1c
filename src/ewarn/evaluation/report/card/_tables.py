"""Arrange the numbers of a card as grids: the model, the baseline, and their paired difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ewarn.evaluation.report._grids import METRICS, Cell, Grid, Metric, difference
from ewarn.evaluation.report._numbers import frame

_SHOWN = ("crps_log1p", "crps", "brier_ge_1", "ap_ge_1")


@dataclass(frozen=True)
class Shade:
    """How much worse it gets, as a share, and how dark that is shown, 0 to 1."""

    text: str
    depth: float


def average(card: Mapping[str, Any]) -> Grid:
    """Return every metric, a line each, all leads counting equally."""
    models = _models(card)
    lines = [
        (metric.shown, _cells(metric, models, *_tables(card, "average"))) for metric in METRICS
    ]
    return Grid("", _head(models), lines)


def parts(card: Mapping[str, Any], table: str, by: str) -> list[Grid]:
    """Return one grid a main metric, a line each lead or stratum."""
    models = _models(card)
    found, differences = _tables(card, table)
    return [
        Grid(
            metric.shown,
            _head(models),
            [
                (_label(own), _cells(metric, models, own, differences[differences[by] == part]))
                for part, own in found.groupby(by, sort=False)
            ],
        )
        for metric in METRICS
        if metric.name in _SHOWN
    ]


def importance(card: Mapping[str, Any]) -> tuple[list[str], list[tuple[str, list[Shade]]]]:
    """Return the head, all leads and then each, and the groups, the one that matters most first."""
    table = frame(card["importance"]["by_lead"])
    wide = table.pivot(index="group", columns="lead", values="share")
    most = max(float(np.nanmax(wide, initial=0)), 1e-9)
    whole = frame(card["importance"]["average"]).sort_values("share", ascending=False)
    lines = []
    for one in whole.to_dict("records"):
        first = _shade(one["share"], most, one["share_low"], one["share_high"])
        each = [_shade(share, most) for share in wide.loc[one["group"]].to_numpy(float)]
        lines.append((one["group"].replace("_", " "), [first, *each]))
    return ["all leads", *map(str, wide)], lines


def _shade(share: float, most: float, *interval: float) -> Shade:
    if pd.isna(share):
        return Shade("none", 0.0)
    # The square root, because one group often matters ten times as much as all others.
    depth = min(1.0, max(0.0, share / most)) ** 0.5
    shown = [f"{one:z.1%}" for one in interval if share and pd.notna(one)]
    text = f"{share:z.1%}" if share else "0"
    return Shade(f"{text} ({' to '.join(shown)})" if shown else text, round(depth, 2))


def _models(card: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys([card["model"], card["compared_with"]]))


def _head(models: Sequence[str]) -> list[str]:
    return [*models, "difference"] if len(models) > 1 else list(models)


def _tables(card: Mapping[str, Any], name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    found, differences = (frame(card[part][name]) for part in ("scores", "differences"))
    columns = dict.fromkeys([*differences, "metric", "lead", "stratum"])  # of no rows, no columns
    return found, differences.reindex(columns=list(columns))


def _cells(
    metric: Metric, models: Sequence[str], found: pd.DataFrame, differences: pd.DataFrame
) -> list[Cell]:
    own = found.set_index("model")[metric.name].reindex(list(models))
    paired = differences[differences["metric"] == metric.name].to_dict("records")
    shown = [difference(one) for one in paired] or [Cell("")]
    return [*metric.cells(own), *(shown if len(models) > 1 else [])]


def _label(own: pd.DataFrame) -> str:
    first = own.to_dict("records")[0]
    if "stratum" in first:
        return f"{first['stratum']} ({first['share']:.1%})"
    return str(first["lead"])
