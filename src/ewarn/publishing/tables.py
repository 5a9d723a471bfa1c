"""Build the tables of an issue from a forecast."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.core import columns
from ewarn.data.panel import Panel
from ewarn.forecasting import outputs
from ewarn.forecasting.model import Forecast
from ewarn.publishing import ranking


def tables(forecast: Forecast, geometry: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return every table of an issue by name; `geometry` is GeoJSON text, one a unit."""
    panel = forecast.panel
    return {
        "forecasts": outputs.long(forecast),
        "risks": ranking.rank(outputs.risks(forecast)),
        "draws": outputs.draws(forecast),
        "units": panel.units.assign(geometry=list(geometry)),
        "history": history(panel, forecast.expected),
        "milestones": _milestones(panel),
    }


def history(panel: Panel, expected: Panel | None = None) -> pd.DataFrame:
    """Return the observed counts, a row a unit and month; a column the panel lacks is missing.

    `expected` has the expected final counts of preliminary months.
    """
    units, months = panel.shape
    is_preliminary = np.arange(months) >= months - panel.preliminary
    deaths = (expected or panel).columns.get("fatalities")
    named = panel.frame().assign(
        actors=_actors(panel),
        expected_final=np.nan if deaths is None else deaths.ravel(),
        is_preliminary=np.tile(is_preliminary, units),
    )
    return named.reindex(columns=list(columns.TABLES["history"]))


def _actors(panel: Panel) -> NDArray[np.object_]:
    """Return names of the often seen groups that were present, a text a unit and month, none for
    none.
    """
    found = np.full(panel.shape[0] * panel.shape[1], "", object)
    for name, cells in panel.columns.items():
        if name.startswith("presence."):
            is_present = cells.ravel() > 0
            before = found[is_present]
            found[is_present] = np.where(before == "", "", before + "; ") + name[len("presence.") :]
    found[found == ""] = None
    return found


def _milestones(panel: Panel) -> pd.DataFrame:
    known = panel.milestones
    codes = [*panel.units["code"], None]  # unit -1 is a whole country
    named = known.assign(unit=[codes[unit] for unit in known["unit"]])
    for name in ("announced_on", "effective_on", "known_on"):
        named[name] = known[name].dt.strftime("%Y-%m-%d")
    return named.reindex(columns=list(columns.TABLES["milestones"]))
