"""All units at a glance: every lead of an issue in one answer."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from ewarn_api import access
from ewarn_api.issues import overview as overviews
from ewarn_api.issues import table
from ewarn_api.issues.snapshot import OVERVIEW
from ewarn_api.requests.parameters import Places
from ewarn_api.responses import envelope, openapi

router = APIRouter(tags=["units"], dependencies=[access.needs("read")])
_MORE = ["target", "leads", "target_months", "months"]


@router.get("/v1/overview", **openapi.rows("Overview", OVERVIEW, "overview", _MORE))
async def overview(request: Request, query: Annotated[Places, Query()]) -> Response:
    """Return each unit in one row: risk, its change, chances and counts as lists by lead, deaths by
    month; rounded, for pages that show all units at once. Exact numbers are in `/v1/risk-scores`.
    """
    envelope.may_keep(request)
    snapshot = await envelope.store_of(request).at(query.issue)
    filters = query.filters(snapshot)
    rows = await run_in_threadpool(overviews.rows, snapshot)
    wanted = snapshot.table("units").page(filters, slice(None)).places
    some = [rows[place] for place in wanted]
    return envelope.answer(
        request,
        query,
        snapshot.card,
        envelope.canonical(filters),
        lambda page: table.of_rows(OVERVIEW, some, page, "overview"),
        {name: getattr(snapshot.card, name) for name in ("target", "leads")}
        | {"target_months": sorted(snapshot.target_months), "months": overviews.months(snapshot)},
        snapshot.borders,
    )
