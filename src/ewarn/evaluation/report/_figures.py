"""Draw the tables and scored rows of a backtest as SVG."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ewarn.evaluation import backtest
from ewarn.evaluation.backtest import Curve

# Okabe and Ito's colours, which colour-blind readers can distinguish; baselines are grey.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_GREYS = ("#555555", "#9a9a9a")
_STYLE: Any = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e8e8e8",
    "axes.axisbelow": True,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "svg.hashsalt": "ewarn",  # the same numbers give the same bytes
}
FEWEST = 20  # forecasts a point of a reliability diagram needs
Colours = dict[str, str]


def colours(baselines: Sequence[str], rivals: Sequence[str]) -> Colours:
    """Return one colour a model, the same in every picture."""
    grey = {name: _GREYS[place % 2] for place, name in enumerate(baselines)}
    return grey | {name: _COLOURS[place % len(_COLOURS)] for place, name in enumerate(rivals)}


def skill(table: pd.DataFrame, baseline: str, palette: Colours) -> str:
    """By lead, how far each model's CRPS is from the baseline's, in %, with its interval."""
    with _drawing(10, 4.2, 2) as (figure, axes):
        shown = {"crps": "CRPS", "crps_log1p": "CRPS of log(1 + count)"}
        for one, (metric, title) in zip(axes, shown.items(), strict=True):
            one.axhline(0, color=palette[baseline], linewidth=1.5)
            for name, own in table[table["metric"] == metric].groupby("model", sort=False):
                mean, low, high = (100 * own[key] for key in _INTERVAL)
                one.plot(
                    own["lead"], mean, "o-", color=palette[str(name)], markersize=4, label=name
                )
                one.fill_between(own["lead"], low, high, color=palette[str(name)], alpha=0.15, lw=0)
            one.set(title=title, xlabel="lead (months)", xticks=sorted(set(table["lead"])))
        axes[0].set_ylabel(f"% from {baseline}\n(below 0 is better)")
        _legend(figure, axes[0])
    return _svg(figure)


def reliability(rows: pd.DataFrame, palette: Colours) -> str:
    """Draw observed frequency against forecast probability."""
    return diagrams(_curves(rows, backtest.reliability), palette)


def risk_reliability(rows: pd.DataFrame, palette: Colours) -> str:
    """Return the same of the risk of escalation, onset and continuation apart."""
    return diagrams(_curves(rows, backtest.risk_reliability), palette)


def diagrams(by_model: Mapping[str, Mapping[str, Curve]], palette: Colours) -> str:
    """Reliability diagrams, one an event, a curve a model."""
    with _drawing(10, 3.9, len(next(iter(by_model.values())))) as (figure, axes):
        for name, found in by_model.items():
            for one, (what, (facts, observed)) in zip(axes, found.items(), strict=True):
                one.plot(facts, observed, "o-", color=palette[name], markersize=4, label=name)
                one.set(title=what, xlabel="forecast probability")
        for one in axes:
            most = min(1.0, max(0.05, 1.05 * one.dataLim.x1, 1.05 * one.dataLim.y1))
            one.set(xlim=(0, most), ylim=(0, most), aspect="equal")
            one.plot([0, 1], [0, 1], color="#bbbbbb", linewidth=1, zorder=0)
        axes[0].set_ylabel("share of times it happened")
        _legend(figure, axes[0])
    return _svg(figure)


def _curves(
    rows: pd.DataFrame, curves: Callable[..., dict[str, Curve]]
) -> dict[str, dict[str, Curve]]:
    groups = rows.groupby("model", observed=True, sort=False)
    return {str(name): curves(own, fewest=FEWEST) for name, own in groups}


def pit(rows: pd.DataFrame, palette: Colours, bins: int = 20) -> str:
    """Return one histogram a model of where outcomes fell in its distributions; flat is right."""
    names = [name for name in palette if (rows["model"] == name).any()]
    columns = min(len(names), 4)
    lines = -(-len(names) // columns)
    with _drawing(10, 0.6 + 2.2 * lines, columns, lines) as (figure, axes):
        for one, name in zip(axes, names, strict=False):
            values = rows.loc[rows["model"] == name, "pit"].to_numpy(np.float64)
            heights = np.histogram(values, bins, (0, 1))[0] * bins / len(values)
            left = np.arange(bins) / bins
            one.bar(left, heights, 1 / bins, align="edge", color=palette[str(name)], alpha=0.8)
            one.axhline(1, color="black", linewidth=0.8)
            one.set(title=name, xlim=(0, 1), xticks=[0, 0.5, 1], ylim=(0, None))
        for one in axes[len(names) :]:
            one.set_axis_off()
        top = max(one.get_ylim()[1] for one in axes[: len(names)])
        for one in axes[: len(names)]:
            one.set_ylim(0, top)
        figure.supxlabel("randomised PIT", fontsize=10)
        figure.supylabel("density", fontsize=10)
    return _svg(figure)


def at_top(table: pd.DataFrame, palette: Colours) -> str:
    """By lead, how many of the units named first had what was warned of."""
    with _drawing(10, 4.0, 2) as (figure, axes):
        shown = {"increase": "an increase, large or not", "large_increase": "a large increase"}
        for one, (column, title) in zip(axes, shown.items(), strict=True):
            for name, own in table.groupby("model", observed=True, sort=False):
                values = 100 * own[column]
                one.plot(
                    own["lead"], values, "o-", color=palette[str(name)], markersize=4, label=name
                )
            one.set(title=title, xlabel="lead (months)", xticks=sorted(set(table["lead"])))
            one.set_ylim(0, None)
        axes[0].set_ylabel("% of those units")
        _legend(figure, axes[0])
    return _svg(figure)


_INTERVAL = ("relative", "relative_low", "relative_high")


@contextmanager
def _drawing(
    width: float, height: float, columns: int, lines: int = 1
) -> Iterator[tuple[Figure, list[Axes]]]:
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        grid: Any = figure.subplots(lines, columns, squeeze=False)
        yield figure, list(grid.ravel())


def _legend(figure: Figure, axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=6, frameon=False)


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()
