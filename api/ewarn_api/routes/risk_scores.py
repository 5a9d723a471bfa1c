"""Risk scores: how likely violence is to escalate, and all one reads beside it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ewarn_api import access, answers, documents
from ewarn_api.params import PlacesAndMonths
from ewarn_api.snapshot import COLUMNS

router = APIRouter(tags=["forecasts"], dependencies=[access.needs("read")])


@router.get("/v1/risk-scores", **documents.rows("RiskScore", COLUMNS["risks"], "risks"))
async def risk_scores(request: Request, query: Annotated[PlacesAndMonths, Query()]) -> Response:
    """Risk of escalation, one row a unit and month, by lead and then from the highest risk."""
    return await answers.rows(request, query, "risks")
