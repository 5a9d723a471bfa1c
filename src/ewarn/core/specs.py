"""Read and check the TOML files of features/, models/ and benchmarks/."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ewarn.core.errors import BadInput, Unknown

_PACKAGE = Path(__file__).parents[1]
_ROOTS = (_PACKAGE / "_shipped", _PACKAGE.parents[1])

Lead = Annotated[int, Field(ge=1, le=36)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
Month = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]


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
    floor: Annotated[float, Field(gt=0)] = 5
    share: Annotated[float, Field(ge=0)] = 0.25
    large_floor: Annotated[float, Field(gt=0)] = 25
    large_share_up: Annotated[float, Field(ge=0)] = 1.0
    large_share_down: Annotated[float, Field(ge=0)] = 0.5


def thresholds_of(spec: Mapping[str, Any]) -> Thresholds:
    """Return the thresholds of a model spec as issues and hindcasts keep it; DESIGN's if it has
    none.
    """
    return Thresholds.model_validate(spec.get("escalation", {}))


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
    preliminary: Literal["corrected", "as reported"] = "corrected"


FILES = ("events", "deployments", "milestones", "places")  # that a protocol may name


class Protocol(_Spec):
    """How models are compared: on which files, from which origins, beside which baselines.

    Paths are relative to the folder that holds the file's own. Without `events` it is the simulated
    world; without `models` all there are; without `first` or
    `last` the four origins that end a year before the newest outcome. No outcome of a month from
    `outcomes_before` on may be looked at, for protocols that choices are made on. With `reports`
    simulated, models are given the last months of each origin as they might have been reported at
    first; `preliminary` and `leads` go before those of the models.
    """

    events: Path | None = None
    deployments: Path | None = None
    milestones: Path | None = None
    places: Path | None = None
    models: list[str] = []
    baselines: Annotated[list[Name], Field(min_length=1)] = ["conflictology"]
    first: Month | None = None
    last: Month | None = None
    every: Annotated[int, Field(ge=1)] = 6
    leads: Annotated[list[Lead], Field(min_length=1)] | None = None
    outcomes_before: Month | None = None
    reports: Literal["final", "simulated"] = "final"
    preliminary: Literal["corrected", "as reported"] | None = None
    seed: Annotated[int, Field(ge=0)] = 0
    level: Annotated[float, Field(gt=0, lt=1)] = 0.9
    top: Annotated[int, Field(ge=1)] = 20


_S = TypeVar("_S", FeatureSet, ModelSpec, Protocol)


def folder(kind: str) -> Path:
    """Return the folder of that kind ("features" or "models"): the shipped copy, else the
    checkout's.
    """
    return next((root / kind for root in _ROOTS if (root / kind).is_dir()), _ROOTS[-1] / kind)


def names(kind: str) -> list[str]:
    """Return names of the specs there are of that kind, sorted."""
    return sorted(path.stem for path in folder(kind).glob("*.toml"))


def feature_set(name: str) -> FeatureSet:
    """Return the feature set of that name."""
    return _read(FeatureSet, "features", name)


def model(name: str) -> ModelSpec:
    """Return the model spec of that name, or in that .toml file."""
    return _read(ModelSpec, "models", name)


def protocol(path: Path) -> Protocol:
    """Return the protocol in that file, its paths made absolute."""
    if not path.is_file():
        raise BadInput(path, "no such file", "a protocol, such as benchmarks/africa.toml")
    found = _parse(Protocol, path)
    root = path.resolve().parents[1]
    named = {kind: getattr(found, kind) for kind in FILES}
    return found.model_copy(update={kind: root / one for kind, one in named.items() if one})


def changed(spec: _S, given: Mapping[str, object]) -> _S:
    """Return a spec with some fields replaced, checked as those of a file are.

    Raises BadInput naming a field that is unknown or has a wrong value.
    """
    kind = type(spec).__name__.removesuffix("Spec").lower()
    return _checked(type(spec), spec.model_dump() | dict(given), f"{kind} {spec.name}")


def _read(shape: type[_S], kind: str, name: str) -> _S:
    path = Path(name) if name.endswith(".toml") else folder(kind) / f"{name}.toml"
    if not path.is_file():
        raise Unknown(kind.rstrip("s"), name, names(kind))
    return _parse(shape, path)


def _parse(shape: type[_S], path: Path) -> _S:
    try:
        return _checked(shape, tomllib.loads(path.read_text(encoding="utf-8")), path)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(path, str(error), "TOML") from error


def _checked(shape: type[_S], document: dict[str, Any], where: object) -> _S:
    try:
        return shape.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{where}, key {key}", repr(first["input"]), first["msg"]) from error
