"""Risk scores: how likely violence is to escalate, and all one reads beside it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from ewarn.core.errors import Unknown
from ewarn_api import access
from ewarn_api.issues import unit_lookup
from ewarn_api.issues.snapshot import COLUMNS, Snapshot
from ewarn_api.issues.table import Computed, Page
from ewarn_api.requests import parameters
from ewarn_api.requests.parameters import One, PlacesAndMonths
from ewarn_api.requests.risk_score_body import Question
from ewarn_api.responses import envelope, formats, openapi

router = APIRouter(tags=["forecasts"], dependencies=[access.needs("read")])
_RISKS = COLUMNS["risks"]
_SHOWN = 5  # of the units that could not be resolved, in a problem
_SAID = ("resolved", "unresolved")
_DOCUMENT = openapi.computed("AskedRiskScore", (*_RISKS, "exceedances"), "risks", more=_SAID)


@router.get("/v1/risk-scores", **openapi.rows("RiskScore", _RISKS, "risks"))
async def risk_scores(request: Request, query: Annotated[PlacesAndMonths, Query()]) -> Response:
    """Risk of escalation, one row a unit and month, by lead and then from the highest risk."""
    return await envelope.rows(request, query, "risks")


@router.post("/v1/risk-scores", **_DOCUMENT)
async def risk_scores_asked(
    request: Request, query: Annotated[One, Query()], question: Question
) -> Response:
    """Risk of escalation of the units in the body, each named by code, by name or by coordinates,
    with the chance that the count reaches each of the thresholds. What could not be resolved is
    listed in `unresolved`, and counted in the header `X-Ewarn-Unresolved`; only where no unit could
    be is the answer a 404.
    """
    parameters.check_single(request, query)
    form = formats.chosen(request, query, has_places=True)
    snapshot = await envelope.store_of(request).at(query.issue)
    leads = snapshot.known_leads(question.leads)
    facts = await run_in_threadpool(_resolved, snapshot, question)
    codes = {one["admin1_code"] for one in facts["resolved"]}
    filters = {"admin1_code": codes} | ({"lead": leads} if leads else {})
    page = snapshot.table("risks").page(filters, slice(None))
    page = _with_exceedances(snapshot, page, list(dict.fromkeys(question.thresholds)))
    answer = envelope.computed(request, form, snapshot, page, facts)
    answer.headers["X-Ewarn-Unresolved"] = str(len(facts["unresolved"]))  # where rows are all
    return answer


def _resolved(snapshot: Snapshot, question: Question) -> dict[str, list[dict[str, Any]]]:
    """Return the request, resolved and unresolved; raises Unknown if nothing could be resolved."""
    found = snapshot.resolver.resolve(question.units)
    pairs = list(zip(map(unit_lookup.plain, question.units), found, strict=True))
    if not any(answer.code for answer in found):
        names = ", ".join(str(asked) for asked, _ in pairs[:_SHOWN])
        raise Unknown("unit", names, _suggested(found) or snapshot.units)
    return {
        "resolved": [
            {"asked": asked, "admin1_code": answer.code} for asked, answer in pairs if answer.code
        ],
        "unresolved": [
            {
                "asked": asked,
                "reason": answer.reason,
                "suggestions": [snapshot.place(code) for code in answer.suggested],
            }
            for asked, answer in pairs
            if not answer.code
        ],
    }


def _suggested(found: list[unit_lookup.Answer]) -> set[str]:
    return {code for one in found for code in one.suggested}


def _with_exceedances(snapshot: Snapshot, page: Page, thresholds: list[int]) -> Page:
    """Return the page with a last column: for each row the chance of each threshold."""
    places = page.places
    stored = {name: Computed(column.at(places)) for name, column in page.kept.items()}
    units, leads = stored["admin1_code"].values, stored["lead"].values
    chances = snapshot.draws.p_ge(units, leads, thresholds).tolist()
    reported = [
        [{"count": c, "probability": p} for c, p in zip(thresholds, row, strict=True)]
        for row in chances
    ]
    return Page(stored | {"exceedances": Computed(reported)}, range(len(page)), len(page))
