"""The driver of a corrected forecast: what it adds that preliminary counts are corrected."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.forecasting.model import Forecast

DRIVER = "preliminary"
_WORDS = {
    "en": "{months} last months preliminary: {reported} deaths reported, {expected} expected",
    "fr": "{months} derniers mois provisoires : {reported} morts signalés, {expected} attendus",
}


def added(forecast: Forecast, table: pd.DataFrame, risk: NDArray[np.float64]) -> pd.DataFrame:
    """Return the drivers of one lead with that of the correction, and the ranks of all.

    It adds what is left of the risk, (units,), when the others and the reference are taken away.
    """
    units = table.groupby("unit", sort=False)
    left = risk - units["contribution"].sum() - units["reference_risk"].first()
    own = units.first().assign(driver=DRIVER, contribution=left, **_sentences(forecast))
    every = pd.concat([table, own.reset_index()], ignore_index=True)
    size = every["contribution"].abs()
    every["driver_rank"] = size.groupby(every["unit"]).rank(method="first", ascending=False)
    return every.astype({"driver_rank": "int64"})


def _sentences(forecast: Forecast) -> dict[str, list[str]]:
    months, target = forecast.corrected, forecast.model.spec.target
    sums = [
        np.rint(panel.columns[target][:, -months:].sum(axis=1)).astype(int)
        for panel in (forecast.panel, forecast.expected)
    ]
    pairs = list(zip(*(one.tolist() for one in sums), strict=True))
    return {
        f"sentence_{language}": [
            words.format(months=months, reported=reported, expected=expected)
            for reported, expected in pairs
        ]
        for language, words in _WORDS.items()
    }
