"""Summarise scored rows in the numbers people compare."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.evaluation import scores

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]
DIFFERENCES = ("crps", "crps_log1p", "brier_ge_1", "brier_ge_25", "rps")
_RELATIVE = ("relative", "relative_low", "relative_high")
_COLUMNS = ["model", "lead", "metric", "difference", "low", "high", *_RELATIVE]
_UP = ("increase", "large_increase")
_DIGITS = 6  # a risk is a sum of two float32, equal ones of which differ after that


def summary(rows: pd.DataFrame, by: Sequence[str] = ("model", "lead")) -> pd.DataFrame:
    """Return the metrics of docs/glossary.md for each group of scored rows, a row a group."""
    groups = rows.groupby(list(by), sort=True, observed=True)
    lines = [dict(zip(by, key, strict=True)) | _metrics(group) for key, group in groups]
    return pd.DataFrame(lines)


def _metrics(rows: pd.DataFrame) -> dict[str, float]:
    events = {
        "ge_1": rows["outcome"] >= 1,
        "ge_25": rows["outcome"] >= 25,
        "large_increase": rows["is_large_increase"],
    }
    pairs = {name: (rows[f"p_{name}"].to_numpy(float), came.to_numpy(bool))
             for name, came in events.items()}  # fmt: skip
    return (
        {name: _mean(rows[name]) for name in ("crps", "crps_log1p", "rps")}
        | {f"brier_{name}": float(scores.brier(*pair).mean()) for name, pair in pairs.items()}
        | {f"ap_{name}": scores.average_precision(*pair) for name, pair in pairs.items()}
        | {
            "coverage_90": _mean(rows["is_covered"]),
            "pit_90": _mean(rows["pit"].between(0.05, 0.95)),
            "share_of_top_10": _share_of_top(rows),
        }
    )


def _mean(values: "pd.Series[Any]") -> float:
    return float(values.to_numpy(np.float64).mean())


def _share_of_top(rows: pd.DataFrame) -> float:
    each = _unit_months(rows)
    return scores.share_of_top(each["outcome"].to_numpy(), each["crps"].to_numpy())


def _unit_months(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row a unit and target month, which several origins and leads may have forecast."""
    wide = rows[["unit", "target_month", "outcome", "crps"]].astype({"crps": np.float64})
    groups = wide.groupby(["unit", "target_month"], observed=True, sort=True)
    return groups.agg({"outcome": "first", "crps": "sum"}).reset_index()


def owners(rows: pd.DataFrame, number: int = 10) -> pd.DataFrame:
    """Return the deadliest unit-months, a row each: unit, target_month, outcome, and for every
    model the share of its summed CRPS that they own.
    """
    shares = []
    for name, own in rows.groupby("model", observed=True):
        each = _unit_months(own).set_index(["unit", "target_month", "outcome"])["crps"]
        shares.append((each / each.sum()).rename(str(name)))
    table = pd.concat(shares, axis=1).reset_index().astype({"unit": str, "target_month": str})
    order = ["outcome", "unit", "target_month"]
    return table.sort_values(order, ascending=[False, True, True]).head(number)


def at_top(rows: pd.DataFrame, number: int) -> pd.DataFrame:
    """Precision at the units of highest risk, a row a model and lead, means over origins.

    Columns: model, lead, large_increase (the share of them where one came), increase (where any
    came), and base_rate (the share of all units where any came).
    """
    lines = []
    for (name, lead, _), own in rows.groupby(["model", "lead", "origin"], observed=True):
        risk = own[[f"p_{one}" for one in _UP]].sum(axis=1).to_numpy(float).round(_DIGITS)
        observed = own["change"].isin(_UP).to_numpy(bool)
        large = own["is_large_increase"].to_numpy(bool)
        lines.append(
            {
                "model": name,
                "lead": lead,
                "large_increase": scores.precision_at_top(risk, large, number),
                "increase": scores.precision_at_top(risk, observed, number),
                "base_rate": observed.mean(),
            }
        )
    return pd.DataFrame(lines).groupby(["model", "lead"], sort=False).mean().reset_index()


