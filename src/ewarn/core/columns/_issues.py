"""Fields of issues and of model cards."""

from ewarn.core.columns._field import Field

ISSUE = (
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
        "preliminary_months",
        "months",
        "Months at the end of which no final events are published: their counts are preliminary.",
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

MODEL_CARD = (
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

LEARNED = (
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
