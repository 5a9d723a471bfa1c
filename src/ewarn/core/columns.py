"""The column dictionary: every column and field, declared once with its unit and meaning."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ewarn.core.errors import Unknown


@dataclass(frozen=True)
class Field:
    """What a name means wherever it stands; the type of `example` is the type of its values."""

    name: str
    unit: str
    sentence: str
    example: Any
    is_optional: bool = False


_PLACES = (
    Field("unit", "code", "Code of the administrative unit.", "MLI-MO"),
    Field("code", "code", "Stable code of the administrative unit.", "MLI-MO"),
    Field("name", "text", "Name of the administrative unit.", "Mopti"),
    Field("country", "ISO 3166-1 alpha-3", "Country the unit lies in.", "MLI"),
    Field("country_name", "text", "Name of the country, in English.", "Mali"),
    Field("latitude", "degrees north, WGS84", "Latitude of a point inside the unit.", 14.6),
    Field("longitude", "degrees east, WGS84", "Longitude of a point inside the unit.", -3.4),
    Field("geometry", "GeoJSON, WGS84", "Simplified border of the unit.", '{"type": "Polygon"}'),
    Field("location_code", "ISO 3166-1 alpha-3", "Country the unit lies in.", "MLI"),
    Field("location_name", "text", "Name of the country, in English.", "Mali"),
    Field("admin1_code", "code", "Code of the administrative unit.", "MLI-MO"),
    Field("admin1_name", "text", "Name of the administrative unit.", "Mopti"),
)
_CLOCKS = (
    Field("as_of", "date", "The day whose knowledge was used.", "2021-01-15"),
    Field("reference_month", "YYYY-MM", "The last month observed.", "2020-12"),
    Field("target_month", "YYYY-MM", "The month forecast.", "2021-03"),
    Field("month", "YYYY-MM", "The month observed.", "2020-12"),
    Field("lead", "months", "Months from the reference month to the target month.", 3),
    Field("month_id", "months", "The month forecast, as VIEWS counts: 1 is January 1980.", 495),
)
_FORECAST = (
    Field("model", "text", "Name of the model.", "lgbm"),
    Field("target", "text", "The monthly count forecast.", "fatalities"),
    Field("output_type", "mean, quantile or pmf", "What kind of number `value` is.", "quantile"),
    Field(
        "output_type_id",
        "level or class",
        "Level of the quantile, class of change of the pmf, or empty for the mean.",
        "0.95",
    ),
    Field("value", "count or probability", "The number forecast.", 12.0),
    Field("draws", "counts", "Equally likely counts, from the smallest to the largest.", [0, 2]),
)
_RISK = (
    Field("risk", "probability", "Chance of an increase, large or not.", 0.31),
    Field("p_large_decrease", "probability", "Chance of a large decrease.", 0.02),
    Field("p_decrease", "probability", "Chance of a decrease that is not large.", 0.17),
    Field("p_stable", "probability", "Chance of no notable change.", 0.5),
    Field("p_increase", "probability", "Chance of an increase that is not large.", 0.2),
    Field("p_large_increase", "probability", "Chance of a large increase.", 0.11),
    Field("p_ge_1", "probability", "Chance of a count of at least 1.", 0.83),
    Field("p_ge_25", "probability", "Chance of a count of at least 25.", 0.24),
    Field("p_ge_100", "probability", "Chance of a count of at least 100.", 0.03),
    Field("expected", "count", "Mean of the forecast monthly count.", 17.25),
    Field("q05", "count", "The 5 % quantile of the forecast monthly count.", 0.0),
    Field("q50", "count", "Median of the forecast monthly count.", 9.0),
    Field("q95", "count", "The 95 % quantile of the forecast monthly count.", 61.0),
    Field("rank", "place", "Place by risk within the lead; 1 is the highest risk.", 4),
    Field("baseline", "count", "Mean monthly count of the 12 months to the reference month.", 14.5),
    Field("is_onset", "yes or no", "The 12 months to the reference month had no event.", False),
)
_DRIVERS = (
    Field(
        "driver", "group of features", "What drives a risk; the groups: docs/drivers.md.", "actors"
    ),
    Field("driver_rank", "place", "Place by size of contribution; 1 is the leading driver.", 1),
    Field(
        "contribution",
        "probability, signed",
        "What the driver adds to the risk; all add up to `risk` less `reference_risk`.",
        0.08,
    ),
    Field(
        "reference_risk",
        "probability",
        "The risk in a quiet place: no violence, no groups, no mission, no season.",
        0.01,
    ),
    Field("sentence_en", "text", "What is known of the driver, in English.", "2 bases lost"),
    Field("sentence_fr", "text", "What is known of the driver, in French.", "2 bases perdues"),
)
_TOP_DRIVERS = tuple(
    field
    for place in (1, 2, 3)
    for field in (
        Field(
            f"driver_{place}",
            "group of features",
            f"The driver that ranks {place} by size of contribution; more: /v1/drivers.",
            "actors",
            True,
        ),
        Field(
            f"contribution_{place}", "probability, signed", "What it adds to the risk.", 0.08, True
        ),
    )
)
_CHANGES = (
    Field("last_risk", "probability", "The risk in the last issue.", 0.27, True),
    Field(
        "risk_change",
        "probability, signed",
        "The risk less that of the last issue for the same month.",
        0.04,
        True,
    ),
    *(
        Field(name, "probability, signed", f"What {what} add to the change.", example, True)
        for name, what, example in (
            ("new_events", "events of the months since the last issue's", 0.05),
            ("revised_events", "older events that were revised since", 0.0),
            ("deployments_and_milestones", "deployments and milestones, as known now,", -0.01),
            ("calendar_and_lead", "the shorter lead, and the calendar,", -0.01),
            ("new_model", "a new model, or a new version of ewarn,", 0.01),
        )
    ),
)
PARTS_OF_A_CHANGE = tuple(field.name for field in _CHANGES[2:])
_TYPES = {"state_based": "state-based", "non_state": "non-state", "one_sided": "one-sided"}
_VIOLENCE = (
    Field("events", "count", "Events of organised violence.", 7.0, True),
    Field("fatalities", "count", "Deaths in events of organised violence.", 31.0, True),
    *(
        Field(f"{count}_{name}", "count", f"{what} {label} violence.", 2.0, True)
        for count, what in (("events", "Events of"), ("fatalities", "Deaths in"))
        for name, label in _TYPES.items()
    ),
)
_PANEL = (
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
_AS_NAMED = "First-level unit as the source names it."
_MILESTONES = (
    Field("milestone_id", "code", "Identifier of the withdrawal milestone.", "MLI-BARKHANE-003"),
    Field("admin1", "text", _AS_NAMED, "Kidal", True),
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
_SET_ASIDE = (
    Field("file", "text", "The file the row stood in.", "events.csv"),
    Field("row", "line", "Line of the row, the header being 1.", 17),
    Field("column", "text", "The column that could not be used.", "date_start"),
    Field("found", "text", "What the column held.", "2021-13-01"),
    Field("expected", "text", "What the column should have held.", "a date"),
)
_ISSUE = (
    Field(
        "issue", "code", "Identifier of the issue: reference month and hash.", "2020-12-0f1e2d3c4b"
    ),
    Field("created_at", "time, UTC", "When the issue was written.", "2021-01-15T08:00:00+00:00"),
    Field("leads", "months", "The leads the issue has.", [1, 2, 3]),
    Field("simulated", "yes or no", "The numbers come from a simulated world.", False),
    Field("units", "count", "How many units the issue has.", 860),
    Field(
        "sources",
        "list",
        "Files the issue was made from, with digests, coverage, and by what they were known.",
        [{"kind": "events", "known_by": "reporting delay", "delay_days": 20}],
    ),
    Field(
        "months_behind",
        "months",
        "Months that should have been known on `as_of` and that the events did not cover.",
        0,
    ),
    Field(
        "accepted",
        "list",
        "Findings about the data that were accepted, with their evidence.",
        [{"name": "silent-MLI", "evidence": "no event in MLI since 2020-12"}],
    ),
    Field(
        "last_issue",
        "code",
        "The issue that changes are measured from: same target, as of an earlier day.",
        "2020-11-9e8d7c6b5a",
        True,
    ),
    Field(
        "changes_untold",
        "text",
        "Why the parts of the changes are not known, if they are not.",
        "other units than the last issue has",
        True,
    ),
    Field(
        "since",
        "code",
        "The issue that changes are measured from; none where there was none before.",
        "2020-11-9e8d7c6b5a",
        True,
    ),
    Field("files", "object", "SHA-256 of each file of the issue.", {"risks.parquet": "sha256:..."}),
    Field("model_version", "text", "Version of the model in the registry.", "3", True),
    Field("run_id", "text", "Training run of the model in the registry.", "8c1f", True),
    Field("spec", "object", "The model's specification.", {"family": "lgbm"}),
    Field("scores", "object", "Scores of the model in its backtest.", {"crps": 0.46}),
    Field("issues", "list", "Issues made with it, newest first.", ["2020-12-0f1e2d3c4b"]),
)
_MODEL_CARD = (
    Field(
        "card",
        "path",
        "Where the card of the model is, if there is one.",
        "/v1/models/lgbm/3",
        True,
    ),
    Field("registered_name", "text", "Name of the model in the registry.", "ewarn-fatalities"),
    Field("code_version", "text", "Version of ewarn, with a digest of its files.", "0.1.0+0f1e2d"),
    Field("summary", "list", "How it compares, in sentences.", ["lgbm beats conflictology ..."]),
    Field(
        "coverage", "object", "Units, months and columns of the panel learned from.", {"units": 860}
    ),
    Field(
        "features",
        "object",
        "Names of its features by group.",
        {"own_history": ["fatalities.lag_0"], "calendar": ["ahead.calendar.sin"]},
    ),
    Field("missing_features", "list", "Features for which there were no data.", ["troops.lag_0"]),
    Field("compared_with", "text", "The baseline it is scored beside.", "conflictology"),
    Field("origins", "YYYY-MM", "Held-out months it was scored from.", ["2019-03", "2019-06"]),
    Field(
        "differences",
        "object",
        "Paired differences from the baseline, with intervals by bootstrap over origins.",
        {"level": 0.9, "by_lead": [{"lead": 1, "metric": "crps", "relative": -0.07}]},
    ),
    Field(
        "calibration",
        "list",
        "Forecast probabilities and how often it then happened, by model and event.",
        [{"event": "at least 1", "forecast": [0.04, 0.15], "observed": [0.03, 0.17]}],
    ),
    Field(
        "importance",
        "object",
        "How much worse it gets when a group of features is permuted among units.",
        {"by_lead": [{"group": "actors", "lead": 1, "rise": 0.004, "share": 0.05}]},
    ),
    Field("limits", "list", "Known limits, in sentences.", ["It learned nothing since 2020-12."]),
)
_SCENARIO = (
    *(
        Field(f"{name}_{which}", unit, f"{what} {words}.", example)
        for name, unit, what, values in (
            ("risk", "probability", "Chance of an increase, large or not,", (0.34, 0.31, 0.03)),
            ("expected", "count", "Mean of the forecast monthly count", (19.5, 17.25, 2.25)),
            ("p_ge_25", "probability", "Chance of a count of at least 25", (0.27, 0.24, 0.03)),
        )
        for which, words, example in zip(
            ("with", "without", "difference"),
            ("in the scenario", "as issued", "in the scenario, less as issued"),
            values,
            strict=True,
        )
    ),
    Field("note", "text", "What the numbers are, and what they are not.", "Not a cause."),
    Field("milestones", "list", "Milestones of the scenario, 20 at most.", []),
    *(
        Field(f"{name}_changes", "list", f"Changes of {what} in the scenario, 100 at most.", [])
        for name, what in (
            ("troops", "troops, from a month on"),
            ("bases", "bases, from a month on"),
            ("events", "events of a month"),
            ("fatalities", "deaths of a month"),
        )
    ),
    Field("top", "count", "How many of the units that change most to answer.", 10),
    Field("change", "count", "What is added to the number known; taken from it below 0.", -450),
)
_PAST = (
    Field("count", "count", "The observed monthly count.", 31.0),
    Field("crps", "count", "CRPS of the forecast; 0 is perfect.", 9.5),
    Field("crps_log1p", "log of count", "CRPS of the forecast of log(1 + count).", 0.4),
    Field("is_escalation", "yes or no", "The observed count was an increase, large or not.", True),
    Field("stratum", "quiet, active, transition or all", "By the 24 months before.", "active"),
    *(
        Field(f"conflictology_{name}", unit, f"{what} of the last twelve months as draws.", example)
        for name, unit, what, example in (
            ("risk", "probability", "Risk of escalation", 0.25),
            ("p_ge_1", "probability", "Chance of at least 1", 0.75),
            ("p_ge_25", "probability", "Chance of at least 25", 0.25),
            ("crps", "count", "CRPS", 10.25),
            ("crps_log1p", "log of count", "CRPS of log(1 + count)", 0.5),
        )
    ),
)
_BRIER = (("ge_1", "at least 1"), ("ge_25", "at least 25"), ("escalation", "an escalation"))
_WHOSE = (("", ""), ("conflictology_", " of the last twelve months as draws"))
_VERIFICATION = (
    Field("n", "count", "Units and months scored; where none, the numbers are missing.", 860),
    *(
        Field(
            f"{whose}brier_{name}",
            "squared probability",
            f"Brier score of {what}{of}, mean over units and months.",
            0.06,
            True,
        )
        for whose, of in _WHOSE
        for name, what in _BRIER
    ),
    Field("escalations", "count", "How many of them escalated.", 31, True),
    Field("top_20_hits", "count", "Of the 20 of highest risk at an origin, escalated.", 7, True),
    Field("top_20_false_alarms", "count", "Of those 20, did not escalate.", 13, True),
    Field(
        "reliability",
        "object",
        "By event, for ten bins of probability: n, the sum of probabilities, how often it came.",
        {"ge_1": [[700, 20.5, 22], [60, 9.1, 8]]},
        True,
    ),
)
_LEDGER = (
    Field(
        "vintage",
        "first or latest",
        "Scored on the outcome as first reported, or as reported latest.",
        "latest",
    ),
    Field("vintages", "count", "How many different reports of the outcome there were.", 2),
    Field(
        "told_as_of", "date", "The day as of which the outcome was reported.", "2021-05-15", True
    ),
    Field("is_ahead", "yes or no", "It was written before the month forecast ended.", True),
    Field("void", "text", "Why these forecasts do not count; empty where they do.", "cut", True),
)
_ASKED = (  # what a client sends to ask for risk scores
    Field(
        "units",
        "list",
        "Units, 1,000 at most: a text is a code or a name; an object has `admin1_code`, or"
        " `admin1_name`, or `latitude` and `longitude`, the last two also `location_code`.",
        ["MLI-MO", {"admin1_name": "Gao", "location_code": "MLI"}],
    ),
    Field("leads", "months", "Leads to return, 100 at most; all where none is named.", [1, 3]),
    Field("thresholds", "counts", "Counts whose probabilities are returned, 20 at most.", [10, 50]),
    Field("admin1_code", "code", "Code of the administrative unit.", "MLI-MO"),
    Field("admin1_name", "text", "Name of the unit, in any common spelling.", "Région de Mopti"),
    Field("location_code", "ISO 3166-1 alpha-3", "Country that is meant, by code or name.", "MLI"),
)
_RESOLVED = (
    Field(
        "exceedances",
        "list",
        "The chance that the count reaches each of the requested thresholds.",
        [{"count": 10, "probability": 0.41}],
    ),
    Field(
        "resolved",
        "list",
        "Units as requested, and the code that each was resolved to.",
        [{"asked": "Mopti", "admin1_code": "MLI-MO"}],
    ),
    Field(
        "unresolved",
        "list",
        "Requested units that could not be resolved, why, and the nearest ones.",
        [{"asked": "Centre", "reason": "several units have that name", "suggestions": []}],
    ),
)
_ALERTS = (
    Field("alert", "code", "The alert.", "5f0c9e2a7b31d846"),
    Field("watchlist", "code", "The watch list.", "9e2a7b31d846"),
    Field("watchlist_name", "text", "Name of the watch list.", "Central Sahel"),
    Field(
        "reason",
        "threshold or extreme",
        "An extreme is raised in spite of the cooldown.",
        "extreme",
    ),
    Field("measure", "name of a field", "What reached its threshold.", "risk"),
    Field("measured", "probability", "What the measure was when the alert was raised.", 0.31),
    Field("threshold", "probability", "What the measure had to reach.", 0.3),
    Field("is_open", "yes or no", "The alert has not ended.", True),
    Field("raised_at", "moment, UTC", "When the alert was raised.", "2021-01-15T08:31:00+00:00"),
    Field("ended_at", "moment, UTC", "When it ended.", "2021-02-15T08:31:00+00:00", True),
    Field("ended_by", "code", "The issue that ended it.", "2021-01-7c31aa02be", True),
    Field("ended_why", "fell or past", "The measures fell, or the month is past.", "fell", True),
    Field("summary_en", "text", "The alert in a few sentences, in English.", "Gao, Mali: 31 %"),
    Field("summary_fr", "text", "The alert in a few sentences, in French.", "Gao, Mali : 31 %"),
    Field(
        "drivers",
        "list",
        "The three leading drivers, what each adds, and its sentences.",
        [{"driver": "actors", "contribution": 0.08, "sentence_en": "2 groups"}],
    ),
    Field("thresholds", "object", "By measure, what raises an alert.", {"risk": 0.3}),
    Field("budget", "alerts a month", "The threshold keeps to so many, on average.", 8.0, True),
    Field(
        "past",
        "object",
        "What the budget would have given over the last 24 months of the hindcast.",
        {"hits": 31, "misses": 40, "false_alarms": 102, "months": 24, "threshold": 0.3},
        True,
    ),
    Field(
        "extremes",
        "object",
        "By measure, the value that raises an alert in spite of the cooldown.",
        {"p_ge_100": 0.5},
    ),
    Field(
        "ends_below",
        "share",
        "An alert ends when each measure is below this share of what raises one.",
        0.8,
    ),
    Field("cooldown", "months", "Months before and after an alert without another.", 3),
    Field("changed_at", "moment, UTC", "When it was last changed.", "2021-01-15T08:30:00+00:00"),
    Field("evaluated_issue", "code", "The last issue it was evaluated on.", "2020-12-0f1e", True),
    Field("evaluated_at", "moment, UTC", "When that was.", "2021-01-15T08:31:00+00:00", True),
    Field("evaluation_note", "text", "What was wrong with it, if anything.", "no unit X", True),
    Field("subscription", "code", "The subscription.", "2a7b31d8469e"),
    Field("url", "URL", "Where messages are sent.", "https://example.org/alerts"),
    Field("secret", "whsec_ and base64", "What signs each message; shown once.", "whsec_c2VjcmV0"),
    Field("delivery", "code", "The message; webhook-id at each try.", "msg_5f0c9e2a7b31d846"),
    Field("attempts", "count", "How often it was sent.", 1),
    Field("next_attempt_at", "moment, UTC", "When it is due.", "2021-01-15T08:31:00+00:00", True),
    Field("delivered_at", "moment, UTC", "When it arrived.", "2021-01-15T08:31:00+00:00", True),
    Field("dead_at", "moment, UTC", "When it was given up.", "2021-01-18T08:31:00+00:00", True),
    Field("result", "text", "Outcome of the last attempt.", "answered 204", True),
)
_SERVICE = (
    Field("data", "list", "The rows requested.", []),
    Field("totalCount", "count", "How many rows match, on all pages.", 860),
    Field(
        "links", "object", "This page (self) and the page after it (next).", {"self": "/v1/units"}
    ),
    Field("age_days", "days", "Days from the end of the reference month to today (UTC).", 15),
    Field("as_of_age_days", "days", "Days from `as_of` to today (UTC).", 0),
    Field("target_months", "list", "The month forecast at each of `leads`.", ["2021-01"]),
    Field("months", "list", "The last 24 months observed.", ["2020-11", "2020-12"]),
    Field("aliases", "list", "Other names of the administrative unit.", ["Timbuktu"]),
    Field("status", "text", "State of the service.", "ready"),
    Field("damaged", "object", "Issues that cannot be read, and why.", {}),
)

_ALL = (
    *(_PLACES + _CLOCKS + _FORECAST + _RISK + _DRIVERS + _TOP_DRIVERS + _CHANGES),
    *(_VIOLENCE + _PANEL),
    *(_MILESTONES + _ISSUE + _MODEL_CARD + _SCENARIO + _RESOLVED),
    *(_PAST + _VERIFICATION + _LEDGER + _ALERTS + _SERVICE),
)
_BY_NAME = {field.name: field for field in _ALL}
_MEANS_OF_ROWS = [whose + name for whose, _ in _WHOSE for name in ("crps", "crps_log1p")]
_NO_UNIT = "Code of the administrative unit; nothing for a whole country."
_LEARNED = (
    Field("as_of", "date", "The day whose knowledge the model learned from.", "2021-01-15"),
    Field("reference_month", "YYYY-MM", "The last month it learned from.", "2020-12"),
    Field("leads", "months", "The leads it forecasts.", [1, 2, 3]),
    Field("simulated", "yes or no", "It learned from a simulated world.", False),
    Field("sources", "list", "Files it learned from, with digests.", [{"kind": "events"}]),
    Field(
        "scores",
        "object",
        "Scores at the held-out origins, its own and the baseline's: averages, by lead, by part.",
        {"by_lead": [{"model": "lgbm", "lead": 1, "crps": 0.46}]},
    ),
)
_MOVED = (
    Field(
        "status",
        "moved, new or withdrawn",
        "Whether the risk moved, is new, or was withdrawn (no longer in the issue).",
        "moved",
    ),
    Field("risk", "probability", "The risk, where the issue still has it.", 0.31, True),
    Field("lead", "months", "Months to the target month, where the issue still has it.", 3, True),
)
_OF_LEADS = {
    "rank": ([4, 6], "Places by risk within each lead; 1 is the highest risk."),
    "risk": ([0.31, 0.29], "Chance of an increase, large or not, at each lead."),
    "risk_change": ([0.04, None], "Risk less that of the last issue for the month, at each lead."),
    "p_ge_1": ([0.83, 0.8], "Chance of a count of at least 1, at each lead."),
    "p_ge_25": ([0.24, 0.2], "Chance of a count of at least 25, at each lead."),
    "expected": ([17.25, 16.5], "Mean of the forecast monthly count, at each lead."),
    "q05": ([0.0, 0.0], "The 5 % quantile of the forecast monthly count, at each lead."),
    "q50": ([9.0, 8.0], "Median of the forecast monthly count, at each lead."),
    "q95": ([61.0, 64.0], "The 95 % quantile of the forecast monthly count, at each lead."),
}
_OVERVIEW = (
    *(Field(name, "list by lead", said, example) for name, (example, said) in _OF_LEADS.items()),
    Field("fatalities", "list by month", "Deaths in each of `months`.", [31.0, None]),
    Field("troops", "people", "Troops deployed at the end, if known.", 450.0, True),
    Field("bases", "count", "Bases of missions standing at the end, if known.", 2.0, True),
)
_ISSUED_OR_NOT = (
    Field(
        "kind",
        "issued or hindcast",
        "Issued ahead of the month, or made afterwards (hindcast).",
        "issued",
    ),
    Field("issue", "code", "The issue; none for a hindcast.", "2020-12-0f1e2d3c4b", True),
)
_OUTCOMES = (
    *_ISSUED_OR_NOT,
    *(replace(of, is_optional=True) for of in _RISK if of.name in ("q05", "q95")),
    Field("count", "count", "The observed count, as reported in the requested issue.", 31.0, True),
    Field(
        "is_escalation",
        "yes or no",
        "The observed count was an increase, large or not.",
        True,
        True,
    ),
)
_BUDGETS = (
    Field("budget", "alerts a month", "The threshold keeps to so many, on average.", 8.0),
    Field("leads", "months", "The leads that raise alerts.", [1, 2, 3]),
    Field("threshold", "probability", "The risk that alerts are raised at.", 0.2),
    Field("months", "count", "Months forecast that the counts are over.", 24),
    Field("alerts_a_month", "count", "Alerts a month, on average.", 7.5),
    Field("hits", "count", "Alerts for a unit and month that escalated.", 44),
    Field("misses", "count", "Escalations without an alert.", 47),
    Field("false_alarms", "count", "Alerts without an escalation.", 135),
    Field("first_target", "YYYY-MM", "The first of these months.", "2018-12"),
    Field("last_target", "YYYY-MM", "The last of these months.", "2020-11"),
    Field(
        "hindcast", "code", "The hindcast that the counts come from.", "2020-11-lgbm-0a2d0a424782"
    ),
)
_IN_TABLE = {  # where a table's own sense of a name goes before the common one
    "set_aside": {field.name: field for field in _SET_ASIDE},
    "model_card": {field.name: field for field in _LEARNED},
    "verification": {
        field.name: field
        for field in (
            *_ISSUED_OR_NOT,
            Field("target_month", "YYYY-MM", "The month forecast; none: many.", "2021-03", True),
            Field("location_code", "ISO 3166-1 alpha-3", "The country that is void.", "MLI", True),
            *(replace(of, is_optional=True) for of in _PAST if of.name in _MEANS_OF_ROWS),
        )
    },
    "asked": {field.name: field for field in _ASKED},
    "moved": {field.name: field for field in _MOVED},
    "outcomes": {field.name: field for field in _OUTCOMES},
    "alert_budgets": {field.name: field for field in _BUDGETS},
    "overview": {field.name: field for field in _OVERVIEW},
    "watchlists": {
        field.name: field
        for field in (
            Field(
                "name", "text", "Name of the watch list, unique among those of the key.", "Sahel"
            ),
            Field("units", "list", "Codes of the units watched.", ["MLI-GA", "MLI-MO"]),
            Field("leads", "months", "The leads watched.", [1, 2, 3]),
            Field("created_at", "moment, UTC", "When it was made.", "2021-01-15T08:30:00+00:00"),
        )
    },
    "subscriptions": {
        "created_at": Field(
            "created_at", "moment, UTC", "When it was made.", "2021-01-15T08:30:00+00:00"
        )
    },
    "deliveries": {"issue": Field("issue", "code", "The issue it is about.", "2020-12-0f1e2d3c4b")},
    "alerts": {"issue": Field("issue", "code", "The issue that raised it.", "2020-12-0f1e2d3c4b")},
    "milestones": {
        "unit": Field("unit", "code", _NO_UNIT, "MLI-KD", True),
        "admin1_code": Field("admin1_code", "code", _NO_UNIT, "MLI-KD", True),
        "admin1_name": Field("admin1_name", "text", _AS_NAMED, "Kidal", True),
    },
}

_MEANS = ("crps", "crps_log1p", *(f"brier_{name}" for name, _ in _BRIER))
VERIFICATION = (  # the numbers of a line of scores
    *("n", *(whose + name for whose, _ in _WHOSE for name in _MEANS)),
    *("escalations", "top_20_hits", "top_20_false_alarms", "reliability"),
)
TABLES: dict[str, tuple[str, ...]] = {
    "forecasts": (
        *("model", "target", "unit", "reference_month", "lead", "target_month"),
        *("output_type", "output_type_id", "value"),
    ),
    "risks": (
        *("unit", "name", "country", "country_name", "lead", "target_month"),
        *(field.name for field in _RISK),
    ),
    "draws": ("unit", "lead", "target_month", "draws"),
    "drivers": ("unit", "lead", "target_month", *(field.name for field in _DRIVERS)),
    "changes": ("unit", "lead", "target_month", "risk", *(field.name for field in _CHANGES)),
    "units": (*("code", "name", "country", "country_name", "latitude", "longitude", "geometry"),),
    "history": (
        *("unit", "month", *(field.name for field in _VIOLENCE)),
        *("active_groups", "actors", "troops", "bases"),
    ),
    "overview": (
        *("unit", "name", "country", "country_name", "latitude", "longitude", "aliases"),
        *("baseline", "is_onset", *_OF_LEADS, "fatalities", "troops", "bases"),
    ),
    "milestones": (
        *("milestone_id", "unit", "country", "admin1", "place", "mission", "kind"),
        *("announced_on", "effective_on", "known_on", "is_planned", "source", "confidence"),
    ),
    "scenarios": (
        *("unit", "name", "country", "country_name", "lead", "target_month"),
        *(field.name for field in _SCENARIO[:9]),
    ),
    "hindcasts": (
        *("unit", "reference_month", "lead", "target_month", "risk", "p_ge_1", "p_ge_25"),
        *("expected", "q05", "q95", "crps", "crps_log1p", "count", "baseline", "is_escalation"),
        "is_onset",
        *("stratum", "conflictology_risk", "conflictology_p_ge_1", "conflictology_p_ge_25"),
        *("conflictology_crps", "conflictology_crps_log1p"),
    ),
    "outcomes": (
        *("unit", "kind", "model", "issue", "reference_month", "lead", "target_month", "is_ahead"),
        *("risk", "p_ge_1", "p_ge_25", "expected", "q05", "q95", "count", "is_escalation"),
    ),
    "alert_budgets": (
        *("budget", "leads", "threshold", "months", "alerts_a_month", "hits", "misses"),
        *("false_alarms", "first_target", "last_target", "model", "hindcast"),
    ),
    "verification": (
        *("kind", "model", "model_version", "issue", "as_of", "reference_month", "lead"),
        *("target_month", "stratum", "vintage", "vintages", "told_as_of", "is_ahead"),
        *(*VERIFICATION, "void", "location_code"),
    ),
    "watchlists": (
        *("watchlist", "name", "units", "leads", "thresholds", "budget", "past", "extremes"),
        *("ends_below", "cooldown", "simulated", "created_at", "changed_at"),
        *("evaluated_issue", "evaluated_at", "evaluation_note"),
    ),
    "alerts": (
        *("alert", "watchlist", "watchlist_name", "issue", "is_open", "reason", "measure"),
        *("measured", "threshold", "raised_at", "ended_at", "ended_by", "ended_why"),
        *("location_code", "location_name", "admin1_code", "admin1_name", "reference_month"),
        *("lead", "target_month", "risk", "last_risk", "risk_change", *PARTS_OF_A_CHANGE),
        *(field.name for field in _RISK if field.name != "risk"),
        *("summary_en", "summary_fr", "drivers"),
    ),
    "subscriptions": ("subscription", "watchlist", "url", "created_at"),
    "deliveries": (
        *("delivery", "subscription", "issue", "created_at", "attempts", "next_attempt_at"),
        *("delivered_at", "dead_at", "result"),
    ),
    "set_aside": tuple(field.name for field in _SET_ASIDE),
}


def of(name: str, table: str = "") -> Field:
    """Return the field of that name, in that table if it has a sense of its own there.

    `presence.` with any actor is a name; raises Unknown for one not declared.
    """
    key = "presence.<actor>" if name.startswith("presence.") else name
    known = _BY_NAME | _IN_TABLE.get(table, {})
    if key not in known:
        raise Unknown("field", name, known)
    return known[key]


def every() -> Iterator[Field]:
    """Yield all fields, in the order a reader meets them: places, clocks, forecasts, and so on."""
    yield from _ALL
    yield from _SET_ASIDE
