"""Analysts' judgements, each team with its own, and their scores beside the model's."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from ewarn.core import columns, months
from ewarn.core.errors import Unknown
from ewarn.database import Database, judgements
from ewarn_api import access
from ewarn_api.access import Caller
from ewarn_api.issues import judged
from ewarn_api.issues.snapshot import Snapshot
from ewarn_api.requests.judgement_body import COLUMNS, NewJudgement, row
from ewarn_api.requests.parameters import Label, Nothing, Paged, several
from ewarn_api.responses import envelope, openapi, private

router = APIRouter(tags=["judgements"])
Analyst = Annotated[Caller, access.needs("watchlists")]
SCORES = columns.TABLES["judgement_scores"]


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
    judgements.check_open(asked.target_month)
    facts = judged.beside(known, asked.area_level, asked.area_code, asked.target_month)

    def write(database: Database) -> dict[str, Any]:
        with database.writing() as session:
            built = judgements.add(session, caller.key_id, asked.model_dump() | facts)
            return row(built, caller.name, True)

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
        wanted = [(one, name, one.id in last) for one, name in some]
        return [row(*one) for one in wanted if one[2] or query.versions == "all"]

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
