"""The request body of a watch list, and the columns stored for it."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ewarn.alerting.runs import past
from ewarn.core import columns
from ewarn.core.errors import BadInput, Unknown
from ewarn.database.watchlists import Evaluation, Watchlist
from ewarn_api.issues.snapshot import Snapshot
from ewarn_api.requests.parameters import described

Measure = Literal["risk", "p_large_increase", "p_ge_1", "p_ge_25", "p_ge_100", "risk_change"]
Share = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
COLUMNS = columns.TABLES["watchlists"]
_about = partial(described, "watchlists")


class WatchlistAsked(BaseModel):
    """A watch list to make, or to put in the place of another."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = _about("name", min_length=1, max_length=100)
    units: list[str] = _about("units", [], "Names, too, that only one unit has.", max_length=1000)
    countries: list[str] = Field(
        [],
        max_length=60,
        description="Countries all of whose units are watched, by code.",
        examples=[["MLI", "BFA"]],
    )
    leads: list[int] = _about("leads", [1, 2, 3], min_length=1, max_length=36)
    thresholds: dict[Measure, Share] | None = _about("thresholds", None, "This, or a budget.")
    budget: float | None = _about("budget", None, gt=0, le=100_000, allow_inf_nan=False)
    extremes: dict[Measure, Share] = _about("extremes", {})
    ends_below: Share = _about("ends_below", 0.8)
    cooldown: int = _about("cooldown", 0, ge=0, le=24)


def stored_values(asked: WatchlistAsked, known: Snapshot, hindcasts: Path) -> dict[str, Any]:
    """Return the columns of the requested list, of the world of that issue; reads a
    hindcast where there is a budget.

    Raises Unknown for a place or lead that the issue has not, NoHindcast, or BadInput.
    """
    if bool(asked.thresholds) == (asked.budget is not None):
        found = "both" if asked.thresholds else "neither"
        raise BadInput("body", found, "thresholds, at least one, or a budget")
    units = _units(asked, known)
    leads = sorted(known.known_leads(asked.leads))
    facts = asked.model_dump(exclude={"countries"})
    facts |= {"units": units, "leads": leads, "simulated": known.card.simulated, "past": None}
    if asked.budget is not None:
        found_past = past(hindcasts, known.card, units, leads, asked.budget)
        facts |= {"thresholds": {"risk": found_past.threshold}, "past": found_past.as_dict()}
    return facts


def row(kept: Watchlist, last: Evaluation | None) -> dict[str, Any]:
    """Return a list as its owner sees it (`columns.TABLES["watchlists"]`)."""
    reported = {
        "watchlist": kept.id,
        "created_at": kept.created_at.isoformat(),
        "changed_at": kept.changed_at.isoformat(),
        "evaluated_issue": last.issue_id if last else None,
        "evaluated_at": last.evaluated_at.isoformat() if last else None,
        "evaluation_note": last.note if last else None,
    }
    return {name: reported[name] if name in reported else getattr(kept, name) for name in COLUMNS}


def _units(asked: WatchlistAsked, known: Snapshot) -> list[str]:
    countries = known.known_countries(asked.countries)
    found = {code for code in known.units if known.country_of(code) in countries}
    found |= {_unit(name, known) for name in asked.units}
    if not found:
        raise BadInput("body", "no unit", "units or countries that have some")
    return sorted(found)


def _unit(name: str, known: Snapshot) -> str:
    """Return the unit of that code, or of a name that only one has; raises Unknown with those
    meant.
    """
    (answer,) = known.resolver.resolve([name])
    if answer.code is None:
        raise Unknown("admin1_code", name, answer.suggested or known.units)
    return answer.code
