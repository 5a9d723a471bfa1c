"""All units at a glance: every lead of an issue in one answer."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from ewarn_api import access, answers, documents, table
from ewarn_api import overview as overviews
from ewarn_api.params import Places
from ewarn_api.snapshot import OVERVIEW

router = APIRouter(tags=["units"], dependencies=[access.needs("read")])
_MORE = ["target", "leads", "target_months", "months"]


@router.get("/v1/overview", **documents.rows("Overview", OVERVIEW, "overview", _MORE))
async def overview(request: Request, query: Annotated[Places, Query()]) -> Response:
    """Each unit in one row: risk, its change, chances and counts as lists by lead, deaths by month;
    rounded, for pages that show all units at once. Exact numbers are in `/v1/risk-scores`.
    """
    answers.may_keep(request)
    snapshot = await answers.store_of(request).at(query.issue)
    filters = query.filters(snapshot)
    rows = await run_in_threadpool(overviews.rows, snapshot)
    wanted = snapshot.table("units").page(filters, slice(None)).places
    some = [rows[place] for place in wanted]
    return answers.answer(
        request,
        query,
        snapshot.card,
        answers.canonical(filters),
        lambda: table.of_rows(OVERVIEW, some, query.page(), "overview"),
        {name: getattr(snapshot.card, name) for name in ("target", "leads")}
        | {"target_months": sorted(snapshot.target_months), "months": overviews.months(snapshot)},
        snapshot.borders,
    )
