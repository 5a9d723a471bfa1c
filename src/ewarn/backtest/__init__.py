"""Rolling origins: what each model would have said, scored on what then happened."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from ewarn import escalation, model, months, panel, release, scores, specs
from ewarn.backtest._summary import against, reliability, summary
from ewarn.errors import BadInput
from ewarn.model import Forecast, Track
from ewarn.panel import Inputs, Panel
from ewarn.specs import ModelSpec

__all__ = [
    "BASELINE",
    "against",
    "baseline",
    "beside_baseline",
    "keeping",
    "origins",
    "reliability",
    "run",
    "summary",
]

BASELINE = "conflictology"
Keep = Callable[[pd.DataFrame], None]
_TEXT = pa.dictionary(pa.int32(), pa.string())
_FORECASTS = pa.schema(
    [
        *((name, _TEXT) for name in ("model", "target", "unit", "reference_month")),
        ("lead", pa.int16()),
        *((name, _TEXT) for name in ("target_month", "output_type", "output_type_id")),
        ("value", pa.float64()),
    ]
)


def origins(
    inputs: Inputs, newest: int, first: str | None, last: str | None, every: int
) -> list[int]:
    """Reference months to forecast from, `every` so many months; by default four, the last of
    them twelve months before the newest outcome. Raises BadInput outside the months covered.
    """
    end = months.parse(last) if last else newest - 12
    begin = months.parse(first) if first else end - 3 * every
    if not inputs.first_month <= begin <= end < newest:
        what = f"{months.label(begin)} to {months.label(end)}"
        need = f"{months.label(inputs.first_month)} to {months.label(newest - 1)}, in that order"
        raise BadInput("origins", what, need)
    return list(range(begin, end + 1, every))


def baseline(spec: ModelSpec) -> ModelSpec:
    """Conflictology for the same target and leads as another model."""
    same = {"target": spec.target, "leads": spec.leads, "escalation": spec.escalation}
    return specs.model(BASELINE).model_copy(update=same)


def beside_baseline(chosen: Sequence[ModelSpec]) -> list[ModelSpec]:
    """Those models, conflictology first, so that all are compared with it."""
    own = [spec for spec in chosen if spec.name == BASELINE]
    others = [spec for spec in chosen if spec.name != BASELINE]
    return [*(own or [baseline(others[0])]), *others]


@contextmanager
def keeping(path: Path | None) -> Iterator[Keep | None]:
    """What writes every forecast it is handed into one Parquet file, whole or not at all."""
    if path is None:
        yield None
        return
    unfinished = path.with_name(f".{path.name}")
    with ParquetWriter(unfinished, _FORECASTS) as writer:
        yield lambda table: writer.write_table(pa.Table.from_pandas(table, _FORECASTS, False))
    unfinished.replace(path)


def run(
    chosen: Sequence[ModelSpec],
    inputs: Inputs,
    at: Sequence[int],
    track: Track,
    as_of: date,
    keep: Keep | None = None,
) -> pd.DataFrame:
    """Scored rows, one a model, origin, lead and unit; `keep` is handed every forecast made.

    Each origin sees only the panel as known on its last day; outcomes are those known `as_of`.
    """
    truth = panel.build(inputs, as_of)
    scored: list[pd.DataFrame] = []
    for origin in track(at, "origins"):
        known = panel.build(inputs, months.last_day(origin))
        for spec in chosen:
            forecast = model.forecast(model.fit(spec, known), known)
            if keep:
                keep(release.long(forecast))
            scored.extend(_score(forecast, truth))
    return pd.concat(scored, ignore_index=True)


def _score(forecast: Forecast, truth: Panel) -> Iterator[pd.DataFrame]:
    target = truth.columns[forecast.model.spec.target]
    past = forecast.panel.columns[forecast.model.spec.target]
    for lead in forecast.by_lead:
        column = past.shape[1] - 1 + lead
        if column < target.shape[1]:
            yield _rows(forecast, lead, target[:, column])


def _rows(forecast: Forecast, lead: int, outcome: panel.Array) -> pd.DataFrame:
    draws, spec = forecast.by_lead[lead], forecast.model.spec
    past = forecast.panel.columns[spec.target]
    base = escalation.base(release.past_year(forecast))
    classes = release.class_probabilities(forecast, lead)
    happened = escalation.classify(outcome, base, spec.escalation)
    large = escalation.CLASSES.index("large_increase")
    return pd.DataFrame(
        {
            "model": spec.name,
            "origin": months.label(forecast.panel.reference_month),
            "lead": lead,
            "unit": forecast.panel.units["code"].to_numpy(),
            "stratum": scores.strata(past[:, -24:]),
            "outcome": outcome,
            "expected": draws.mean(),
            "crps": scores.crps(draws, outcome),
            "crps_log1p": scores.crps_log1p(draws, outcome),
            "is_covered": scores.coverage(draws, outcome),
            "p_ge_1": draws.p_ge(1),
            "p_ge_25": draws.p_ge(25),
            "p_large_increase": classes[:, large],
            "is_large_increase": happened == large,
        }
    )
