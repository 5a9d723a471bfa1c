"""The administrative units there are, and what was observed in each."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from ewarn.core import columns, months
from ewarn_api import access
from ewarn_api.issues import table
from ewarn_api.issues.outcomes import KINDS, Found
from ewarn_api.issues.snapshot import COLUMNS, OUTCOMES, Snapshot
from ewarn_api.requests.parameters import Label, Listed, One, Places, several
from ewarn_api.responses import envelope, openapi

router = APIRouter(tags=["units"], dependencies=[access.needs("read")])
Code = Annotated[str, Path(description=columns.of("admin1_code").sentence)]


class Forecast(Listed):
    """Parameters of past forecasts."""

    lead: list[int] = several("lead")
    kind: list[Literal["issued", "hindcast"]] = several("kind", "", "outcomes")


class Observed(Listed):
    """Parameters of a history."""

    month: list[Label] = several("month")

    def filters(self, known: Snapshot) -> dict[str, set[Any]]:
        """Return column -> values to keep; raises Unknown for a month the issue does not know."""
        labels = [months.label(months.parse(label)) for label in self.month]
        chosen = known.known_values("history", "month", labels)
        return {"month": chosen} if chosen else {}


@router.get("/v1/units", **openapi.rows("Unit", COLUMNS["units"], "units"))
async def units(request: Request, query: Annotated[Places, Query()]) -> Response:
    """Return the units of the issue, by code."""
    return await envelope.rows(request, query, "units")


@router.get("/v1/units/{code}", **openapi.rows("Unit", COLUMNS["units"], "units"))
async def unit(request: Request, code: Code, query: Annotated[One, Query()]) -> Response:
    """Return one unit."""
    return await _of_unit(request, code, query, "units")


@router.get("/v1/units/{code}/history", **openapi.rows("Month", COLUMNS["history"], "history"))
async def history(request: Request, code: Code, query: Annotated[Observed, Query()]) -> Response:
    """Return the observed counts of a unit, one row a month; null where there was no coverage,
    never 0.
    """
    return await _of_unit(request, code, query, "history")


@router.get("/v1/units/{code}/outcomes", **openapi.rows("Outcome", OUTCOMES, "outcomes"))
async def outcomes(request: Request, code: Code, query: Annotated[Forecast, Query()]) -> Response:
    """Past forecasts of a unit, each beside the observed count as reported in the issue:
    those issued before (`is_ahead` is whether that was before the month ended), and those of the
    newest hindcast of its model, which was made afterwards.
    """
    store = envelope.store_of(request)
    snapshot = await store.at(query.issue)
    (unit,) = snapshot.known_units([code])
    past, cards = request.app.state.outcomes, (await store.view()).cards
    leads = snapshot.known_leads(query.lead) or set(snapshot.card.leads)
    kinds = set(query.kind or KINDS)
    found: Found = await run_in_threadpool(past.of, snapshot, cards, unit, kinds)
    rows = [row for row in found.rows if row["lead"] in leads]
    reported = [code, sorted(leads), sorted(kinds), *found.sources]
    return envelope.answer(
        request,
        query,
        snapshot.card,
        reported,
        lambda page: table.of_rows(OUTCOMES, rows, page, "outcomes"),
        borders=snapshot.borders,
    )


async def _of_unit(request: Request, code: str, query: One, name: str) -> Response:
    snapshot = await envelope.store_of(request).at(query.issue)
    known = snapshot.known_units([code])
    own = query.filters(snapshot) if isinstance(query, Observed) else {}
    return envelope.of_table(request, query, snapshot, name, own | {"admin1_code": known})
