"""Verification of issued forecasts, and of hindcasts."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from ewarn.core import columns
from ewarn.core.errors import Unknown
from ewarn_api import access
from ewarn_api.issues import store, table
from ewarn_api.issues.verification import COLUMNS, Kept
from ewarn_api.requests import parameters
from ewarn_api.requests.parameters import Paged
from ewarn_api.responses import envelope, openapi

router = APIRouter(tags=["verification"], dependencies=[access.needs("read")])
_FILTERS = ("kind", "model", "issue", "lead", "stratum", "vintage")


class Verified(Paged):
    """Which scores to answer."""

    kind: list[Literal["issued", "hindcast"]] = parameters.several("kind", "", "verification")
    model: list[str] = parameters.several("model")
    issue: list[str] = parameters.several("issue", "", "verification")
    lead: list[int] = parameters.several("lead")
    stratum: list[Literal["all", "quiet", "active", "transition"]] = parameters.several("stratum")
    vintage: list[Literal["first", "latest"]] = Field(
        ["latest"], description=columns.of("vintage").sentence, examples=[["latest"]]
    )


@router.get("/v1/verification", **openapi.rows("Verification", COLUMNS, "verification"))
async def verification(request: Request, query: Annotated[Verified, Query()]) -> Response:
    """Return scores of issued forecasts whose months have come, by issue, lead and stratum, beside
    those of the last twelve months as draws. Rows of kind `hindcast` are not of issued forecasts:
    they are what a model would have forecast for the last 24 months, fitted on what was known
    before. Rows with `void` give the reason why forecasts do not count, and have no numbers. All
    rows are of the world of the newest issue, simulated or real.
    """
    card = store.newest(await envelope.store_of(request).view()).card
    state = request.app.state
    stored: Kept = await state.access.in_thread(state.scores.of, card.simulated)
    wanted = _wanted(stored, query)
    rows = [row for row in stored.rows if all(row[name] in some for name, some in wanted.items())]
    canonical = [stored.digest, *(f"{name}={sorted(some)}" for name, some in wanted.items())]
    return envelope.answer(
        request, query, card, canonical, lambda page: table.of_rows(COLUMNS, rows, page)
    )


def _wanted(kept: Kept, query: Verified) -> dict[str, set[Any]]:
    """Return the values to keep, by column; raises Unknown for a name that no row has."""
    for name in ("model", "issue", "lead"):
        known = {row[name] for row in kept.rows} - {None}
        for value in getattr(query, name):
            if value not in known:
                raise Unknown(name, value, map(str, known))
    return {name: set(getattr(query, name)) for name in _FILTERS if getattr(query, name)}
