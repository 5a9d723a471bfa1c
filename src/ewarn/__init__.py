"""Early warning of political violence: monthly forecasts for administrative units.

The names below are the public Python API, for notebooks and scripts. They load when first used,
so `import ewarn` is quick. What is not listed here may change without notice.

- Read: `read_units`, `read_events`, `read_deployments`, `read_milestones`, `load`.
- Model: `build_panel`, `models`, `model_spec`, `fit`, `forecast`.
- Read a forecast: `risks`, `quantiles`, `draws`, `drivers`.
- Evaluate: `score`, `backtest`, `compare`.
- Issues: `list_issues`, `open_issue`.

>>> import ewarn
>>> loaded = ewarn.load(countries=["MLI"])  # no file of events: the simulated world
>>> panel = ewarn.build_panel(loaded)
>>> forecast = ewarn.forecast(ewarn.fit(panel, "negbin", leads=[1]), panel)
>>> ewarn.risks(forecast)[["unit", "target_month", "risk"]].shape
(9, 3)
"""

from typing import TYPE_CHECKING

from ewarn.core import lazy

if TYPE_CHECKING:
    from ewarn.core.errors import BadInput, EwarnError, Unknown
    from ewarn.core.specs import ModelSpec
    from ewarn.data.ingest import Loaded
    from ewarn.data.panel import Panel
    from ewarn.data.places import Units
    from ewarn.data.sources import Rows
    from ewarn.forecasting.distribution import Distribution
    from ewarn.forecasting.model import Forecast, Model
    from ewarn.jobs.notebook.evaluating import backtest, compare, score
    from ewarn.jobs.notebook.issues import list_issues, open_issue
    from ewarn.jobs.notebook.modelling import build_panel, fit, forecast, model_spec, models
    from ewarn.jobs.notebook.reading import (
        load,
        read_deployments,
        read_events,
        read_milestones,
        read_units,
    )
    from ewarn.jobs.notebook.tables import draws, drivers, quantiles, risks
    from ewarn.publishing.issue import Issue

_HOMES = {
    "core.errors": ("BadInput", "EwarnError", "Unknown"),
    "core.specs": ("ModelSpec",),
    "data.ingest": ("Loaded",),
    "data.panel": ("Panel",),
    "data.places": ("Units",),
    "data.sources": ("Rows",),
    "forecasting.distribution": ("Distribution",),
    "forecasting.model": ("Forecast", "Model"),
    "jobs.notebook.evaluating": ("backtest", "compare", "score"),
    "jobs.notebook.issues": ("list_issues", "open_issue"),
    "jobs.notebook.modelling": ("build_panel", "fit", "forecast", "model_spec", "models"),
    "jobs.notebook.reading": (
        *("load", "read_deployments", "read_events", "read_milestones", "read_units"),
    ),
    "jobs.notebook.tables": ("draws", "drivers", "quantiles", "risks"),
    "publishing.issue": ("Issue",),
}
__getattr__ = lazy.attributes(__name__, _HOMES)

__all__ = [
    "BadInput",
    "Distribution",
    "EwarnError",
    "Forecast",
    "Issue",
    "Loaded",
    "Model",
    "ModelSpec",
    "Panel",
    "Rows",
    "Units",
    "Unknown",
    "backtest",
    "build_panel",
    "compare",
    "draws",
    "drivers",
    "fit",
    "forecast",
    "list_issues",
    "load",
    "model_spec",
    "models",
    "open_issue",
    "quantiles",
    "read_deployments",
    "read_events",
    "read_milestones",
    "read_units",
    "risks",
    "score",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