def against(rows: pd.DataFrame, baseline: str, seed: int = 0, level: float = 0.9) -> pd.DataFrame:
    """Return how much each model's mean score differs from the baseline's on the same rows, by
    lead.

    Columns: model, lead, metric, difference, low, high, and the same as shares of the baseline's
    mean: relative, relative_low, relative_high (missing where that is 0). The interval is the
    bootstrap's over origins. A negative difference is better than the baseline.
    """
    lines = _differences(_by_origin(rows), baseline, seed, level)
    return pd.DataFrame(list(lines), columns=_COLUMNS)


def against_on_average(
    rows: pd.DataFrame, baseline: str, seed: int = 0, level: float = 0.9
) -> pd.DataFrame:
    """Return the same with every lead counting equally, without the column lead."""
    means = _by_origin(rows).groupby(level=["model", "origin"], observed=True, sort=False).mean()
    pooled = means.assign(lead=0).set_index("lead", append=True)
    lines = _differences(pooled, baseline, seed, level)
    return pd.DataFrame(list(lines), columns=_COLUMNS).drop(columns="lead")


def _by_origin(rows: pd.DataFrame) -> pd.DataFrame:
    """Return mean scores, smaller is better, with a row a model, lead and origin."""
    wide = rows[["crps", "crps_log1p", "rps"]].astype(np.float64)
    for count in (1, 25):
        facts = rows[f"p_ge_{count}"].astype(np.float64)
        wide[f"brier_ge_{count}"] = (facts - (rows["outcome"] >= count)) ** 2
    keys = [rows[name] for name in ("model", "lead", "origin")]
    return wide[list(DIFFERENCES)].groupby(keys, observed=True).mean()


def _differences(
    means: pd.DataFrame, baseline: str, seed: int, level: float
) -> Iterator[dict[str, object]]:
    base = pd.DataFrame(means.xs(baseline, level="model"))
    for name in means.index.unique("model"):
        if name == baseline:
            continue
        difference = pd.DataFrame(means.xs(name, level="model")) - base
        for lead, by_origin in difference.groupby("lead"):
            for metric in DIFFERENCES:
                values = by_origin[metric].to_numpy()
                shown = np.array([values.mean(), *scores.paired_interval(values, seed, level)])
                whole = float(base.xs(lead, level="lead")[metric].mean()) or np.nan
                yield dict(zip(_COLUMNS, [name, lead, metric, *shown, *shown / whole], strict=True))


def reliability(rows: pd.DataFrame, bins: int = 10, fewest: int = 1) -> dict[str, Curve]:
    """Forecast probability and observed share in bins of equal width, for >= 1, >= 25 and a large
    increase; bins of fewer than `fewest` forecasts are left out.
    """
    events = {
        "at least 1": ("p_ge_1", rows["outcome"] >= 1),
        "at least 25": ("p_ge_25", rows["outcome"] >= 25),
        "a large increase": ("p_large_increase", rows["is_large_increase"]),
    }
    return {
        shown: _curve(rows[column], came, bins, fewest) for shown, (column, came) in events.items()
    }


def risk_reliability(rows: pd.DataFrame, bins: int = 20, fewest: int = 1) -> dict[str, Curve]:
    """Return the same of the risk of escalation, onset and continuation apart."""
    risk = rows[[f"p_{one}" for one in _UP]].sum(axis=1)
    observed, is_onset = rows["change"].isin(_UP), rows["is_onset"]
    parts = {"onset": is_onset, "continuation": ~is_onset}
    return {
        shown: _curve(risk[part], observed[part], bins, fewest) for shown, part in parts.items()
    }


def _curve(said: "pd.Series[Any]", came: "pd.Series[Any]", bins: int, fewest: int) -> Curve:
    pairs = pd.DataFrame({"said": said.astype(np.float64), "came": came.astype(np.float64)})
    step = np.minimum((pairs["said"] * bins).astype(int), bins - 1)
    grouped = pairs.groupby(step)
    means = grouped.mean()[grouped.size() >= fewest]
    return means["said"].to_numpy(), means["came"].to_numpy()
