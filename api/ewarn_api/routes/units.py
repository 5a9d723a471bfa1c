"""The administrative units there are, and what was observed in each."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from ewarn import fields, months
from ewarn_api import access, answers, documents
from ewarn_api.params import Label, Listed, One, Places, several
from ewarn_api.snapshot import COLUMNS, Snapshot

router = APIRouter(tags=["units"], dependencies=[access.needs("read")])
Code = Annotated[str, Path(description=fields.of("admin1_code").sentence)]


class Observed(Listed):
    """Parameters of a history."""

    month: list[Label] = several("month")

    def filters(self, known: Snapshot) -> dict[str, set[Any]]:
        """Column -> values to keep; raises Unknown for a month the issue does not know."""
        labels = [months.label(months.parse(label)) for label in self.month]
        chosen = known.known_values("history", "month", labels)
        return {"month": chosen} if chosen else {}


@router.get("/v1/units", **documents.rows("Unit", COLUMNS["units"], "units"))
async def units(request: Request, query: Annotated[Places, Query()]) -> Response:
    """The units of the issue, by code."""
    return await answers.rows(request, query, "units")


@router.get("/v1/units/{code}", **documents.rows("Unit", COLUMNS["units"], "units"))
async def unit(request: Request, code: Code, query: Annotated[One, Query()]) -> Response:
    """One unit."""
    return await _of_unit(request, code, query, "units")


@router.get("/v1/units/{code}/history", **documents.rows("Month", COLUMNS["history"], "history"))
async def history(request: Request, code: Code, query: Annotated[Observed, Query()]) -> Response:
    """What was observed in a unit, one row a month; null where nobody looked, never 0."""
    return await _of_unit(request, code, query, "history")


async def _of_unit(request: Request, code: str, query: One, name: str) -> Response:
    snapshot = await answers.store_of(request).at(query.issue)
    known = snapshot.known_units([code])
    own = query.filters(snapshot) if isinstance(query, Observed) else {}
    return answers.of_table(request, query, snapshot, name, own | {"admin1_code": known})
