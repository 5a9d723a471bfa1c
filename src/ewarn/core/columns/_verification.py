"""Columns of outcomes, scores, the ledger and alert budgets."""

from dataclasses import replace

from ewarn.core.columns._field import Field
from ewarn.core.columns._forecasts import RISK

PAST = (
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

SCORES = (
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

LEDGER = (
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

_MEANS = ("crps", "crps_log1p", *(f"brier_{name}" for name, _ in _BRIER))

VERIFICATION = (  # the numbers of a line of scores
    *("n", *(whose + name for whose, _ in _WHOSE for name in _MEANS)),
    *("escalations", "top_20_hits", "top_20_false_alarms", "reliability"),
)

MEANS_OF_ROWS = [whose + name for whose, _ in _WHOSE for name in ("crps", "crps_log1p")]

ISSUED_OR_NOT = (
    Field(
        "kind",
        "issued or hindcast",
        "Issued ahead of the month, or made afterwards (hindcast).",
        "issued",
    ),
    Field("issue", "code", "The issue; none for a hindcast.", "2020-12-0f1e2d3c4b", True),
)

OUTCOMES = (
    *ISSUED_OR_NOT,
    *(replace(of, is_optional=True) for of in RISK if of.name in ("q05", "q95")),
    Field("count", "count", "The observed count, as reported in the requested issue.", 31.0, True),
    Field(
        "is_escalation",
        "yes or no",
        "The observed count was an increase, large or not.",
        True,
        True,
    ),
)

BUDGETS = (
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
