"""The value of each coalition of parts: the risk with their evidence and model in place."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ewarn.explain.changes._states import MISSIONS, States
from ewarn.forecasting import escalation, model
from ewarn.forecasting.families import Rows, p_ge
from ewarn.forecasting.features import groups
from ewarn.forecasting.model import Model

PLAYERS = 5  # new events, revised events, deployments and milestones, calendar and lead, new model
Floats = NDArray[np.float64]
Key = tuple[bool, int, bool, bool]


@dataclass
class CoalitionRisks:
    """The risks of every unit by the last model or this one, on the evidence of each coalition."""

    states: States
    models: tuple[Model, Model]
    _rows: dict[tuple[bool, int], dict[int, Rows]] = field(default_factory=dict)

    def values(self, last_lead: int, lead: int) -> Floats:
        """Return the risk of each coalition of parts, (units, 32); bit j of its number has the
        j-th.
        """
        known: dict[Key, Floats] = {}
        found = []
        for coalition in range(1 << PLAYERS):
            new, revised, missions, later, now = (bool(coalition >> j & 1) for j in range(PLAYERS))
            events, leads = self.states.by_events[new, revised], (last_lead, lead)
            key = (self._model(now), id(events), missions, later)
            if key not in known:
                rows = self._of(key[0], new, revised, leads[new])
                mission = self._of(key[0], missions, missions, leads[missions])
                known[key] = self._risk(key[0], _mixed(rows, mission, leads[later]))
            found.append(known[key])
        return np.column_stack(found)

    def _model(self, is_now: bool) -> bool:
        """Return the model to use; there is only one where it is not new."""
        return is_now and self.models[0] is not self.models[1]

    def _of(self, now: bool, new: bool, revised: bool, lead: int) -> Rows:
        """Return the rows that a model forecasts a month from, with that evidence."""
        panel = self.states.by_events[new, revised]
        key = now, id(panel)
        if key not in self._rows:
            every = model.rows(self.models[now], panel)
            self._rows[key] = {rows.lead: rows for rows in every}
        return self._rows[key][lead]

    def _risk(self, now: bool, rows: Rows) -> Floats:
        baseline_draws = escalation.base(rows.target[:, -escalation.BASE_MONTHS :])
        count = escalation.least_increase(baseline_draws, self.models[now].spec.escalation)
        return p_ge(self.models[now].fitted, rows, count)


def _mixed(events: Rows, missions: Rows, lead: int) -> Rows:
    """Return the rows with the features of missions from other rows, as at that lead.

    Both are about one target month, and so is all in them that is known ahead.
    """
    of_missions = np.array([groups.of(name) in MISSIONS for name in events.names])
    matrix = np.where(of_missions, missions.matrix, events.matrix)
    return replace(events, lead=lead, matrix=matrix)
