"""Features that look back: a column, seen from somewhere, through a transform."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from ewarn.core import transforms
from ewarn.core.errors import BadInput, Unknown
from ewarn.core.specs import FeatureSet
from ewarn.data.panel import Array, Panel

AT_A_TIME = 256  # units
SCOPES = ("unit", "neighbours", "country")
VOCABULARY = {
    name: function
    for name, function in inspect.getmembers(transforms, inspect.isfunction)
    if function.__module__ == transforms.__name__ and not name.startswith("_")
}


@dataclass(frozen=True)
class Feature:
    """One feature by its generated name, such as "neighbours.fatalities.mean_12"."""

    name: str
    scope: str
    column: str
    transform: Callable[[Array], Array]


def plan(sets: Sequence[FeatureSet], present: Sequence[str]) -> Iterator[Feature]:
    """Yield the features those sets name; a column "presence.*" stands for all that are
    `present`.
    """
    for one in sets:
        for scope in SCOPES:
            for pattern, texts in getattr(one, scope).items():
                for column in _columns(pattern, present):
                    for text in texts:
                        yield _feature(scope, column, text)


def look(panel: Panel, features: Sequence[Feature]) -> Iterator[Array]:
    """Yield the values of each feature, (units, months) float32."""
    seen_from = views(panel)
    for (scope, column), alike in groupby(features, lambda one: (one.scope, one.column)):
        values = panel.columns[column]
        if scope in seen_from:
            values = (seen_from[scope] @ values).astype(np.float32)
        for feature in alike:
            yield _made(feature, values)


def views(panel: Panel) -> dict[str, csr_array]:
    """Return the matrix that sums a column over the units that a unit's scopes look at, (units,
    units) each.
    """
    return {"neighbours": panel.neighbours, "country": _same_country(panel.units)}


def _made(feature: Feature, values: Array) -> Array:
    built = np.empty(values.shape, np.float32)
    # A few units at a time, because what a transform needs in between then stays in the cache.
    for first in range(0, len(values), AT_A_TIME):
        some = slice(first, first + AT_A_TIME)
        built[some] = feature.transform(values[some])
    return built


def _columns(pattern: str, present: Sequence[str]) -> list[str]:
    if not pattern.endswith("*"):
        return [pattern]
    return [name for name in present if name.startswith(pattern[:-1])] or [pattern]


def _feature(scope: str, column: str, text: str) -> Feature:
    name, number = _parse(text)
    prefix = "" if scope == "unit" else f"{scope}."
    function = VOCABULARY[name]
    return Feature(
        f"{prefix}{column}.{name}_{number}", scope, column, lambda values: function(values, number)
    )


def _parse(text: str) -> tuple[str, int]:
    """Return the transform and its number.

    >>> _parse("mean 12")
    ('mean', 12)
    """
    name, _, number = text.partition(" ")
    if name not in VOCABULARY:
        raise Unknown("transform", name, VOCABULARY)
    if not number.isdigit():
        raise BadInput(f"transform {text!r}", repr(number), "one whole number, as in 'mean 12'")
    return name, int(number)


def _same_country(units: pd.DataFrame) -> csr_array:
    codes = units["country"].astype("category").cat.codes.to_numpy()
    rows = np.arange(len(units))
    member = csr_array((np.ones(len(units), np.float32), (rows, codes)))
    return csr_array(member @ member.T)
