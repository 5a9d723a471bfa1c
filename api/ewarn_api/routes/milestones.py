"""Withdrawal milestones of foreign missions, as known when the issue was made."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ewarn_api import access, answers, documents
from ewarn_api.feeds import calendar
from ewarn_api.params import Places
from ewarn_api.snapshot import COLUMNS

router = APIRouter(tags=["milestones"], dependencies=[access.needs("read")])
_DOCUMENT = documents.rows("Milestone", COLUMNS["milestones"], "milestones")


@router.get("/v1/milestones.ics", include_in_schema=False)
async def milestones_calendar(request: Request, query: Annotated[Places, Query()]) -> Response:
    """Those to come after the issue's `as_of`, as a calendar."""
    snapshot = await answers.store_of(request).at(query.issue)
    page = snapshot.table("milestones").page(query.filters(snapshot), slice(None))
    some = [dict(zip(page.columns, row, strict=True)) for row in page.rows]
    content = calendar.calendar(some, snapshot.card, "Withdrawal milestones")
    return answers.document(request, snapshot.card, content, calendar.MEDIA_TYPE)


@router.get("/v1/milestones", **_DOCUMENT)
async def milestones(request: Request, query: Annotated[Places, Query()]) -> Response:
    """Milestones known at the issue's `as_of`, one row each; with the suffix `.ics`, a calendar of
    those to come after it.
    """
    return await answers.rows(request, query, "milestones")
