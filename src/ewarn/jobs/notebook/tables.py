"""Read a forecast as tables: risks, quantiles, draws, and what drives the risks."""

import pandas as pd

from ewarn.explain import drivers as explaining
from ewarn.forecasting import outputs
from ewarn.forecasting.model import Forecast


def risks(forecast: Forecast) -> pd.DataFrame:
    """Return the risk of escalation and the numbers beside it, a row a unit and lead.

    Columns: unit, name, country, lead, target_month, `risk` (the probability of an increase, large
    or not), the probability of each class of change (`p_...`), of at least 1, 25 and 100
    (`p_ge_...`), `expected` and quantiles (deaths or events a month), `baseline`, `is_onset`.

    Examples
    --------
    >>> import ewarn
    >>> panel = ewarn.build_panel(ewarn.load(countries=["MLI"]))
    >>> forecast = ewarn.forecast(ewarn.fit(panel, "conflictology", leads=[1]), panel)
    >>> bool(ewarn.risks(forecast)["risk"].between(0, 1).all())
    True

    """
    return outputs.risks(forecast)


def quantiles(forecast: Forecast) -> pd.DataFrame:
    """Return a forecast in hubverse's long form: mean, quantiles and class probabilities.

    Columns: model, target, unit, reference_month, lead, target_month, output_type,
    output_type_id, value (a count a month, or a probability).

    Examples
    --------
    >>> import ewarn
    >>> panel = ewarn.build_panel(ewarn.load(countries=["MLI"]))
    >>> forecast = ewarn.forecast(ewarn.fit(panel, "conflictology", leads=[1]), panel)
    >>> sorted(ewarn.quantiles(forecast)["output_type"].unique())
    ['mean', 'pmf', 'quantile']

    """
    return outputs.long(forecast)


def draws(forecast: Forecast) -> pd.DataFrame:
    """Return the equally likely counts of each unit and lead, from which all else is read.

    Columns: unit, lead, target_month, `draws` (an array of counts a month; the k-th of all
    units and leads are one imagined future).

    Examples
    --------
    >>> import ewarn
    >>> panel = ewarn.build_panel(ewarn.load(countries=["MLI"]))
    >>> forecast = ewarn.forecast(ewarn.fit(panel, "conflictology", leads=[1]), panel)
    >>> ewarn.draws(forecast).columns.tolist()
    ['unit', 'lead', 'target_month', 'draws']

    """
    return outputs.draws(forecast)


def drivers(forecast: Forecast) -> pd.DataFrame:
    """Explain each risk: what every group of features adds to it.

    A row a unit, lead and group. `contribution` is a Shapley value (Shapley 1953), a signed
    probability; those of a unit and lead sum to its risk less `reference_risk`, that of a quiet
    place. `sentence_en` and `sentence_fr` describe the facts behind the group.

    Examples
    --------
    >>> import ewarn
    >>> panel = ewarn.build_panel(ewarn.load(countries=["MLI"]))
    >>> forecast = ewarn.forecast(ewarn.fit(panel, "negbin", leads=[1]), panel)
    >>> table = ewarn.drivers(forecast)
    >>> total = table.groupby("unit")["contribution"].sum() + table.groupby("unit")[
    ...     "reference_risk"].first()
    >>> bool(abs(total - ewarn.risks(forecast).set_index("unit")["risk"]).max() < 1e-9)
    True

    """
    return explaining.table(forecast)
