"""The numbers read from a forecast: risks, quantiles, classes, draws, a row a unit and lead."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.core import months
from ewarn.forecasting import areas, escalation
from ewarn.forecasting.distribution import LEVELS, Distribution
from ewarn.forecasting.model import Forecast

AT_LEAST = (1, 25, 100)  # counts whose exceedance probability every issue states


def risks(forecast: Forecast) -> pd.DataFrame:
    """Return the risk and what one reads beside it, a row a unit and lead, not ranked."""
    each = [_risks(forecast, lead) for lead in forecast.by_lead]
    return pd.concat(each, ignore_index=True)


def long(forecast: Forecast) -> pd.DataFrame:
    """Return the forecast in hubverse's shape, a row a unit, lead and output: mean, quantiles,
    classes.
    """
    outputs: list[tuple[str, str | None]] = [("mean", None)]
    outputs += [("quantile", f"{level:.2f}") for level in LEVELS]
    outputs += [("pmf", name) for name in escalation.CLASSES]
    values = [_outputs(forecast, lead) for lead in forecast.by_lead]
    units, leads, width = len(forecast.panel.units), list(forecast.by_lead), len(outputs)
    kinds, ids = zip(*outputs, strict=True)
    reference = forecast.panel.reference_month
    labels = [months.label(reference + lead) for lead in leads]
    return pd.DataFrame(
        {
            "model": forecast.model.spec.name,
            "target": forecast.model.spec.target,
            "unit": np.tile(np.repeat(forecast.panel.units["code"].to_numpy(), width), len(leads)),
            "reference_month": months.label(reference),
            "lead": np.repeat(leads, units * width),
            "target_month": np.repeat(labels, units * width),
            "output_type": np.tile(kinds, units * len(leads)),
            "output_type_id": np.tile(ids, units * len(leads)),
            "value": np.concatenate(values).ravel(),
        }
    )


def draws(forecast: Forecast) -> pd.DataFrame:
    """Return the draws that every number of the forecast is read from, a row a unit and lead; in
    each row the k-th belongs to the same imagined future (`areas.joint`).
    """
    codes, leads = forecast.panel.units["code"].to_numpy(), list(forecast.by_lead)
    labels = [months.label(forecast.panel.reference_month + lead) for lead in leads]
    counts = np.concatenate(list(areas.joint(forecast).values()))
    return pd.DataFrame(
        {
            "unit": np.tile(codes, len(leads)),
            "lead": np.repeat(leads, len(codes)),
            "target_month": np.repeat(labels, len(codes)),
            "draws": list(counts.astype(np.int32)),
        }
    )


def past_year(forecast: Forecast) -> NDArray[np.float32]:
    """Return the target in the twelve months to the reference month, (units, 12), as it is expected
    to be in the end.
    """
    return forecast.expected.columns[forecast.model.spec.target][:, -escalation.BASE_MONTHS :]


def class_probabilities(forecast: Forecast, lead: int) -> NDArray[np.float64]:
    """Return the probability of each class of change on the past year's mean, (units, 5)."""
    base = escalation.base(past_year(forecast))
    thresholds = forecast.model.spec.escalation
    return escalation.probabilities(forecast.by_lead[lead], base, thresholds)


def _outputs(forecast: Forecast, lead: int) -> NDArray[np.float64]:
    draws = forecast.by_lead[lead]
    return np.column_stack(
        [draws.mean(), draws.quantile(LEVELS), class_probabilities(forecast, lead)]
    )


def _risks(forecast: Forecast, lead: int) -> pd.DataFrame:
    panel, past = forecast.panel, past_year(forecast)
    classes = class_probabilities(forecast, lead)
    named = panel.units[["code", "name", "country", "country_name"]].rename(
        columns={"code": "unit"}
    )
    return named.assign(
        lead=lead,
        target_month=months.label(panel.reference_month + lead),
        risk=escalation.risk(classes),
        **{f"p_{name}": classes[:, i] for i, name in enumerate(escalation.CLASSES)},
        **_summary(forecast.by_lead[lead]),
        baseline=escalation.base(past),
        is_onset=escalation.is_onset(past),
    )


def _summary(draws: Distribution) -> dict[str, NDArray[np.float64]]:
    middle = draws.quantile(np.array([0.05, 0.5, 0.95]))
    exceedance = {f"p_ge_{count}": draws.p_ge(count) for count in AT_LEAST}
    names = ("q05", "q50", "q95")
    return exceedance | {"expected": draws.mean()} | dict(zip(names, middle.T, strict=True))
