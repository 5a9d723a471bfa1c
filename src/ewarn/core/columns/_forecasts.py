"""Columns of forecasts, risks, drivers and changes of risk."""

from ewarn.core.columns._field import Field

FORECAST = (
    Field("model", "text", "Name of the model.", "lgbm"),
    Field("target", "text", "The monthly count forecast.", "fatalities"),
    Field("output_type", "mean, quantile or pmf", "What kind of number `value` is.", "quantile"),
    Field(
        "output_type_id",
        "level or class",
        "Level of the quantile, class of change of the pmf, or nothing for the mean.",
        "0.95",
        is_optional=True,
    ),
    Field("value", "count or probability", "The number forecast.", 12.0),
    Field(
        "draws",
        "counts",
        "Equally likely counts; the k-th of every unit and lead are one future.",
        [2, 0],
    ),
)

RISK = (
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

DRIVERS = (
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

TOP_DRIVERS = tuple(
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

CHANGES = (
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
            ("corrections", "the correction of preliminary counts, now and then,", 0.0),
            ("new_model", "a new model, or a new version of ewarn,", 0.01),
        )
    ),
)

PARTS_OF_A_CHANGE = tuple(field.name for field in CHANGES[2:])
