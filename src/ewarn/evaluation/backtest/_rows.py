"""Score one forecast on the outcomes, a row a lead and unit."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from ewarn.core import months
from ewarn.data.panel import Array, Panel
from ewarn.evaluation import scores
from ewarn.evaluation.backtest import _withdrawals
from ewarn.forecasting import escalation, outputs, strata
from ewarn.forecasting.model import Forecast

_TEXT = pa.dictionary(pa.int32(), pa.string())
_NUMBERS = (
    *("outcome", "baseline", "expected", "q05", "q95", "crps", "crps_log1p", "rps", "pit"),
    *(f"p_ge_{count}" for count in outputs.AT_LEAST),
    *(f"p_{name}" for name in escalation.CLASSES),
)
_FLAGS = ("is_onset", "is_covered", "is_large_increase", "is_near_withdrawal")
# Text as categories and numbers as float32: 25 origins x 12 leads x 860 units x 6 models are
# 1.5 million rows, a tenth of a gigabyte like this and a whole one as text and float64.
SCHEMA = pa.schema(
    [
        *((name, _TEXT) for name in ("model", "origin", "target_month", "unit", "stratum")),
        ("lead", pa.int16()),
        ("change", _TEXT),
        *((name, pa.bool_()) for name in _FLAGS),
        *((name, pa.float32()) for name in _NUMBERS),
    ]
)


def scored(forecast: Forecast, truth: Panel) -> pa.Table:
    """Return the scored rows of one forecast, for the leads whose outcome the panel `truth` has."""
    target = truth.columns[forecast.model.spec.target]
    first = forecast.panel.reference_month - truth.first_month
    known = [lead for lead in forecast.by_lead if first + lead < target.shape[1]]
    near = _withdrawals.near(truth)
    tables = [
        _table(_rows(forecast, lead, target[:, month]).assign(is_near_withdrawal=near[:, month]))
        for lead, month in ((lead, first + lead) for lead in known)
    ]
    return pa.concat_tables(tables) if tables else SCHEMA.empty_table()


def frame(tables: Sequence[pa.Table]) -> pd.DataFrame:
    """Return scored rows as one table, in that order."""
    rows: pd.DataFrame = pa.concat_tables(tables).unify_dictionaries().to_pandas()
    return rows


def _table(rows: pd.DataFrame) -> pa.Table:
    narrow = rows.astype(dict.fromkeys(_NUMBERS, np.float32))
    return pa.Table.from_pandas(narrow, SCHEMA, preserve_index=False)


def _rows(forecast: Forecast, lead: int, outcome: Array) -> pd.DataFrame:
    draws, spec = forecast.by_lead[lead], forecast.model.spec
    reference, past = forecast.panel.reference_month, forecast.panel.columns[spec.target]
    return pd.DataFrame(
        {
            "model": spec.name,
            "origin": months.label(reference),
            "target_month": months.label(reference + lead),
            "unit": forecast.panel.units["code"].to_numpy(),
            "stratum": strata.strata(past[:, -24:]),
            "lead": lead,
            "outcome": outcome,
            "expected": draws.mean(),
            **dict(zip(("q05", "q95"), draws.quantile(np.array([0.05, 0.95])).T, strict=True)),
            "crps": scores.crps(draws, outcome),
            "crps_log1p": scores.crps_log1p(draws, outcome),
            "is_covered": scores.coverage(draws, outcome),
            "pit": scores.pit(draws, outcome, (reference, lead)),
        }
        | {f"p_ge_{count}": draws.p_ge(count) for count in outputs.AT_LEAST}
        | dict(_change(forecast, lead, outcome))
    )


def _change(forecast: Forecast, lead: int, outcome: Array) -> Iterator[tuple[str, object]]:
    past = outputs.past_year(forecast)
    classes = outputs.class_probabilities(forecast, lead)
    thresholds = forecast.model.spec.escalation
    base = escalation.base(past)
    happened = escalation.classify(outcome, base, thresholds)
    yield "baseline", base
    yield "is_onset", escalation.is_onset(past)
    yield "change", np.array(escalation.CLASSES)[happened]
    yield "is_large_increase", happened == escalation.CLASSES.index("large_increase")
    yield "rps", scores.rps(classes, happened)
    for place, name in enumerate(escalation.CLASSES):
        yield f"p_{name}", classes[:, place]
