"""Build a panel, fit a model to it, and forecast."""

from datetime import date
from typing import Any

from ewarn.core import specs
from ewarn.core.specs import ModelSpec
from ewarn.data import panel as panels
from ewarn.data.ingest import Loaded
from ewarn.data.panel import Panel
from ewarn.forecasting import model as modelling
from ewarn.forecasting.model import Forecast, Model


def build_panel(loaded: Loaded, as_of: date | None = None) -> Panel:
    """Build the monthly panel as known on a day.

    Parameters
    ----------
    loaded
        What `load` returned.
    as_of
        The day whose knowledge is used; without it, `loaded.day`.

    Returns
    -------
    Panel
        `columns` are float32 arrays (units, months), NaN where nothing was observed; `frame()` is
        the same as a DataFrame with a row a unit and month. Counts are events or deaths a month,
        troops are people.

    Raises
    ------
    BadInput
        No month was known by that day.

    Examples
    --------
    >>> import ewarn
    >>> panel = ewarn.build_panel(ewarn.load(countries=["MLI"]))
    >>> panel.shape, panel.frame()["month"].max()
    ((9, 166), '2023-10')

    """
    return panels.build(loaded.inputs if as_of else loaded.as_known, as_of or loaded.day)


def models() -> list[str]:
    """Return the names of the model specs there are.

    Examples
    --------
    >>> import ewarn
    >>> "negbin" in ewarn.models()
    True

    """
    return specs.names("models")


def model_spec(name: str, **changes: Any) -> ModelSpec:
    """Return a model spec by name, with fields replaced.

    Parameters
    ----------
    name
        One of `models()`.
    changes
        Fields of the spec, for example `leads=[1, 3]`, `target="events"` or `columns=[...]`.

    Returns
    -------
    ModelSpec
        The checked spec.

    Raises
    ------
    Unknown
        There is no such model.
    BadInput
        A field is unknown or has a wrong value.

    Examples
    --------
    >>> import ewarn
    >>> ewarn.model_spec("negbin", leads=[1]).leads
    [1]

    """
    return specs.changed(specs.model(name), changes)


def fit(
    panel: Panel, model: str | ModelSpec = "lgbm", *, simulated: bool = False, **changes: Any
) -> Model:
    """Fit a model to every outcome that a panel holds.

    Parameters
    ----------
    panel
        From `build_panel`.
    model
        A spec, or the name of one.
    simulated
        Whether the panel is of a simulated world, which the model then records.
    changes
        Fields of a named spec to replace, as in `model_spec`.

    Returns
    -------
    Model
        For `forecast`.

    Raises
    ------
    BadInput
        The panel is too short or lacks the target, or the family cannot fit.

    Examples
    --------
    >>> import ewarn
    >>> panel = ewarn.build_panel(ewarn.load(countries=["MLI"]))
    >>> ewarn.fit(panel, "conflictology", leads=[1]).trained_to
    '2023-10'

    """
    spec = model_spec(model, **changes) if isinstance(model, str) else model
    return modelling.fit(spec, panel, simulated)


def forecast(model: Model, panel: Panel) -> Forecast:
    """Forecast every unit of a panel at each lead of a model.

    Returns
    -------
    Forecast
        `by_lead` maps a lead (months after the panel's last) to a `Distribution`: equally likely
        monthly counts, (units, draws).

    Raises
    ------
    BadInput, Unknown
        The panel lacks a column that the model was fitted on.

    Examples
    --------
    >>> import ewarn
    >>> panel = ewarn.build_panel(ewarn.load(countries=["MLI"]))
    >>> forecast = ewarn.forecast(ewarn.fit(panel, "conflictology", leads=[1]), panel)
    >>> forecast.by_lead[1].draws.shape[0]
    9

    """
    return modelling.forecast(model, panel)
