"""`ewarn scenario`: forecast with counterfactual input."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from ewarn.cli import _output
from ewarn.core.errors import BadInput, Unknown
from ewarn.core.settings import settings

_MILESTONE = "COUNTRY-MISSION, UNIT, KIND, announced YYYY-MM-DD, effective YYYY-MM-DD"
_CHANGE = "UNIT CODE, YYYY-MM, CHANGE"
_DATES = {"announced": "announced_on", "effective": "effective_on", "place": "place"}
_Changes = list[str] | None


def _option(what: str) -> Any:
    return typer.Option(help=f"{what}: '{_CHANGE}', such as 'MLI-KD, 2020-12, -450'. Repeatable.")


def scenario(
    milestone: Annotated[
        list[str] | None,
        typer.Option(help=f"A milestone: '{_MILESTONE}'; UNIT may be 'national'. Repeatable."),
    ] = None,
    troops: Annotated[_Changes, _option("More or fewer troops from a month on")] = None,
    bases: Annotated[_Changes, _option("More or fewer bases from a month on")] = None,
    events: Annotated[_Changes, _option("More or fewer events in a month")] = None,
    fatalities: Annotated[_Changes, _option("More or fewer deaths in a month")] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option(help="Show this unit (its code), not those that change most. Repeatable."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, max=100, help="How many units to show.")] = 10,
    lead: Annotated[int | None, typer.Option(min=1, help="Show this lead alone.")] = None,
    issue: Annotated[
        str | None, typer.Option(help="An issue, by id or folder. Default: the newest.")
    ] = None,
) -> None:
    """Compare an issue's forecast with the one its model gives had other things been known.

    It is the sensitivity of the model, not what a change would cause.

    Example:
      ewarn scenario --milestone "MLI-X, Kidal, planned_base_closure, announced 2020-12-01,
      effective 2021-04-30" --fatalities "MLI-KD, 2020-12, 40"

    """
    from ewarn import jobs  # noqa: PLC0415
    from ewarn.explain.scenarios.request import NOTE, checked  # noqa: PLC0415

    numbers = {"troops": troops, "bases": bases, "events": events, "fatalities": fatalities}
    changes = {
        f"{name}_changes": [_change(f"--{name}", text) for text in texts or ()]
        for name, texts in numbers.items()
    }
    given = {"milestones": [_milestone(text) for text in milestone or ()], "top": top} | changes
    requested = checked(given | {"admin1_code": unit or []})
    runner = jobs.scenario_runner(issue, settings().mlruns)
    if lead is not None and lead not in runner.card.leads:
        raise Unknown("lead", lead, map(str, runner.card.leads))
    _output.scenario(runner, runner.run(requested), lead, NOTE)


def _milestone(text: str) -> dict[str, Any]:
    """Return a milestone's parts by name, as JSON has them."""
    who, unit, kind, *rest = _parts("--milestone", text, _MILESTONE, 4)
    country, dash, mission = who.partition("-")
    if not dash:
        raise BadInput("--milestone", repr(who), "COUNTRY-MISSION, such as MLI-MINUSMA")
    facts = {"location_code": country, "mission": mission, "kind": kind}
    facts |= {} if unit.casefold() == "national" else {"admin1": unit}
    for part in rest:
        word, _, value = part.partition(" ")
        if word not in _DATES:
            raise BadInput("--milestone", repr(part), f"one of {', '.join(_DATES)} and its value")
        facts[_DATES[word]] = value.strip()
    return facts


def _change(option: str, text: str) -> dict[str, Any]:
    """Return a change's parts by name, as JSON has them."""
    code, month, change = _parts(option, text, _CHANGE, 3, 3)
    try:
        return {"admin1_code": code, "month": month, "change": int(change)}
    except ValueError as error:
        raise BadInput(f"{option}, change", repr(change), "a whole number") from error


def _parts(option: str, text: str, shape: str, least: int, most: int = 6) -> Sequence[str]:
    parts = [part.strip() for part in text.split(",")]
    if not least <= len(parts) <= most or not all(parts):
        raise BadInput(option, repr(text), shape)
    return parts
