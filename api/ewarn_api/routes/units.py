"""The administrative units there are, and what was observed in each."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from ewarn import fields
from ewarn_api import access, answers, documents
from ewarn_api.params import Listed, One, Places
from ewarn_api.snapshot import COLUMNS

router = APIRouter(tags=["units"], dependencies=[access.needs("read")])
Code = Annotated[str, Path(description=fields.of("admin1_code").sentence)]


@router.get("/v1/units", **documents.rows("Unit", COLUMNS["units"], "units"))
async def units(request: Request, query: Annotated[Places, Query()]) -> Response:
    """The units of the issue, by code."""
    return await answers.rows(request, query, "units")


@router.get("/v1/units/{code}", **documents.rows("Unit", COLUMNS["units"], "units"))
async def unit(request: Request, code: Code, query: Annotated[One, Query()]) -> Response:
    """One unit."""
    return await _of_unit(request, code, query, "units")


@router.get("/v1/units/{code}/history", **documents.rows("Month", COLUMNS["history"], "history"))
async def history(request: Request, code: Code, query: Annotated[Listed, Query()]) -> Response:
    """What was observed in a unit, one row a month; null where nobody looked, never 0."""
    return await _of_unit(request, code, query, "history")


async def _of_unit(request: Request, code: str, query: One, name: str) -> Response:
    snapshot = await answers.store_of(request).at(query.issue)
    known = snapshot.known_units([code])
    return answers.of_table(request, query, snapshot, name, {"admin1_code": known})
