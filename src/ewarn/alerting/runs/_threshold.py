"""Choose the threshold that keeps to an alert budget, from a hindcast."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from math import isinf
from pathlib import Path
from typing import Any

import pandas as pd

from ewarn.core.errors import BadInput, EwarnError
from ewarn.evaluation import budgets, hindcasts
from ewarn.publishing.issue import Card


class NoHindcast(EwarnError):
    """There is no hindcast of the model that an issue was made with."""


@dataclass(frozen=True)
class Past:
    """What a budget would have given over the last 24 months of a hindcast, at its threshold."""

    threshold: float
    months: int
    alerts_a_month: float
    hits: int
    misses: int
    false_alarms: int
    first_target: str
    last_target: str
    hindcast: str

    def as_dict(self) -> dict[str, Any]:
        """Return the same as JSON can hold it."""
        return asdict(self)


def past(
    folder: Path, card: Card, units: Collection[str], leads: Collection[int], a_month: float
) -> Past:
    """Return the threshold on the risk that keeps to a budget, for those units and leads.

    Raises NoHindcast, Unknown or BadInput for units or leads that the hindcast has not, and
    BadInput where no threshold keeps to so small a budget.
    """
    stored, rows = _read(folder, card)
    found = budgets.keep_to(budgets.within(rows, units, leads), a_month)
    if isinf(found.threshold):
        expected = "more: even the highest risk is shared by too many"
        raise BadInput("alert budget", f"{a_month:g} a month", expected)
    return Past(
        threshold=found.threshold,
        months=found.months,
        alerts_a_month=found.a_month,
        hits=found.hits,
        misses=found.misses,
        false_alarms=found.false_alarms,
        first_target=stored.about.first_target,
        last_target=stored.about.reference_month,
        hindcast=stored.about.id,
    )


def _read(folder: Path, card: Card) -> tuple[hindcasts.Hindcast, pd.DataFrame]:
    try:
        stored = _hindcast(folder, card)
        return stored, stored.rows()
    except BadInput as error:  # whose message has a path of this machine
        raise NoHindcast("a hindcast is damaged: run `ewarn hindcast` again") from error


def _hindcast(folder: Path, card: Card) -> hindcasts.Hindcast:
    """Return the newest hindcast of the issue's model, on the same world and countries."""
    found = hindcasts.of_model(folder, card.model.spec, card.simulated, card.countries)
    if found:
        return found
    where = " of simulated events" if card.simulated else ""
    chosen = f" in {', '.join(card.countries)}" if card.countries else ""
    raise NoHindcast(
        f"there is no hindcast of the model {card.model.name}{where}{chosen}, from which to choose"
        " the threshold of a budget: run `ewarn hindcast` on the data of the issue"
    )
