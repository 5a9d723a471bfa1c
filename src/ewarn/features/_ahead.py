"""Features known in advance, at the target month, with the knowledge of each reference month."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from ewarn.errors import Unknown
from ewarn.panel import Array, Panel, concerns
from ewarn.specs import FeatureSet

FAR = 36  # months; nothing further off is told apart, nor from nothing at all

Ahead = Callable[[Panel, int], Array]


def plan(sets: Sequence[FeatureSet]) -> Iterator[tuple[str, Ahead]]:
    """Name and maker of every feature those sets know ahead; a maker gives (units, months)."""
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


def _months_until(own: bool, panel: Panel, lead: int) -> Array:
    """Months from the target month to the next date stated by the reference month, 0 to FAR."""
    return _nearest(own, panel, lead, sign=1)


def _months_since(own: bool, panel: Panel, lead: int) -> Array:
    """Months from the last date stated, or fact recorded, to the target month, 0 to FAR."""
    return _nearest(own, panel, lead, sign=-1)


def _nearest(own: bool, panel: Panel, lead: int, sign: int) -> Array:
    units, span = panel.shape
    reference = np.arange(span) + panel.first_month
    dated = panel.milestones.dropna(subset=["effective_month"])
    if own:
        dated = dated[dated["unit"] >= 0]
    known, effective = (dated[name].to_numpy() for name in ("known_month", "effective_month"))
    nearest = np.full((units, span), FAR, np.float32)
    for concerned, when, what in zip(concerns(panel.units, dated), known, effective, strict=True):
        distance = sign * (what - (reference + lead))
        usable = (reference >= when) & (distance >= 0)
        cells = np.ix_(concerned, usable)
        nearest[cells] = np.minimum(nearest[cells], distance[usable].astype(np.float32))
    return nearest


VOCABULARY: dict[str, Ahead] = {
    "calendar.sin": partial(_turn_of_year, np.sin),
    "calendar.cos": partial(_turn_of_year, np.cos),
    "milestones.months_until": partial(_months_until, True),
    "milestones.months_since": partial(_months_since, True),
    "country_milestones.months_until": partial(_months_until, False),
    "country_milestones.months_since": partial(_months_since, False),
}
