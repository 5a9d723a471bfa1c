"""Read withdrawal milestones of foreign missions (CSV), with the day each is known."""

import pandas as pd

from ewarn.data.sources import _checks, _countries
from ewarn.data.sources._cells import Cells, Column, Mask, Tidy

KIND, SHAPE = "milestones", "milestones"
DELAY_DAYS = 0  # each row has dates of its own (`known_on`)
COLUMNS = (("milestone_id", "country_iso3", "kind", "announced_on", "effective_on"),)
OPTIONAL = ("admin1_name", "place", "mission", "source", "confidence")

# What ends by each kind of row. A plan states a coming day, so it may be read ahead; of a
# record the day itself is known only once it has come. Mandates end on a day that a resolution
# states before; a demand or a suspension ends nothing by itself.
PLANNED = {
    "announcement": "mission",
    "withdrawal_deadline": "mission",
    "liquidation_start": "liquidation",
    "mandate_end": "mandate",
    "poc_authority_end": "authority",
    "planned_base_closure": "base",
    "tcc_withdrawal_announced": "contingent",
}
RECORDED = {
    "mission_exit": "mission",
    "operation_end": "mission",
    "base_closure": "base",
    "base_handover": "base",
    "phase_end": "phase",
    "withdrawal_start": "phase",
    "tcc_departure": "contingent",
    "host_demand": "",
    "mandate_change": "",
    "rotation_suspended": "",
    "tcc_suspension": "",
}


def read(cells: Cells) -> Tidy:
    """Tidy milestones; `known_on` is the first day whose knowledge includes the row.

    Planned kinds state a future date and are known from `announced_on`; recorded kinds from
    `announced_on` or `effective_on`, whichever is later. Where one is blank the other counts;
    where both are, `known_on` is NaT: never usable. A partial date is its last day, and its
    precision states ("day", "month", "year", or "" where blank). `ends` is what is ending.
    """
    ids = _checks.name(cells, "milestone_id", "a milestone id")
    cells.refuse_repeats(ids.to_frame(), ["milestone_id"], "each id once")
    kind = _checks.choice(cells, "kind", (*PLANNED, *RECORDED))
    is_planned = kind.isin(list(PLANNED))
    announced = _checks.last_day(cells, "announced_on")
    effective = _checks.last_day(cells, "effective_on")
    milestones = {
        "milestone_id": ids,
        "country": _countries.codes(cells, "country_iso3"),
        "admin1": cells.text("admin1_name"),
        "place": cells.text("place"),
        "mission": cells.text("mission"),
        "kind": kind,
        "ends": kind.map(PLANNED | RECORDED),
        "announced_on": announced,
        "announced_precision": _checks.precision(cells, "announced_on"),
        "effective_on": effective,
        "effective_precision": _checks.precision(cells, "effective_on"),
        "known_on": known_on(is_planned, announced, effective),
        "is_planned": is_planned,
        "source": cells.text("source"),
        "confidence": cells.text("confidence"),
    }
    nothing = cells.aside(pd.Series(False, cells.rows), "kind", "")
    dates = pd.concat([announced, effective]).dropna()
    return Tidy(pd.DataFrame(milestones), nothing, _checks.month_of(dates))


def known_on(is_planned: Mask, announced: Column, effective: Column) -> Column:
    """Return the first day whose knowledge includes each row, by the rules of `read`."""
    first_told = announced.fillna(effective)
    is_later = ~is_planned & (effective > announced)
    return first_told.mask(is_later, effective)
