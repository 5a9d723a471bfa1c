"""Fields of analysts' judgements and of their scores."""

from ewarn.core.columns._field import Field

JUDGEMENTS = (
    Field("judgement", "code", "The judgement.", "9e2a7b31d846"),
    Field("analyst", "text", "Name of the key that recorded it.", "awa", True),
    Field("area_level", "unit or country", "What the area is.", "unit"),
    Field("area_code", "code", "Code of the unit, or ISO3 code of the country.", "MLI-mopti"),
    Field(
        "version", "count", "Number of the version, from 1; the highest supersedes the others.", 2
    ),
    Field("is_newest", "yes or no", "No later version supersedes it.", True),
    Field(
        "arrow",
        "deteriorating, stable or improving",
        "Where the analyst sees the area going.",
        "deteriorating",
    ),
    Field("probability", "probability", "The analyst's probability of an escalation.", 0.4),
    Field("analyst_note", "text", "The analyst's reasons.", "Convoys stopped in the north."),
    Field("recorded_at", "moment, UTC", "When it was recorded.", "2021-01-15T08:30:00+00:00"),
    Field("model_risk", "probability", "The model's risk then; none: a country.", 0.31, True),
    Field("escalates_at", "count", "The smallest count that is an escalation.", 9),
    Field("scored", "count", "Judgements whose outcome is known.", 12),
    Field("brier", "0 to 1", "Mean Brier score of the judgements; 0 is perfect.", 0.12, True),
    Field("model_brier", "0 to 1", "The same of the model's risk, same rows.", 0.15, True),
    Field("brier_difference", "-1 to 1", "Difference: `brier` less `model_brier`.", -0.03, True),
)
