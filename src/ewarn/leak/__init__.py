"""A panel and its features into proof that no training row knew its future, or where one did."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ewarn import features, months, panel
from ewarn.errors import BadInput
from ewarn.features import Design
from ewarn.leak._differences import Finding, differences
from ewarn.leak._plant import plant
from ewarn.model import WARM_UP
from ewarn.panel import Inputs, Panel
from ewarn.specs import ModelSpec

__all__ = ["Checked", "Finding", "check"]

MONTHS = 4  # reference months rebuilt, each with all units; a month of Africa takes a second
LATER = 12  # months after the planted facts in which features are asked whether they show them


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
    """Whether the features a spec trains on are what was known at each of their months.

    Rebuilt: MONTHS reference months of the training rows are drawn, and all features of all units
    compared with those of panels built as of their last days. Planted: an event and milestones are
    added that become known only after the last of these months, and all features of all units and
    months up to it compared with those without. Both at the first, middle and last lead. A feature
    whose column nobody knew then (an actor not yet seen often) is passed over: which columns there
    are is knowledge of the day of training. Raises BadInput for a panel without training rows.
    """
    design = features.build(known, spec.feature_sets, spec.columns)
    leads = sorted(spec.leads)
    asked = tuple(dict.fromkeys((leads[0], leads[len(leads) // 2], leads[-1])))
    chosen = _steps(spec, known, seed)
    last = chosen[-1]
    found = [one for step in chosen for one in _rebuilt(spec, inputs, design, step, asked)]
    planted = _with_later_facts(spec, inputs, known, last, seed)
    before = differences(planted, design, asked, slice(0, last + 1))
    found += [replace(one, check="planted") for one in before]
    year = slice(last + 1, min(last + 1 + LATER, known.shape[1]))
    return Checked(
        tuple(months.label(known.first_month + step) for step in chosen),
        known.shape[0],
        len(design.names),
        tuple(found),
        asked,
        months.label(known.first_month + last),
        len(list(differences(planted, design, asked, year))),
    )


def _steps(spec: ModelSpec, known: Panel, seed: int) -> list[int]:
    """The reference months drawn from those of training rows, as positions in the panel."""
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
    then = panel.build(inputs, months.last_day(design.panel.first_month + step))
    yield from differences(
        design, features.build(then, spec.feature_sets), leads, slice(step, step + 1)
    )


def _with_later_facts(
    spec: ModelSpec, inputs: Inputs, known: Panel, step: int, seed: int
) -> Design:
    unit = int(np.random.default_rng(seed).integers(known.shape[0]))
    more = plant(inputs, unit, known.first_month + step)
    return features.build(panel.build(more, known.as_of), spec.feature_sets)
