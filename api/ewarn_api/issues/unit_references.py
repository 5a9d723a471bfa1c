"""The ways in which a client may name a unit: by code, by name, or by coordinates."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from ewarn.core import columns

_TEXT = 200  # characters of a name


def described(name: str, *default: Any, **limits: Any) -> Any:
    """Return a field as the dictionary of fields declares it."""
    known = columns.of(name, "asked")
    return Field(*default, description=known.sentence, examples=[known.example], **limits)


Text = Annotated[str, Field(min_length=1, max_length=_TEXT)]


class Strict(BaseModel):
    """A part of a request body: unknown fields, infinities and NaN are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Coded(Strict):
    """A unit by its code."""

    admin1_code: Text = described("admin1_code")


class Named(Strict):
    """A unit by its name or another name it has."""

    admin1_name: Text = described("admin1_name")
    location_code: Text | None = described("location_code", None)


class Located(Strict):
    """The unit that a point is in, or very near to."""

    latitude: float = described("latitude", ge=-90, le=90)
    longitude: float = described("longitude", ge=-180, le=180)
    location_code: Text | None = described("location_code", None)


def _kind(given: Any) -> str:
    if not isinstance(given, dict | Strict):
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
