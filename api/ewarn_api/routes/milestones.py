"""Withdrawal milestones of foreign missions, as known when the issue was made."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ewarn_api import access, answers, documents
from ewarn_api.params import Places
from ewarn_api.snapshot import COLUMNS

router = APIRouter(tags=["milestones"], dependencies=[access.needs("read")])
_DOCUMENT = documents.rows("Milestone", COLUMNS["milestones"], "milestones")


@router.get("/v1/milestones", **_DOCUMENT)
async def milestones(request: Request, query: Annotated[Places, Query()]) -> Response:
    """Milestones known at the issue's `as_of`, one row each."""
    return await answers.rows(request, query, "milestones")
