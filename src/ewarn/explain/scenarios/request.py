"""A scenario as a user gives it, JSON or keys and values, checked."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic import WithJsonSchema as Schema

from ewarn.core import columns, months
from ewarn.core.errors import BadInput
from ewarn.data.sources import milestones as source

KINDS = sorted((*source.PLANNED, *source.RECORDED))
MOST_MILESTONES, MOST_CHANGES, MOST_UNITS = 20, 100, 100
NOTE = (
    "The sensitivity of the model: its forecast with these inputs changed, with all else as"
    " it was. It is not what the change would cause."
)
CHANGEABLE = ("troops", "bases", "events", "fatalities")
_CHANGES = ", ".join(f"{name}_changes" for name in CHANGEABLE)
_TEXT = 80  # characters of a name


def _kind(text: str) -> str:
    if text not in KINDS:
        raise ValueError(f"expected one of {', '.join(KINDS)}")
    return text


def _day(given: object) -> object:
    if not (isinstance(given, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", given)):
        raise ValueError("expected a day, YYYY-MM-DD")
    return given


def _month(text: str) -> str:
    try:
        return months.label(months.parse(text))
    except BadInput as error:
        raise ValueError(f"expected {error.expected}") from error


def _described(name: str, *default: Any, example: Any = None, **limits: Any) -> Any:
    """Return a field as the column dictionary declares it."""
    known = columns.of(name)
    examples = [known.example if example is None else example]
    return Field(*default, description=known.sentence, examples=examples, **limits)


Day = Annotated[date, BeforeValidator(_day)]
Kind = Annotated[str, AfterValidator(_kind), Schema({"type": "string", "enum": KINDS})]
Month = Annotated[str, AfterValidator(_month), Schema({"type": "string", "format": "YYYY-MM"})]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Milestone(_Strict):
    """A withdrawal milestone of the scenario."""

    location_code: str = _described("location_code", min_length=3, max_length=3)
    mission: str = _described("mission", min_length=1, max_length=_TEXT)
    admin1: str | None = _described("admin1", None, max_length=_TEXT)
    place: str | None = _described("place", None, max_length=_TEXT)
    kind: Kind = _described("kind")
    announced_on: Day = _described("announced_on")
    effective_on: Day | None = _described("effective_on", None)


class Change(_Strict):
    """A change of an observed number."""

    admin1_code: str = _described("admin1_code", max_length=_TEXT)
    month: Month = _described("month")
    change: int = _described("change", strict=True, ge=-100_000, le=100_000)


def _changes(name: str) -> Any:
    example = [{"admin1_code": "MLI-KD", "month": "2020-12", "change": 40}]
    return _described(f"{name}_changes", [], example=example, max_length=MOST_CHANGES)


class Scenario(_Strict):
    """All changes of a scenario, and the units to return."""

    milestones: list[Milestone] = _described("milestones", [], max_length=MOST_MILESTONES)
    troops_changes: list[Change] = _changes("troops")
    bases_changes: list[Change] = _changes("bases")
    events_changes: list[Change] = _changes("events")
    fatalities_changes: list[Change] = _changes("fatalities")
    admin1_code: list[str] = _described(
        "admin1_code", [], example=["MLI-KD"], max_length=MOST_UNITS
    )
    top: int = _described("top", 10, strict=True, ge=1, le=MOST_UNITS)

    @model_validator(mode="after")
    def _something(self) -> "Scenario":
        if not self.milestones and not self.changes(*CHANGEABLE):
            raise ValueError(f"expected milestones, or one of {_CHANGES}")
        return self

    def changes(self, *names: str) -> list[tuple[str, str, Change]]:
        """Return each change of those numbers: where it stands, the number's name, the change."""
        return [
            (f"{name}_changes.{place}", name, one)
            for name in names
            for place, one in enumerate(getattr(self, f"{name}_changes"))
        ]


def checked(given: Mapping[str, Any]) -> Scenario:
    """Return the scenario of that JSON; raises BadInput naming the first field that is wrong."""
    try:
        return Scenario.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(["scenario", *map(str, first["loc"])])
        raise BadInput(where, repr(first["input"])[:_TEXT], _expected(first["msg"])) from error


def _expected(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("expected ")
