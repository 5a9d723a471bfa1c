"""The card of an issue: checked facts, stored as issue.json, and the identifier."""

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from ewarn.core import months
from ewarn.core.errors import BadInput

Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
_UNDETERMINED = {"issue", "created_at", "units", "files", "code_version"}


class Release(BaseModel):
    """One of the releases that events were joined from; the months of a final one are final."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    release: str
    file: str
    digest: str
    first_month: Month
    last_month: Month
    is_final: bool


class Source(BaseModel):
    """A file the issue was made from, and by what its rows were known on the day.

    `vintages` are digests of the states of the file that were at hand, the oldest first. Where none
    was kept on the day, `delay_days` stand in: so long after a month's end its rows are known.
    `rules` state how a file of events was read, and how many rows each rule concerned; `releases`
    which ones it was joined from, the oldest first.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: str
    source: str
    file: str
    digest: str
    first_month: Month | None
    last_month: Month | None
    rows: int
    set_aside: int
    known_by: Literal["vintages", "reporting delay", "own dates", "no dates"] | None = None
    delay_days: int | None = None
    vintages: list[str] = []
    rules: dict[str, str | int] = {}
    releases: list[Release] = []


class Accepted(BaseModel):
    """A finding about the data that a user accepted, so that the issue could be made."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    evidence: str


class Model(BaseModel):
    """The model the forecast came from: where the registry keeps it, and a digest of its text.

    `left_out` names columns that its training rows did not bear, by lead and part.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)
    name: str
    version: str | None
    run_id: str | None
    spec: dict[str, Any]
    scores: dict[str, Any]
    digest: str | None = None
    left_out: dict[str, list[str]] = {}


class About(BaseModel):
    """The facts that must be given when an issue is written.

    `months_behind` counts the months to `as_of` that should have been known and were not covered,
    `preliminary_months` those at the end of which no final events are published;
    `countries` are those chosen, all where there is none; `drivers_reference` is what drivers are
    measured from, `last_issue` what changes are, and `changes_untold` why their parts are unknown.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    as_of: date
    reference_month: Month
    target: str
    leads: Annotated[list[int], Field(min_length=1)]
    simulated: bool
    model: Model
    sources: Annotated[list[Source], Field(min_length=1)]
    months_behind: int = 0
    preliminary_months: int = 0
    accepted: list[Accepted] = []
    countries: list[str] = []
    code_version: str | None = None
    drivers_reference: str | None = None
    last_issue: str | None = None
    changes_untold: str | None = None


class Card(About):
    """All of issue.json."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    issue: str
    created_at: AwareDatetime
    units: int
    files: dict[str, str]


def due(card: About) -> date:
    """Return the day by which the next issue can be expected: the events of the month after the
    reference month are known, by the reporting delay of the source.
    """
    delay = max(one.delay_days or 0 for one in card.sources if one.kind == "events")
    after = months.parse(card.reference_month) + 1
    return months.last_day(after) + timedelta(days=delay)


def about(given: Mapping[str, Any]) -> About:
    """Return the facts given, checked; raises BadInput naming the key that is wrong."""
    try:
        return About.model_validate(_plain(given))
    except ValidationError as error:
        raise _bad("about an issue", error) from error


def card(path: Path, content: bytes) -> Card:
    """Return the card in issue.json; raises BadInput naming the file and the key."""
    try:
        return Card.model_validate_json(content)
    except ValidationError as error:
        raise _bad(path, error) from error


def identity(document: Mapping[str, Any]) -> str:
    """Return the identifier <reference_month>-<hash of all that determines an issue>, from
    issue.json.
    """
    text = json.dumps(facts(document), sort_keys=True)
    return f"{document['reference_month']}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def facts(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what determines an issue, from issue.json.

    Left out is what two runs over the same inputs may differ in: the time, the version of the
    code, what the registry calls the run and the version, and files that are no table.
    """
    reported = {key: value for key, value in document.items() if key not in _UNDETERMINED}
    model = {key: reported["model"][key] for key in ("name", "spec", "scores")}
    tables = {name: hash for name, hash in document["files"].items() if name.endswith(".parquet")}
    return reported | {"model": model, "tables": tables}


def _plain(value: Any) -> Any:
    """Return the value as JSON can hold it: numpy's scalars as Python's, numbers not finite as
    None.
    """
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _bad(where: object, error: ValidationError) -> BadInput:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    return BadInput(f"{where}, {key}" if key else where, repr(first["input"])[:80], first["msg"])
