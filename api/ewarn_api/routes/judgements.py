"""Analysts' judgements, each team with its own, and their scores beside the model's."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from ewarn.core import columns, months
from ewarn.core.errors import Unknown
from ewarn.database import Database, judgements, now
from ewarn.database.judgements import NOTE_MOST, Judgement, MonthOver
from ewarn_api import access
from ewarn_api.access import Caller
from ewarn_api.issues import judged
from ewarn_api.issues.snapshot import Snapshot
from ewarn_api.requests.parameters import Label, Nothing, Paged, several
from ewarn_api.responses import envelope, openapi, private

router = APIRouter(tags=["judgements"])
Analyst = Annotated[Caller, access.needs("watchlists")]
COLUMNS, SCORES = columns.TABLES["judgements"], columns.TABLES["judgement_scores"]
_MONTH = columns.of("target_month")


def _about(name: str, *default: Any, **limits: Any) -> Any:
    field = columns.of(name, "judgements")
    return Field(*default, description=field.sentence, examples=[field.example], **limits)


class NewJudgement(BaseModel):
    """A judgement to record."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    area_level: Literal["unit", "country"] = _about("area_level", "unit")
    area_code: str = _about("area_code", min_length=1, max_length=40)
    target_month: Label = Field(description=_MONTH.sentence, examples=[_MONTH.example])
    arrow: Literal["deteriorating", "stable", "improving"] = _about("arrow")
    probability: float = _about("probability", ge=0, le=1, allow_inf_nan=False)
    analyst_note: str = _about("analyst_note", "", max_length=NOTE_MOST, pattern="^[^\\x00]*$")


class Judged(Paged):
    """Which judgements to answer."""

    area_code: list[str] = several("area_code")
    target_month: list[Label] = several("target_month")
    versions: Literal["newest", "all"] = Field("newest", description="The newest, or all.")


@router.post(
    "/v1/judgements", **openapi.written("JudgementWritten", COLUMNS, "judgements", more=[409])
)
async def record_judgement(
    request: Request,
    asked: NewJudgement,
    query: Annotated[Nothing, Query()],  # noqa: ARG001
    caller: Analyst,
) -> Response:
    """Record a judgement on a month that is not over. One of the same analyst, area and month is
    superseded by it, and stays as it was.
    """
    known = await envelope.store_of(request).at(None)
    month = months.parse(asked.target_month)
    if months.is_over(month, now().date()):
        raise MonthOver(asked.target_month)
    facts = judged.beside(known, asked.area_level, asked.area_code, asked.target_month)

    def write(database: Database) -> dict[str, Any]:
        with database.writing() as session:
            built = judgements.add(session, caller.key_id, asked.model_dump() | facts)
            return _row(built, caller.name, is_newest=True)

    return private.written(request, known.card, await private.query(request, write), 201)


@router.get("/v1/judgements", **openapi.rows("Judgement", COLUMNS, "judgements"))
async def team_judgements(
    request: Request, query: Annotated[Judged, Query()], caller: Analyst
) -> Response:
    """Return the judgements of the key's team, the newest first, each beside the model's risk at
    the moment of its record. Those of other teams are not visible.
    """
    known = await envelope.store_of(request).at(None)
    _check_areas(known, query.area_code)
    labels = [months.label(months.parse(label)) for label in query.target_month]

    def read(database: Database) -> list[dict[str, Any]]:
        with database.reading() as session:
            some = judgements.of_team(
                session, caller.team, known.card.simulated, query.area_code, labels
            )
        last = {one.id for one, _ in judgements.newest(some)}
        rows = [_row(one, name, is_newest=one.id in last) for one, name in some]
        return [row for row in rows if row["is_newest"] or query.versions == "all"]

    rows = await private.query(request, read)
    return private.rows(request, query, known.card, caller, COLUMNS, rows, "judgements")


@router.get("/v1/judgements/scores", **openapi.rows("JudgementScore", SCORES, "judgement_scores"))
async def judgement_scores(
    request: Request, query: Annotated[Paged, Query()], caller: Analyst
) -> Response:
    """Return Brier scores of the team's newest judgements, by analyst and for the team (no
    analyst), beside the model's on the same areas and months.
    """
    known = await envelope.store_of(request).at(None)

    def read(database: Database) -> list[dict[str, Any]]:
        with database.reading() as session:
            some = judgements.of_team(session, caller.team, known.card.simulated)
        return judged.scores(known, judgements.newest(some))

    rows = await private.query(request, read)
    return private.rows(request, query, known.card, caller, SCORES, rows, "judgement_scores")


def _check_areas(known: Snapshot, codes: list[str]) -> None:
    for code in codes:
        if code not in known.countries:
            try:
                known.known_units([code])
            except Unknown as error:
                raise Unknown("area_code", code, error.nearest or error.known) from error


def _row(one: Judgement, analyst: str, is_newest: bool) -> dict[str, Any]:
    reported = {"judgement": one.id, "analyst": analyst, "is_newest": is_newest}
    reported |= {"issue": one.issue_id, "recorded_at": one.recorded_at.isoformat()}
    return {name: reported[name] if name in reported else getattr(one, name) for name in COLUMNS}
