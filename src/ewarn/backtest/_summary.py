"""Scored rows into the numbers people compare."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn import scores

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]


def summary(rows: pd.DataFrame, by: Sequence[str] = ("model", "lead")) -> pd.DataFrame:
    """The metrics of DESIGN for each group of scored rows, a row a group."""
    groups = rows.groupby(list(by), sort=True, observed=True)
    lines = [dict(zip(by, key, strict=True)) | _metrics(group) for key, group in groups]
    return pd.DataFrame(lines)


def _metrics(rows: pd.DataFrame) -> dict[str, float]:
    events = {
        name: (rows[f"p_{name}"].to_numpy(), happened.to_numpy())
        for name, happened in (
            ("ge_1", rows["outcome"] >= 1),
            ("ge_25", rows["outcome"] >= 25),
            ("large_increase", rows["is_large_increase"]),
        )
    }
    return (
        {name: float(rows[name].mean()) for name in ("crps", "crps_log1p")}
        | {f"brier_{name}": float(scores.brier(*pair).mean()) for name, pair in events.items()}
        | {f"ap_{name}": scores.average_precision(*pair) for name, pair in events.items()}
        | {
            "coverage_90": float(rows["is_covered"].mean()),
            "share_of_top_10": scores.share_of_top(
                rows["outcome"].to_numpy(), rows["crps"].to_numpy()
            ),
        }
    )


def against(rows: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """How much each model's mean CRPS differs from the baseline's on the same rows, by lead.

    Columns: model, lead, metric, difference, low, high; the interval is the bootstrap's, 90 %,
    over origins. A negative difference is better than the baseline.
    """
    means = rows.groupby(["model", "lead", "origin"])[["crps", "crps_log1p"]].mean()
    base = pd.DataFrame(means.xs(baseline, level="model"))
    others = [name for name in means.index.unique("model") if name != baseline]
    compare = partial(_differences, means, base)
    return pd.DataFrame([line for name in others for line in compare(name)])


def _differences(means: pd.DataFrame, base: pd.DataFrame, name: str) -> Iterator[dict[str, object]]:
    difference = pd.DataFrame(means.xs(name, level="model")) - base
    for lead, by_origin in difference.groupby("lead"):
        for metric in difference:
            values = by_origin[metric].to_numpy()
            low, high = scores.paired_interval(values)
            yield {"model": name, "lead": lead, "metric": metric,
                   "difference": float(values.mean()), "low": low, "high": high}  # fmt: skip


def reliability(rows: pd.DataFrame, bins: int = 10) -> dict[str, Curve]:
    """Forecast probability and observed share in bins of equal width, for >= 1 and >= 25."""
    curves = {}
    for count in (1, 25):
        said = rows[f"p_ge_{count}"]
        happened = (rows["outcome"] >= count).astype(float)
        step = np.minimum((said * bins).astype(int), bins - 1)
        means = pd.DataFrame({"said": said, "happened": happened}).groupby(step).mean()
        curves[f"at least {count}"] = (means["said"].to_numpy(), means["happened"].to_numpy())
    return curves
