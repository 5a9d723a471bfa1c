"""Columns of the panel: violence, groups, deployments; of milestones and rows set aside."""

from ewarn.core.columns._field import Field

_TYPES = {"state_based": "state-based", "non_state": "non-state", "one_sided": "one-sided"}

VIOLENCE = (
    Field("events", "count", "Events of organised violence.", 7.0, True),
    Field("fatalities", "count", "Deaths in events of organised violence.", 31.0, True),
    *(
        Field(f"{count}_{name}", "count", f"{what} {label} violence.", 2.0, True)
        for count, what in (("events", "Events of"), ("fatalities", "Deaths in"))
        for name, label in _TYPES.items()
    ),
)

FINAL = (
    Field(
        "expected_final", "count", "Deaths expected in the final events of the month.", 34.5, True
    ),
    Field("is_preliminary", "yes or no", "The month has no final events yet.", False, True),
)

PANEL = (
    Field("active_groups", "count", "Organised groups that took part in violence.", 3.0, True),
    Field("late_events", "count", "Events; one counts half 10 days before month's end.", 4.2, True),
    Field("late_fatalities", "count", "Deaths, weighed like `late_events`.", 12.5, True),
    Field("active_days", "days", "Days with an event.", 5.0, True),
    Field(
        "groups_fatalities",
        "count",
        "Deaths lately by the groups known here, shared out.",
        9.0,
        True,
    ),
    Field(
        "groups_events", "count", "Events lately of the groups known here, shared out.", 2.5, True
    ),
    Field(
        "actors", "names", "Often seen organised groups in violence, by semicolons.", "JNIM", True
    ),
    Field("presence.<actor>", "0 or 1", "Whether the named actor was present.", 1.0, True),
    Field("troops", "people", "Troops of missions deployed.", 450.0, True),
    Field("bases", "count", "Bases of missions standing.", 2.0, True),
    Field("troops_change", "people", "Change of troops on the month before.", -150.0, True),
    Field("bases_change", "bases", "Change of bases on the month before.", -1.0, True),
    Field("milestones_announced", "count", "Coming milestones that became known.", 1.0, True),
    Field("milestones_effective", "count", "Milestones that took effect.", 0.0, True),
)

AS_NAMED = "First-level unit as the source names it."

MILESTONES = (
    Field("milestone_id", "code", "Identifier of the withdrawal milestone.", "MLI-BARKHANE-003"),
    Field("admin1", "text", AS_NAMED, "Kidal", True),
    Field("place", "text", "Place as the source names it.", "Tessalit", True),
    Field("mission", "text", "The foreign mission.", "Barkhane"),
    Field("kind", "text", "The kind of milestone.", "base_handover"),
    Field("announced_on", "date", "The day it was announced.", "2021-07-31", True),
    Field("effective_on", "date", "The day it takes or took effect.", "2021-11-13", True),
    Field("known_on", "date", "The day from which a forecast may use it.", "2021-07-31"),
    Field("is_planned", "yes or no", "It states a coming date, so it may be read ahead.", True),
    Field("source", "text", "Where the row comes from.", "public report"),
    Field("confidence", "text", "How sure the source is.", "high", True),
)

SET_ASIDE = (
    Field("file", "text", "The file the row stood in.", "events.csv"),
    Field("row", "line", "Line of the row, the header being 1.", 17),
    Field("column", "text", "The column that could not be used.", "date_start"),
    Field("found", "text", "What the column held.", "2021-13-01"),
    Field("expected", "text", "What the column should have held.", "a date"),
)
