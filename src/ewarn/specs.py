"""Feature sets and model specs, read from the TOML files in features/ and models/."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ewarn.errors import BadInput, Unknown

_PACKAGE = Path(__file__).parent
_ROOTS = (_PACKAGE / "_shipped", _PACKAGE.parents[1])

Lead = Annotated[int, Field(ge=1, le=36)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Name
    why: str


class FeatureSet(_Spec):
    """Column -> transforms, by where the column is looked at: the unit itself, the mean of its
    neighbours, the total of its country, or ahead, at the target month, as known in advance.
    """

    unit: dict[str, list[str]] = {}
    neighbours: dict[str, list[str]] = {}
    country: dict[str, list[str]] = {}
    ahead: dict[str, list[str]] = {}


class Thresholds(BaseModel):
    """Change classes of DESIGN: a change counts when it is at least max(floor, share * base)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    floor: float = 5
    share: float = 0.25
    large_floor: float = 25
    large_share_up: float = 1.0
    large_share_down: float = 0.5


class ModelSpec(_Spec):
    """One model: what it forecasts, from which features, by which family."""

    family: Name
    target: str = "fatalities"
    leads: list[Lead] = list(range(1, 13))
    feature_sets: list[Name] = []
    columns: list[str] = []
    train_months: Annotated[int, Field(ge=12)] = 240
    parameters: dict[str, Any] = {}
    escalation: Thresholds = Thresholds()


_S = TypeVar("_S", FeatureSet, ModelSpec)


def folder(kind: str) -> Path:
    """The folder of that kind ("features" or "models"): the shipped copy, else the checkout's."""
    return next((root / kind for root in _ROOTS if (root / kind).is_dir()), _ROOTS[-1] / kind)


def names(kind: str) -> list[str]:
    """Names of the specs there are of that kind, sorted."""
    return sorted(path.stem for path in folder(kind).glob("*.toml"))


def feature_set(name: str) -> FeatureSet:
    """The feature set of that name."""
    return _read(FeatureSet, "features", name)


def model(name: str) -> ModelSpec:
    """The model spec of that name, or in that .toml file."""
    return _read(ModelSpec, "models", name)


def _read(shape: type[_S], kind: str, name: str) -> _S:
    path = Path(name) if name.endswith(".toml") else folder(kind) / f"{name}.toml"
    if not path.is_file():
        raise Unknown(kind.rstrip("s"), name, names(kind))
    try:
        return shape.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(path, str(error), "TOML") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{path}, key {key}", repr(first["input"]), first["msg"]) from error
