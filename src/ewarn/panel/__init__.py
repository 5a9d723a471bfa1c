"""Tidy rows, each already in a unit, into dense unit x month arrays as known on a day."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from ewarn import months
from ewarn.errors import BadInput
from ewarn.panel import _deployments, _milestones, _violence
from ewarn.panel._grid import Array, Grid
from ewarn.panel._plans import disagreements

__all__ = ["Array", "Inputs", "Panel", "build", "disagreements"]


@dataclass(frozen=True)
class Inputs:
    """Everything a panel is made of: tidy tables whose column `unit` is a row of `units`.

    Exactly one of `events` (a row an event) and `counts` (a row a place and month) is given; it
    covers `first_month` to `last_month`. A milestone of a whole country has unit -1.
    """

    units: pd.DataFrame
    neighbours: csr_array
    first_month: int
    last_month: int
    events: pd.DataFrame | None = None
    counts: pd.DataFrame | None = None
    deployments: pd.DataFrame | None = None
    milestones: pd.DataFrame | None = None


@dataclass(frozen=True)
class Panel:
    """What was known on `as_of`: `columns` are float32 (unit, month), NaN where nobody looked.

    `milestones` are the rows known by then, with the months in which each was known and held.
    """

    units: pd.DataFrame
    neighbours: csr_array
    first_month: int
    as_of: date
    columns: dict[str, Array]
    milestones: pd.DataFrame

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
        """The panel as a table, a row a unit-month: unit, month, then every column."""
        units, span = self.shape
        labels = [months.label(self.first_month + step) for step in range(span)]
        keys = {
            "unit": np.repeat(self.units["code"].to_numpy(), span),
            "month": np.tile(labels, units),
        }
        return pd.DataFrame(keys | {name: cells.ravel() for name, cells in self.columns.items()})


def build(inputs: Inputs, as_of: date) -> Panel:
    """The panel as known on the evening of `as_of`, up to the last covered month that had ended.

    Raises BadInput when no covered month had ended by then.
    """
    last = min(inputs.last_month, months.last_complete(as_of))
    if last < inputs.first_month:
        covered = f"{months.label(inputs.first_month)} to {months.label(inputs.last_month)}"
        raise BadInput("as_of", as_of, f"a day after the first of the months covered, {covered}")
    grid = Grid(len(inputs.units), inputs.first_month, last)
    rows = _milestones.NONE if inputs.milestones is None else inputs.milestones
    milestones = _milestones.known(rows, as_of, last)
    columns = _violence_columns(grid, inputs)
    if inputs.deployments is not None:
        columns |= _deployments.columns(grid, inputs.deployments, _milestones.exits(milestones))
    columns |= _milestones.columns(grid, inputs.units, milestones)
    return Panel(inputs.units, inputs.neighbours, inputs.first_month, as_of, columns, milestones)


def _violence_columns(grid: Grid, inputs: Inputs) -> dict[str, Array]:
    if inputs.events is not None:
        return dict(_violence.from_events(grid, inputs.events))
    if inputs.counts is not None:
        return dict(_violence.from_counts(grid, inputs.counts))
    raise ValueError("a panel needs events or counts")
