"""What alerts within a budget would have given, by the hindcast of the issue's model."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from ewarn.alerting.runs import past
from ewarn.core import columns
from ewarn_api import access
from ewarn_api.issues import table
from ewarn_api.requests.parameters import Places, several
from ewarn_api.responses import envelope, openapi

router = APIRouter(tags=["verification"], dependencies=[access.needs("read")])
COLUMNS = columns.TABLES["alert_budgets"]
_DOCUMENT = openapi.rows("AlertBudget", COLUMNS, "alert_budgets")
_DOCUMENT["responses"] |= openapi.failures(409)


class Budget(Places):
    """Parameters of a budget."""

    budget: float = Field(8, gt=0, le=100_000, description=columns.of("budget").sentence)
    lead: list[int] = several("lead", " 1, 2 and 3 by default.")


@router.get("/v1/alert-budgets", **_DOCUMENT)
async def alert_budgets(request: Request, query: Annotated[Budget, Query()]) -> Response:
    """Return the threshold on the risk that keeps to so many alerts a month, in the units and at
    the requested leads, and what it would have given over the last 24 months of the newest hindcast
    of the issue's model: hits, misses and false alarms.
    """
    snapshot = await envelope.store_of(request).at(query.issue)
    filters = query.filters(snapshot)
    chosen = snapshot.table("units").page(filters, slice(None)).dicts
    units = [row["admin1_code"] for row in chosen]
    leads = sorted(snapshot.known_leads(query.lead or [1, 2, 3]))
    folder = request.app.state.hindcasts
    rows = []
    if units:  # none, where the filters have no unit in common: then no row, as everywhere
        found = await run_in_threadpool(past, folder, snapshot.card, units, leads, query.budget)
        facts = {"budget": query.budget, "leads": leads, "model": snapshot.card.model.name}
        rows = [found.as_dict() | facts]
    return envelope.answer(
        request,
        query,
        snapshot.card,
        [*rows, leads, query.budget, *envelope.canonical(filters)],
        lambda page: table.of_rows(COLUMNS, rows, page, "alert_budgets"),
    )
