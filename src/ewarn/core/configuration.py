"""The configuration of the monthly cycle: ewarn.toml, checked."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ewarn.core import files
from ewarn.core.errors import BadInput

TEMPLATE = Path(__file__).parents[1] / "_data" / "ewarn.toml"
Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Part):
    """Where events come from: a connector whose source publishes releases, and their folder.

    `countries` are downloaded alone; `url` is a mirror of the API.
    """

    connector: str = "ucdp_ged"
    folder: Path = Path("ged")
    countries: list[Country] = []
    url: str | None = None


class Data(_Part):
    """What goes with the events, and which units are forecast: fields of `ingest.Files`."""

    deployments: Path | None = None
    milestones: Path | None = None
    places: Path | None = None
    place_fields: str = ""
    countries: list[Country] = []
    delay: Annotated[int, Field(ge=0, le=366)] | None = None
    max_set_aside: Annotated[float, Field(ge=0, le=1)] = 0.02
    country_events: Literal["apart", "spread"] = "apart"


class Forecast(_Part):
    """The model that is trained where no champion was promoted, and whether hindcasts are made."""

    model: str = "lgbm"
    hindcast: bool = True


class Recipients(_Part):
    """Who gets the digest of a watch list, by its id or name, or of all units, in a language."""

    watch_list: str = ""
    language: Literal["en", "fr"] = "en"
    to: list[Annotated[str, Field(pattern=r"^[^@\s,<>]+@[^@\s,<>]+$")]] = []


class Configuration(_Part):
    """All of ewarn.toml; paths are relative to its folder."""

    source: Source = Source()
    data: Data = Data()
    forecast: Forecast = Forecast()
    digest: list[Recipients] = []


_PARTS: dict[str, type[BaseModel]] = {
    "source": Source,
    "data": Data,
    "forecast": Forecast,
    "digest": Recipients,
}


def read(path: Path) -> Configuration:
    """Return the configuration in a file, its paths made absolute.

    Raises BadInput, naming the key that is wrong.
    """
    text = files.content(path, "a configuration, such as `ewarn month --init` writes")
    try:
        found = Configuration.model_validate(tomllib.loads(text.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(path, str(error), "TOML") from error
    except ValidationError as error:
        raise _refusal(path, error) from error
    return _absolute(found, path.resolve().parent)


def _absolute(found: Configuration, root: Path) -> Configuration:
    source = found.source.model_copy(update={"folder": root / found.source.folder})
    named = {kind: getattr(found.data, kind) for kind in ("deployments", "milestones", "places")}
    paths = {kind: root / one for kind, one in named.items() if one}
    data = found.data.model_copy(update=paths)
    return found.model_copy(update={"source": source, "data": data})


def _refusal(path: Path, error: ValidationError) -> BadInput:
    first = error.errors()[0]
    keys = [str(part) for part in first["loc"]]
    where = f"{path}, key {'.'.join(keys)}"
    if first["type"] != "extra_forbidden":
        return BadInput(where, repr(first["input"])[:80], first["msg"])
    part: type[BaseModel] = _PARTS[keys[0]] if len(keys) > 1 else Configuration
    known = ", ".join(part.model_fields)
    return BadInput(where, "an unknown key", f"one of {known}")
