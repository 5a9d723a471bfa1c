"""Plant facts in the inputs of a panel that become known only after a month."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from ewarn.core import months
from ewarn.data.panel import Inputs

DEAD = 1000.0  # more than any sum or mean could hide


def plant(inputs: Inputs, unit: int, month: int) -> Inputs:
    """Return the inputs with an event of the month after, in that unit, and milestones announced on
    the first day on which that month alone counts them: of a base closed before, a base to close, a
    contingent to leave, and mandates to end.
    """
    day = pd.Timestamp(months.last_day(month)) + pd.DateOffset(days=1)
    told_on = pd.Timestamp(inputs.known_from(month)) + pd.DateOffset(days=1)
    event = {"event_id": "planted", "unit": unit, "month": month + 1, "day": day, "known_on": day,
             "events": 1, "fatalities": DEAD}  # fmt: skip
    country = inputs.units["country"].iloc[unit]
    reported = [one | {"unit": unit, "country": country} for one in _milestones(told_on)]
    dates = dict.fromkeys(["known_on", "effective_on"], "datetime64[s]")
    return replace(
        inputs,
        events=_more(inputs.events, event),
        counts=_more(inputs.counts, event),
        milestones=pd.concat([inputs.milestones, pd.DataFrame(reported).astype(dates)]),
    )


def _more(table: pd.DataFrame | None, fact: dict[str, Any]) -> pd.DataFrame | None:
    """Return the table with its first row once more, changed to the fact."""
    if table is None:
        return None
    row = table.head(1).assign(**{name: one for name, one in fact.items() if name in table})
    return pd.concat([table, row], ignore_index=True)


def _milestones(day: pd.Timestamp) -> Iterator[dict[str, Any]]:
    facts = {  # what is ending, and how many days later it is announced
        "base_closure": ("base", -90),
        "planned_base_closure": ("base", 60),
        "tcc_withdrawal_announced": ("contingent", 60),
        "mandate_end": ("mandate", 60),
        "poc_authority_end": ("authority", 14),  # within any lead
    }
    for kind, (ends, ahead) in facts.items():
        yield {
            "milestone_id": f"planted {kind}",
            "mission": "planted",
            "place": kind,
            "kind": kind,
            "ends": ends,
            "is_planned": ahead > 0,
            "known_on": day,
            "effective_on": day + pd.DateOffset(days=ahead),
            "confidence": "high",
        }
