"""Withdrawal milestones of foreign missions (CSV) into tidy milestones, with when each is known."""

import pandas as pd

from ewarn.sources import _checks, _countries
from ewarn.sources._cells import Cells, Column, Mask, Tidy

KIND, SHAPE = "milestones", "milestones"
DELAY_DAYS = 0  # each row has dates of its own (`known_on`)
COLUMNS = (("milestone_id", "country_iso3", "kind", "announced_on", "effective_on"),)
OPTIONAL = ("admin1_name", "place", "mission", "source", "confidence")

PLANNED = (
    "announcement", "liquidation_start", "planned_base_closure", "poc_authority_end",
    "tcc_withdrawal_announced", "withdrawal_deadline",
)  # fmt: skip
RECORDED = (
    "base_closure", "base_handover", "mission_exit", "operation_end", "phase_end",
    "withdrawal_start",
    # Demands, mandates and contributors' steps are dated by the day they took effect, so they are
    # taken as records too: known a little late is safe, known too early is not.
    "host_demand", "mandate_change", "mandate_end", "rotation_suspended", "tcc_departure",
    "tcc_suspension",
)  # fmt: skip


def read(cells: Cells) -> Tidy:
    """Tidy milestones; `known_on` is the first day whose knowledge includes the row.

    Planned kinds state a future date and are known from `announced_on`; recorded kinds from
    `announced_on` or `effective_on`, whichever is later. Where one is blank the other counts;
    where both are, `known_on` is NaT: never usable. A partial date is its last day.
    """
    ids = _checks.name(cells, "milestone_id", "a milestone id")
    cells.refuse_repeats(ids.to_frame(), ["milestone_id"], "each id once")
    is_planned = _checks.choice(cells, "kind", PLANNED + RECORDED).isin(PLANNED)
    announced = _checks.last_day(cells, "announced_on")
    effective = _checks.last_day(cells, "effective_on")
    milestones = {
        "milestone_id": ids,
        "country": _countries.codes(cells, "country_iso3"),
        "admin1": cells.text("admin1_name"),
        "place": cells.text("place"),
        "mission": cells.text("mission"),
        "kind": cells.text("kind"),
        "announced_on": announced,
        "effective_on": effective,
        "known_on": _known_on(is_planned, announced, effective),
        "is_planned": is_planned,
        "source": cells.text("source"),
        "confidence": cells.text("confidence"),
    }
    nothing = cells.aside(pd.Series(False, cells.rows), "kind", "")
    dates = pd.concat([announced, effective]).dropna()
    return Tidy(pd.DataFrame(milestones), nothing, _checks.month_of(dates))


def _known_on(is_planned: Mask, announced: Column, effective: Column) -> Column:
    first_told = announced.fillna(effective)
    is_later = ~is_planned & (effective > announced)
    return first_told.mask(is_later, effective)
