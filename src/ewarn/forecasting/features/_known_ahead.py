"""Features known in advance, at the target month, with the knowledge of each reference month."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from ewarn.core.errors import Unknown
from ewarn.core.specs import FeatureSet
from ewarn.data.panel import Array, Panel
from ewarn.forecasting.features import _withdrawals

Ahead = Callable[[Panel, int], Array]


def plan(sets: Sequence[FeatureSet]) -> Iterator[tuple[str, Ahead]]:
    """Yield name and maker of every feature those sets know ahead; a maker gives (units,
    months).
    """
    for one in sets:
        for column, texts in one.ahead.items():
            for text in texts:
                name = f"{column}.{text}"
                if name not in VOCABULARY:
                    raise Unknown("feature known ahead", name, VOCABULARY)
                yield f"ahead.{name}", VOCABULARY[name]


def _turn_of_year(wave: np.ufunc, panel: Panel, lead: int) -> Array:
    units, span = panel.shape
    month = np.arange(span) + panel.first_month + lead
    angle = 2 * np.pi * (month % 12) / 12
    return np.tile(wave(angle).astype(np.float32), (units, 1))


VOCABULARY: dict[str, Ahead] = {
    "calendar.sin": partial(_turn_of_year, np.sin),
    "calendar.cos": partial(_turn_of_year, np.cos),
    **{
        f"{scope}.{feature.__name__}": partial(feature, scope)
        for scope in _withdrawals.SCOPES
        for feature in _withdrawals.FEATURES
    },
}
