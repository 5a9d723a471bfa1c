"""Fields of requests and responses of the service."""

from ewarn.core.columns._field import Field

ASKED = (  # what a client sends to ask for risk scores
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

RESOLVED = (
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

SERVICE = (
    Field("data", "list", "The rows requested.", []),
    Field("totalCount", "count", "How many rows match, on all pages.", 860),
    Field(
        "links", "object", "This page (self) and the page after it (next).", {"self": "/v1/units"}
    ),
    Field("age_days", "days", "Days from the end of the reference month to today (UTC).", 15),
    Field("as_of_age_days", "days", "Days from `as_of` to today (UTC).", 0),
    Field(
        "overdue_days",
        "days",
        "For how many days the next issue has been overdue: the events of the month after the"
        " reference month are known by the source's reporting delay, and the service's margin has"
        " passed; 0 while it is not.",
        0,
    ),
    Field("target_months", "list", "The month forecast at each of `leads`.", ["2021-01"]),
    Field("months", "list", "The last 24 months observed.", ["2020-11", "2020-12"]),
    Field("aliases", "list", "Other names of the administrative unit.", ["Timbuktu"]),
    Field("status", "text", "State of the service: alive, ready or overdue.", "ready"),
    Field("damaged", "object", "Issues that cannot be read, and why.", {}),
)

MOVED = (
    Field(
        "status",
        "moved, new or withdrawn",
        "Whether the risk moved, is new, or was withdrawn (no longer in the issue).",
        "moved",
    ),
    Field("risk", "probability", "The risk, where the issue still has it.", 0.31, True),
    Field("lead", "months", "Months to the target month, where the issue still has it.", 3, True),
)

OF_LEADS = {
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

OVERVIEW = (
    *(Field(name, "list by lead", said, example) for name, (example, said) in OF_LEADS.items()),
    Field("fatalities", "list by month", "Deaths in each of `months`.", [31.0, None]),
    Field("troops", "people", "Troops deployed at the end, if known.", 450.0, True),
    Field("bases", "count", "Bases of missions standing at the end, if known.", 2.0, True),
)
