"""Test whether any training row uses facts that became known only later."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.core.specs import ModelSpec
from ewarn.data import panel
from ewarn.data.panel import Inputs, Panel
from ewarn.evaluation.leakage._differences import Finding, differences
from ewarn.evaluation.leakage._planting import plant
from ewarn.forecasting import features
from ewarn.forecasting.features import Design
from ewarn.forecasting.model import WARM_UP

__all__ = ["Checked", "Finding", "check"]

MONTHS = 4  # reference months rebuilt, each with all units; a month of Africa takes a second
LATER = 12  # months after the planted facts in which features are compared


@dataclass(frozen=True)
class Checked:
    """What was compared, and what was found: a finding a feature and check at most.

    The months rebuilt, of so many units and features, at these leads; the month after which facts
    were planted, and the number of features that show them in the year after.
    """

    months: tuple[str, ...]
    units: int
    features: int
    findings: tuple[Finding, ...]
    leads: tuple[int, ...] = ()
    planted_after: str = ""
    noticed: int = 0


def check(spec: ModelSpec, inputs: Inputs, known: Panel, seed: int = 0) -> Checked:
    """Return whether the features a spec trains on are what was known at each of their months.

    Rebuilt: MONTHS reference months of the training rows are drawn, and all features of all units
    compared with those of panels built as of the days they were known. Planted: an event and
    milestones are added that become known only after the last of these months, and all features of
    all units and months up to it compared with those without. Both at the first, middle and last
    lead. A feature whose column did not exist then (an actor not yet seen often) is passed over:
    which columns there are is knowledge of the day of training. Raises BadInput for a panel without
    training rows.
    """
    design = features.build(known, spec.feature_sets, spec.columns)
    leads = sorted(spec.leads)
    requested = tuple(dict.fromkeys((leads[0], leads[len(leads) // 2], leads[-1])))
    chosen = _steps(spec, known, seed)
    rebuilt = [one for step in chosen for one in _rebuilt(spec, inputs, design, step, requested)]
    planted, noticed = _planted(spec, inputs, design, chosen[-1], requested, seed)
    labels = tuple(months.label(known.first_month + step) for step in chosen)
    found = (*rebuilt, *planted)
    return Checked(labels, known.shape[0], len(design.names), found, requested, labels[-1], noticed)


def _steps(spec: ModelSpec, known: Panel, seed: int) -> list[int]:
    """Return the reference months drawn from those of training rows, as positions in the panel."""
    stop = known.shape[1] - max(spec.leads)
    if stop < 1:
        what = f"{known.shape[1]} months"
        raise BadInput("panel", what, f"more than {max(spec.leads)}, the longest lead of the model")
    first = min(max(WARM_UP, stop - spec.train_months), stop - 1)
    drawn = np.random.default_rng(seed).permutation(np.arange(first, stop))
    return sorted(drawn[:MONTHS].tolist())


def _rebuilt(
    spec: ModelSpec, inputs: Inputs, design: Design, step: int, leads: Sequence[int]
) -> Iterator[Finding]:
    then = panel.at(inputs, design.panel.first_month + step)
    yield from differences(
        design, features.build(then, spec.feature_sets), leads, slice(step, step + 1)
    )


def _planted(
    spec: ModelSpec, inputs: Inputs, design: Design, step: int, leads: Sequence[int], seed: int
) -> tuple[list[Finding], int]:
    """Return the features that facts known only after a month change up to it, and the number of
    features that show them in the year after.
    """
    known = design.panel
    unit = int(np.random.default_rng(seed).integers(known.shape[0]))
    more = panel.build(plant(inputs, unit, known.first_month + step), known.as_of)
    later = features.build(more, spec.feature_sets)
    before = differences(later, design, leads, slice(0, step + 1))
    year = slice(step + 1, min(step + 1 + LATER, known.shape[1]))
    noticed = len(list(differences(later, design, leads, year)))
    return [replace(one, check="planted") for one in before], noticed
