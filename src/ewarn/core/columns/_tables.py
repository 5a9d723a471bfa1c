"""Which columns each table has, and where a name has a meaning of its own in a table."""

from dataclasses import replace

from ewarn.core.columns._field import Field
from ewarn.core.columns._forecasts import CHANGES, DRIVERS, PARTS_OF_A_CHANGE, RISK
from ewarn.core.columns._issues import LEARNED
from ewarn.core.columns._observations import AS_NAMED, FINAL, SET_ASIDE, VIOLENCE
from ewarn.core.columns._scenarios import SCENARIO
from ewarn.core.columns._service import ASKED, MOVED, OF_LEADS, OVERVIEW
from ewarn.core.columns._verification import (
    BUDGETS,
    ISSUED_OR_NOT,
    MEANS_OF_ROWS,
    OUTCOMES,
    PAST,
    VERIFICATION,
)

_NO_UNIT = "Code of the administrative unit; nothing for a whole country."

IN_TABLE = {  # where a table's own sense of a name goes before the common one
    "set_aside": {field.name: field for field in SET_ASIDE},
    "model_card": {field.name: field for field in LEARNED},
    "verification": {
        field.name: field
        for field in (
            *ISSUED_OR_NOT,
            Field("target_month", "YYYY-MM", "The month forecast; none: many.", "2021-03", True),
            Field("location_code", "ISO 3166-1 alpha-3", "The country that is void.", "MLI", True),
            *(replace(of, is_optional=True) for of in PAST if of.name in MEANS_OF_ROWS),
        )
    },
    "asked": {field.name: field for field in ASKED},
    "moved": {field.name: field for field in MOVED},
    "outcomes": {field.name: field for field in OUTCOMES},
    "alert_budgets": {field.name: field for field in BUDGETS},
    "overview": {field.name: field for field in OVERVIEW},
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
    "judgements": {
        "issue": Field("issue", "code", "The newest issue at that moment.", "2020-12-0f1e2d3c4b"),
        "baseline": Field("baseline", "count", "Usual monthly count of the area then.", 4.0),
    },
    "alerts": {"issue": Field("issue", "code", "The issue that raised it.", "2020-12-0f1e2d3c4b")},
    "milestones": {
        "unit": Field("unit", "code", _NO_UNIT, "MLI-KD", True),
        "admin1_code": Field("admin1_code", "code", _NO_UNIT, "MLI-KD", True),
        "admin1_name": Field("admin1_name", "text", AS_NAMED, "Kidal", True),
    },
}

TABLES: dict[str, tuple[str, ...]] = {
    "forecasts": (
        *("model", "target", "unit", "reference_month", "lead", "target_month"),
        *("output_type", "output_type_id", "value"),
    ),
    "risks": (
        *("unit", "name", "country", "country_name", "lead", "target_month"),
        *(field.name for field in RISK),
    ),
    "draws": ("unit", "lead", "target_month", "draws"),
    "drivers": ("unit", "lead", "target_month", *(field.name for field in DRIVERS)),
    "changes": ("unit", "lead", "target_month", "risk", *(field.name for field in CHANGES)),
    "units": (*("code", "name", "country", "country_name", "latitude", "longitude", "geometry"),),
    "history": (
        *("unit", "month", *(field.name for field in VIOLENCE)),
        *("active_groups", "actors", "troops", "bases"),
        *(field.name for field in FINAL),
    ),
    "overview": (
        *("unit", "name", "country", "country_name", "latitude", "longitude", "aliases"),
        *("baseline", "is_onset", *OF_LEADS, "fatalities", "troops", "bases"),
    ),
    "milestones": (
        *("milestone_id", "unit", "country", "admin1", "place", "mission", "kind"),
        *("announced_on", "effective_on", "known_on", "is_planned", "source", "confidence"),
    ),
    "scenarios": (
        *("unit", "name", "country", "country_name", "lead", "target_month"),
        *(field.name for field in SCENARIO[:9]),
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
        *(field.name for field in RISK if field.name != "risk"),
        *("summary_en", "summary_fr", "drivers"),
    ),
    "judgements": (
        *("judgement", "analyst", "area_level", "area_code", "target_month", "version"),
        *(
            "is_newest",
            "arrow",
            "probability",
            "analyst_note",
            "recorded_at",
            "issue",
            "model_risk",
        ),
        *("baseline", "escalates_at"),
    ),
    "judgement_scores": (
        *("analyst", "area_level", "scored", "brier", "model_brier", "brier_difference"),
    ),
    "subscriptions": ("subscription", "watchlist", "url", "created_at"),
    "deliveries": (
        *("delivery", "subscription", "issue", "created_at", "attempts", "next_attempt_at"),
        *("delivered_at", "dead_at", "result"),
    ),
    "set_aside": tuple(field.name for field in SET_ASIDE),
}
