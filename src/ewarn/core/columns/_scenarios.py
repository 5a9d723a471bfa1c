"""Fields of scenarios."""

from ewarn.core.columns._field import Field

SCENARIO = (
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
