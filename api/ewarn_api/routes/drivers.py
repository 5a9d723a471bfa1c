"""Drivers: what each group of features adds to a risk, and what is known of it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ewarn_api import access, answers, documents
from ewarn_api.params import PlacesAndMonths
from ewarn_api.snapshot import COLUMNS

router = APIRouter(tags=["forecasts"], dependencies=[access.needs("read")])


@router.get("/v1/drivers", **documents.rows("Driver", COLUMNS["drivers"], "drivers"))
async def drivers(request: Request, query: Annotated[PlacesAndMonths, Query()]) -> Response:
    """Drivers of the risks, one row a unit, month and driver, the leading one first; their
    contributions add up to the risk less its reference.
    """
    return await answers.rows(request, query, "drivers")
