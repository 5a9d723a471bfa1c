"""Build the monthly panel of units as known on a day, from placed rows."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.data.panel import _deployments, _milestones, _violence
from ewarn.data.panel._grid import Array, Grid
from ewarn.data.panel._groups import taking_part
from ewarn.data.panel._inputs import Fetched, Inputs
from ewarn.data.panel._plans import disagreements
from ewarn.data.panel._reports import learned, reports
from ewarn.data.revisions import Revisions

__all__ = [
    "Array",
    "Fetched",
    "Inputs",
    "Panel",
    "at",
    "build",
    "disagreements",
    "reports",
    "revised",
    "taking_part",
]


@dataclass(frozen=True)
class Panel:
    """What was known on `as_of`: `columns` are float32 (unit, month), NaN where there was no
    coverage.

    `milestones` are the rows known by then, with the months in which each was known and held.
    Months after `final_through` are preliminary, and those to `again_through` reported again;
    without them nothing is stated of that. `revisions` is the model of what preliminary counts
    become, where it is not the shipped one.
    """

    units: pd.DataFrame
    neighbours: csr_array
    first_month: int
    as_of: date
    columns: dict[str, Array]
    milestones: pd.DataFrame
    final_through: int | None = None
    again_through: int | None = None
    revisions: Revisions | None = None

    @property
    def ages(self) -> list[str]:
        """Of each preliminary month: "first", as first reported, or "later", reported again."""
        last = self.reference_month
        again = self.again_through or 0
        span = range(last - self.preliminary + 1, last + 1)
        return ["later" if month <= again else "first" for month in span]

    @property
    def preliminary(self) -> int:
        """How many months at its end are preliminary."""
        final = self.reference_month if self.final_through is None else self.final_through
        return max(0, min(self.reference_month - final, self.shape[1]))

    @property
    def shape(self) -> tuple[int, int]:
        """(units, months)."""
        units, span = self.columns["events"].shape
        return units, span

    @property
    def reference_month(self) -> int:
        """The last month observed."""
        return self.first_month + self.shape[1] - 1

    def frame(self) -> pd.DataFrame:
        """Return the panel as a table, a row a unit-month: unit, month, then every column."""
        units, span = self.shape
        labels = [months.label(self.first_month + step) for step in range(span)]
        keys = {
            "unit": np.repeat(self.units["code"].to_numpy(), span),
            "month": np.tile(labels, units),
        }
        return pd.DataFrame(keys | {name: cells.ravel() for name, cells in self.columns.items()})


def build(inputs: Inputs, as_of: date, last: int | None = None) -> Panel:
    """Return the panel as known on the evening of `as_of`, up to the reference month, or to `last`
    if that comes before.

    Raises BadInput when no covered month was known by then.
    """
    known = inputs.reference_month(as_of)
    last = known if last is None else min(last, known)
    if last < inputs.first_month:
        covered = f"{months.label(inputs.first_month)} to {months.label(inputs.last_month)}"
        late = f", and {inputs.delay} days more" if inputs.delay else ""
        need = f"a day after the first of the months covered, {covered}{late}"
        raise BadInput("as_of", as_of, need)
    grid = Grid(len(inputs.units), inputs.first_month, last)
    columns = _violence_columns(grid, inputs.as_reported(as_of))
    none = _milestones.NONE
    places = (inputs.units, inputs.neighbours)
    bare = Panel(*places, inputs.first_month, as_of, columns, none, *inputs.states(as_of))
    bare = replace(bare, revisions=learned(inputs.reports, as_of))
    return revised(bare, inputs)


def revised(known: Panel, inputs: Inputs) -> Panel:
    """Return the panel with the milestones of these inputs, and the deployments where they have
    some; its violence as it is.
    """
    grid = Grid(len(inputs.units), known.first_month, known.reference_month)
    rows = _milestones.NONE if inputs.milestones is None else inputs.milestones
    milestones = _milestones.known(rows, known.as_of, grid.last, inputs.delay)
    columns = dict(known.columns)
    if inputs.deployments is not None:
        columns |= _deployments.columns(grid, inputs.deployments, _milestones.exits(milestones))
    columns |= _milestones.columns(grid, inputs.units, milestones)
    return replace(known, columns=columns, milestones=milestones)


def at(inputs: Inputs, month: int) -> Panel:
    """Return the panel of which `month` is the reference month, as known once it was reported."""
    return build(inputs, inputs.known_from(month), month)


def _violence_columns(grid: Grid, inputs: Inputs) -> dict[str, Array]:
    if inputs.events is not None:
        return dict(_violence.from_events(grid, inputs.events))
    if inputs.counts is not None:
        return dict(_violence.from_counts(grid, inputs.counts))
    raise ValueError("a panel needs events or counts")
