"""What a client sends to ask for risk scores, as checked models."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from ewarn import fields

MOST_UNITS, MOST_LEADS, MOST_THRESHOLDS = 1_000, 100, 20
_MOST_COUNT = 1_000_000_000
_TEXT = 200  # characters of a name


def _said(name: str, *default: Any, **limits: Any) -> Any:
    """A field as the dictionary of fields declares it."""
    known = fields.of(name, "asked")
    return Field(*default, description=known.sentence, examples=[known.example], **limits)


Text = Annotated[str, Field(min_length=1, max_length=_TEXT)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Coded(_Strict):
    """A unit by its code."""

    admin1_code: Text = _said("admin1_code")


class Named(_Strict):
    """A unit by its name or another name it has."""

    admin1_name: Text = _said("admin1_name")
    location_code: Text | None = _said("location_code", None)


class Located(_Strict):
    """The unit that a point is in, or very near to."""

    latitude: float = _said("latitude", ge=-90, le=90)
    longitude: float = _said("longitude", ge=-180, le=180)
    location_code: Text | None = _said("location_code", None)


def _kind(given: Any) -> str:
    if not isinstance(given, dict | _Strict):
        return "text"
    names = set(given if isinstance(given, dict) else type(given).model_fields)
    kinds = {"admin1_code": "code", "latitude": "point", "longitude": "point"}
    return next((kinds[name] for name in kinds if name in names), "name")


Unit = Annotated[
    Annotated[Text, Tag("text")]
    | Annotated[Coded, Tag("code")]
    | Annotated[Named, Tag("name")]
    | Annotated[Located, Tag("point")],
    Discriminator(_kind),
]
Count = Annotated[int, Field(ge=0, le=_MOST_COUNT)]
Lead = Annotated[int, Field(ge=1, le=_MOST_COUNT)]


class Question(_Strict):
    """Units, leads and thresholds to tell risk scores of."""

    units: list[Unit] = _said("units", min_length=1, max_length=MOST_UNITS)
    leads: list[Lead] = _said("leads", [], max_length=MOST_LEADS)
    thresholds: list[Count] = _said("thresholds", [], max_length=MOST_THRESHOLDS)
