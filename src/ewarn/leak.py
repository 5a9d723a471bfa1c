"""A panel and its features into proof that no training row knew its future, or where one did."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ewarn import features, months, panel
from ewarn.features import Design
from ewarn.model import WARM_UP
from ewarn.panel import Inputs, Panel
from ewarn.specs import ModelSpec

MONTHS = 4  # reference months rebuilt, each with all units; a month of Africa takes a second


@dataclass(frozen=True)
class Finding:
    """A feature that the full panel gives otherwise than it was known, and a unit it shows in."""

    feature: str
    unit: str
    month: str
    trained_on: float
    known_then: float

    def __str__(self) -> str:
        return (
            f"{self.feature} of {self.unit} in {self.month} is {self.trained_on:g} in the full"
            f" panel, and was {self.known_then:g} as known then"
        )


@dataclass(frozen=True)
class Checked:
    """What was rebuilt, and what was found: a finding a feature and month at most."""

    months: tuple[str, ...]
    units: int
    features: int
    findings: tuple[Finding, ...]


def check(spec: ModelSpec, inputs: Inputs, known: Panel, seed: int = 0) -> Checked:
    """How the features a spec trains on compare with those of panels built as of their months.

    MONTHS reference months of the training rows are drawn, and at the first, middle and last lead
    all features of all units compared. A feature whose column nobody knew then (an actor not yet
    seen often) is passed over: which columns there are is knowledge of the day of training.
    """
    design = features.build(known, spec.feature_sets, spec.columns)
    units, span = known.shape
    steps = np.arange(min(WARM_UP, span - 1 - max(spec.leads)), span - max(spec.leads))
    chosen = sorted(np.random.default_rng(seed).permutation(steps)[:MONTHS].tolist())
    found = [some for step in chosen for some in _month(spec, inputs, design, step)]
    labels = tuple(months.label(known.first_month + step) for step in chosen)
    return Checked(labels, units, len(design.names), tuple(found))


def _month(spec: ModelSpec, inputs: Inputs, design: Design, step: int) -> Iterator[Finding]:
    month = design.panel.first_month + step
    then = features.build(panel.at(inputs, month), spec.feature_sets)
    leads = sorted(spec.leads)
    found: dict[str, Finding] = {}
    for lead in (leads[0], leads[len(leads) // 2], leads[-1]):
        full, known = (_table(one, lead, step) for one in (design, then))
        shared = full.columns.intersection(known.columns)
        for one in _differences(full[shared], known[shared], months.label(month)):
            found.setdefault(one.feature, one)
    yield from found.values()


def _table(design: Design, lead: int, step: int) -> pd.DataFrame:
    values = design.at(lead, slice(step, step + 1))
    return pd.DataFrame(values, design.panel.units["code"], list(design.names))


def _differences(full: pd.DataFrame, known: pd.DataFrame, month: str) -> Iterator[Finding]:
    for feature in full.columns:
        trained_on, then = full[feature].to_numpy(), known[feature].to_numpy()
        differ = ~np.isclose(trained_on, then, rtol=1e-5, atol=1e-6, equal_nan=True)
        if differ.any():
            row = int(np.argmax(differ))
            values = float(trained_on[row]), float(then[row])
            yield Finding(feature, str(full.index[row]), month, *values)
