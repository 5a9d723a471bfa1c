"""Rolling origins: what each model would have forecast, scored on the outcomes."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache

import pandas as pd

from ewarn.core import months, specs
from ewarn.core.errors import BadInput
from ewarn.core.specs import ModelSpec, Protocol
from ewarn.data import panel
from ewarn.data.panel import Inputs, Panel
from ewarn.evaluation.backtest._rows import frame, scored
from ewarn.evaluation.backtest._store import Store, digest, key, spec_text, store
from ewarn.evaluation.backtest._summary import (
    DIFFERENCES,
    Curve,
    against,
    against_on_average,
    at_top,
    owners,
    reliability,
    risk_reliability,
    summary,
)
from ewarn.evaluation.backtest._withdrawals import MONTHS as MONTHS_AROUND
from ewarn.evaluation.backtest._withdrawals import near as near_withdrawal
from ewarn.forecasting import model, outputs
from ewarn.forecasting.model import Forecast, Model, Track

__all__ = [
    "BASELINE",
    "DIFFERENCES",
    "MONTHS_AROUND",
    "Curve",
    "Store",
    "against",
    "against_on_average",
    "at_top",
    "baseline",
    "beside_baseline",
    "chosen",
    "digest",
    "key",
    "near_withdrawal",
    "origins",
    "owners",
    "planned",
    "reliability",
    "risk_reliability",
    "run",
    "score",
    "spec_text",
    "store",
    "summary",
]

BASELINE = "conflictology"


def chosen(protocol: Protocol) -> list[ModelSpec]:
    """Return the models that a protocol compares, its baselines first."""
    named = [specs.model(name) for name in protocol.models or specs.names("models")]
    own = {"leads": protocol.leads, "preliminary": protocol.preliminary}
    own = {name: value for name, value in own.items() if value}
    named = [spec.model_copy(update=own) for spec in named]
    return beside_baseline(named, protocol.baselines)


def planned(
    protocol: Protocol, compared: Sequence[ModelSpec], inputs: Inputs, newest: int
) -> list[int]:
    """Return the origins of a protocol; raises BadInput where a model would look at an outcome of a
    month that the protocol has closed, or where months are not covered.
    """
    found = origins(inputs, newest, protocol.first, protocol.last, protocol.every)
    furthest = found[-1] + max(lead for spec in compared for lead in spec.leads)
    closed = protocol.outcomes_before
    if closed and furthest >= months.parse(closed):
        what = f"an outcome of {months.label(furthest)} to look at"
        raise BadInput(f"protocol {protocol.name}: last origin", what, f"none from {closed} on")
    return found


def origins(
    inputs: Inputs, newest: int, first: str | None, last: str | None, every: int
) -> list[int]:
    """Return reference months to forecast from, `every` so many months; by default four, the last
    of them twelve months before the newest outcome. Raises BadInput outside the months covered.
    """
    end = months.parse(last) if last else newest - 12
    begin = months.parse(first) if first else end - 3 * every
    if not inputs.first_month <= begin <= end < newest:
        what = f"{months.label(begin)} to {months.label(end)}"
        need = f"{months.label(inputs.first_month)} to {months.label(newest - 1)}, in that order"
        raise BadInput("origins", what, need)
    return list(range(begin, end + 1, every))


def baseline(spec: ModelSpec, name: str = BASELINE) -> ModelSpec:
    """Return a baseline for the same target and leads as another model."""
    shared = ("target", "leads", "escalation", "preliminary")
    same = {field: getattr(spec, field) for field in shared}
    return specs.model(name).model_copy(update=same)


def beside_baseline(
    chosen: Sequence[ModelSpec], names: Sequence[str] = (BASELINE,)
) -> list[ModelSpec]:
    """Return those models, the baselines first, so that all are compared with them."""
    by_name = {spec.name: spec for spec in chosen}
    others = [spec for name, spec in by_name.items() if name not in names]
    like = (others or list(by_name.values()))[0]
    return [*(by_name.get(name) or baseline(like, name) for name in names), *others]


def run(
    chosen: Sequence[ModelSpec],
    inputs: Inputs,
    at: Sequence[int],
    track: Track,
    as_of: date,
    kept: Store | None = None,
    look: Callable[[Forecast, Panel], None] = lambda _forecast, _truth: None,
    fitted_at: Callable[[int], int] = lambda origin: origin,
    reported: Callable[[Panel], Panel] | None = None,
) -> pd.DataFrame:
    """Return scored rows, one a model, origin, lead and unit.

    Each origin sees only the panel as known once its month was reported (`panel.at`);
    outcomes are those of the months known `as_of`, as the newest vintage has them.
    What `kept` holds is not computed again, and what is computed is kept there at once; `look` is
    called with each forecast computed, and the panel that has the outcomes. `fitted_at` gives the
    month, none later, on whose knowledge the model of an origin is fitted: by default its own.
    `reported` makes of a panel what models are given in its place.
    """
    truth = panel.build(inputs.as_reported(None), as_of)
    pairs = [(origin, spec) for origin in at for spec in chosen]
    tables = {
        place: kept.read(*pair) for place, pair in enumerate(pairs) if kept and kept.has(*pair)
    }
    missing = [place for place in range(len(pairs)) if place not in tables]
    known = _last_known(inputs, reported)
    fitted = _last_fitted(known, fitted_at)
    for place in track(missing, "origins x models"):
        origin, spec = pairs[place]
        forecast = model.forecast(fitted(origin, spec), known(origin))
        tables[place] = scored(forecast, truth)
        look(forecast, truth)
        if kept:
            long = outputs.long(forecast) if kept.with_forecasts else None
            kept.write(origin, spec, tables[place], long)
    return frame([tables[place] for place in range(len(pairs))])


def score(forecast: Forecast, truth: Panel) -> pd.DataFrame:
    """Return the scored rows of one forecast, for the leads whose month the panel `truth` has."""
    return frame([scored(forecast, truth)])


def _last_known(
    inputs: Inputs, reported: Callable[[Panel], Panel] | None
) -> Callable[[int], Panel]:
    """Return a function that gives the panel as known at an origin; models of one origin
    share it.
    """

    @lru_cache(maxsize=1)
    def known(origin: int) -> Panel:
        found = panel.at(inputs, origin)
        return reported(found) if reported else found

    return known


def _last_fitted(
    known: Callable[[int], Panel], fitted_at: Callable[[int], int]
) -> Callable[[int, ModelSpec], Model]:
    """Return a function that gives the model of an origin; origins whose models are of one month
    share them.
    """
    held: dict[str, tuple[int, Model]] = {}

    def fitted(origin: int, spec: ModelSpec) -> Model:
        month = fitted_at(origin)
        if spec.name not in held or held[spec.name][0] != month:
            held[spec.name] = month, model.fit(spec, known(month))
        return held[spec.name][1]

    return fitted
