"""How good the issued forecasts proved to be, and what the models would have said before."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from ewarn import fields
from ewarn.errors import Unknown
from ewarn_api import access, answers, documents, params, store, table
from ewarn_api.params import Paged
from ewarn_api.scores import COLUMNS, Kept

router = APIRouter(tags=["verification"], dependencies=[access.needs("read")])
_FILTERS = ("kind", "model", "issue", "lead", "stratum", "vintage")


class Verified(Paged):
    """Which scores to answer."""

    kind: list[Literal["issued", "hindcast"]] = params.several("kind", "", "verification")
    model: list[str] = params.several("model")
    issue: list[str] = params.several("issue", "", "verification")
    lead: list[int] = params.several("lead")
    stratum: list[Literal["all", "quiet", "active", "transition"]] = params.several("stratum")
    vintage: list[Literal["first", "latest"]] = Field(
        ["latest"], description=fields.of("vintage").sentence, examples=[["latest"]]
    )


@router.get("/v1/verification", **documents.rows("Verification", COLUMNS, "verification"))
async def verification(request: Request, query: Annotated[Verified, Query()]) -> Response:
    """Scores of issued forecasts whose months have come, by issue, lead and stratum, beside those
    of the last twelve months as draws. Rows of kind `hindcast` are not of issued forecasts: they
    are what a model would have said of the last 24 months, fitted on what was known before. Rows
    with `void` say why forecasts do not count, and have no numbers. All rows are of the world of
    the newest issue, simulated or real.
    """
    card = store.newest(await answers.store_of(request).view()).card
    state = request.app.state
    kept: Kept = await state.access.in_thread(state.scores.of, card.simulated)
    wanted = _wanted(kept, query)
    rows = [row for row in kept.rows if all(row[name] in some for name, some in wanted.items())]
    canonical = [kept.digest, *(f"{name}={sorted(some)}" for name, some in wanted.items())]
    return answers.answer(
        request, query, card, canonical, lambda: table.of_rows(COLUMNS, rows, query.page())
    )


def _wanted(kept: Kept, query: Verified) -> dict[str, set[Any]]:
    """The values to keep, by column; raises Unknown for a name that no row has."""
    for name in ("model", "issue", "lead"):
        known = {row[name] for row in kept.rows} - {None}
        for value in getattr(query, name):
            if value not in known:
                raise Unknown(name, value, map(str, known))
    return {name: set(getattr(query, name)) for name in _FILTERS if getattr(query, name)}
