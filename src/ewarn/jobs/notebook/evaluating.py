"""Score forecasts, run backtests, and compare models."""

from collections.abc import Sequence

import pandas as pd

from ewarn.core.specs import ModelSpec
from ewarn.data.ingest import Loaded
from ewarn.data.panel import Panel
from ewarn.evaluation import backtest as backtests
from ewarn.forecasting.model import Forecast
from ewarn.jobs.notebook.modelling import model_spec


def score(forecast: Forecast, outcome: Panel) -> pd.DataFrame:
    """Score a forecast on the months that a later panel has.

    Parameters
    ----------
    forecast
        From `forecast`.
    outcome
        A panel of the same units that reaches beyond the forecast's reference month.

    Returns
    -------
    DataFrame
        A row a unit and lead whose month is known: the outcome (a count a month), `crps` (in
        counts; Gneiting and Raftery 2007), `crps_log1p`, `rps`, `pit`, and the probabilities.

    Examples
    --------
    >>> import datetime, ewarn
    >>> loaded = ewarn.load(countries=["MLI"])
    >>> early = ewarn.build_panel(loaded, datetime.date(2023, 6, 30))
    >>> forecast = ewarn.forecast(ewarn.fit(early, "conflictology", leads=[1]), early)
    >>> len(ewarn.score(forecast, ewarn.build_panel(loaded)))
    9

    """
    return backtests.score(forecast, outcome)


def backtest(
    loaded: Loaded,
    models: Sequence[str | ModelSpec],
    *,
    first: str | None = None,
    last: str | None = None,
    every: int = 3,
    leads: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Forecast from past months as known then, and score what followed, beside conflictology.

    Parameters
    ----------
    loaded
        From `load`.
    models
        Specs or names of specs.
    first, last, every
        First and last origin ("2018-06") and the months between two; by default four origins.
    leads
        Leads to forecast, in months; by default each spec's own.

    Returns
    -------
    DataFrame
        Scored rows, one a model, origin, lead and unit, as `score` gives them.

    Raises
    ------
    BadInput
        An origin lies outside the months covered.

    Examples
    --------
    >>> import ewarn
    >>> rows = ewarn.backtest(ewarn.load(countries=["MLI"]), ["decayed_history"], leads=[1],
    ...     first="2022-06", last="2022-06")
    >>> sorted(rows["model"].unique())
    ['conflictology', 'decayed_history']

    """
    named = [model_spec(one) if isinstance(one, str) else one for one in models]
    if leads is not None:
        named = [spec.model_copy(update={"leads": list(leads)}) for spec in named]
    inputs, newest = loaded.inputs, loaded.inputs.reference_month(loaded.day)
    origins = backtests.origins(inputs, newest, first, last, every)
    specs = backtests.beside_baseline(named)
    return backtests.run(specs, inputs, origins, lambda places, _: places, loaded.day)


def compare(rows: pd.DataFrame, baseline: str = "conflictology") -> pd.DataFrame:
    """Compare models by their mean scores on the same rows, every lead counting equally.

    Parameters
    ----------
    rows
        From `backtest`.
    baseline
        The model that the others are compared with.

    Returns
    -------
    DataFrame
        A row a model and metric: the difference from the baseline (negative is better), its 90 %
        bootstrap interval over origins (Efron 1979), and the same as shares of the baseline.

    Examples
    --------
    >>> import ewarn
    >>> rows = ewarn.backtest(ewarn.load(countries=["MLI"]), ["decayed_history"], leads=[1],
    ...     first="2022-06", last="2022-09")
    >>> ewarn.compare(rows).query("metric == 'crps'")["model"].tolist()
    ['decayed_history']

    """
    return backtests.against_on_average(rows, baseline)
