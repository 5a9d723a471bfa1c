"""What a client says of a watch list into its checked rule, and a list into what is answered."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ewarn import evaluation, fields, hindcasts
from ewarn.errors import Unknown
from ewarn.records.watchlists import Evaluation, Watchlist
from ewarn_api.asked import MOST_LEADS, MOST_UNITS, Lead, Text, Unit
from ewarn_api.snapshot import Snapshot

SHOWN = fields.TABLES["watchlists"]
Measure = Literal["risk", "p_large_increase", "p_ge_1", "p_ge_25", "p_ge_100", "risk_change"]
Level = Annotated[float, Field(gt=0, le=1)]


def _said(name: str, *default: Any, **limits: Any) -> Any:
    """A field as the dictionary of fields declares it."""
    known = fields.of(name, "watchlists")
    return Field(*default, description=known.sentence, examples=[known.example], **limits)


class Watched(BaseModel):
    """A watch list to be made: its units and leads, and either thresholds or a budget."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    name: Annotated[str, Field(min_length=1, max_length=100)] = _said("name")
    units: list[Unit] = _said("units", [], max_length=MOST_UNITS)
    location_code: list[Text] = Field(
        [], max_length=100, description="Countries whose every unit is watched.", examples=[["MLI"]]
    )
    leads: list[Lead] = _said("leads", [1, 2, 3], min_length=1, max_length=MOST_LEADS)
    thresholds: dict[Measure, Level] = _said("thresholds", {})
    budget: float | None = _said("budget", None, gt=0, le=10_000)
    extremes: dict[Measure, Level] = _said("extremes", {})
    ends_below: float = _said("ends_below", 0.8, gt=0, le=1)
    cooldown: int = _said("cooldown", 0, ge=0, le=24)

    @model_validator(mode="after")
    def _one_rule(self) -> "Watched":
        if bool(self.thresholds) == (self.budget is not None):
            raise ValueError("expected either thresholds or a budget")
        if not self.units and not self.location_code:
            raise ValueError("expected units, or location_code, or both")
        return self


def columns(asked: Watched, snapshot: Snapshot, folder: Path) -> dict[str, Any]:
    """What `watchlists.add` is told: names resolved, and the threshold of a budget chosen on the
    hindcasts in `folder`; raises Unknown, BadInput, or NoHindcast.
    """
    units, leads = _units(asked, snapshot), sorted(snapshot.known_leads(asked.leads))
    past = (
        evaluation.past(folder / hindcasts.FOLDER, snapshot.card, units, leads, asked.budget)
        if asked.budget
        else None
    )
    kept = ("name", "budget", "extremes", "ends_below", "cooldown")
    return {name: getattr(asked, name) for name in kept} | {
        "units": units,
        "leads": leads,
        "simulated": snapshot.card.simulated,
        "thresholds": {"risk": past.threshold} if past else dict(asked.thresholds),
        "past": past.as_dict() if past else None,
    }


def _units(asked: Watched, snapshot: Snapshot) -> list[str]:
    found = snapshot.resolver.resolve(asked.units)
    for unit, answer in zip(asked.units, found, strict=True):
        if not answer.code:
            raise Unknown("unit", str(unit), answer.suggested or snapshot.units)
    countries = snapshot.known_countries(asked.location_code)
    of_countries = snapshot.table("units").page({"location_code": countries}, slice(None))
    place = of_countries.columns.index("admin1_code")
    codes = {row[place] for row in of_countries.rows} if countries else set()
    return sorted(codes | {answer.code for answer in found if answer.code})


def row(one: Watchlist, last: Evaluation | None) -> dict[str, Any]:
    """A watch list as its owner is told (`fields.TABLES["watchlists"]`)."""
    told: dict[str, Any] = {name: getattr(one, name, None) for name in SHOWN}
    return told | {
        "watchlist": one.id,
        "created_at": one.created_at.isoformat(),
        "changed_at": one.changed_at.isoformat(),
        "evaluated_issue": last.issue_id if last else None,
        "evaluated_at": last.evaluated_at.isoformat() if last else None,
        "evaluation_note": last.note if last else None,
    }


def rows(some: Sequence[Watchlist], latest: dict[str, Evaluation]) -> list[dict[str, Any]]:
    """The same of several."""
    return [row(one, latest.get(one.id)) for one in some]
