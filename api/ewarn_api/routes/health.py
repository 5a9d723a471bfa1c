"""Whether the process is alive, and whether it has an issue to answer from."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ewarn_api import access
from ewarn_api.issues import store
from ewarn_api.requests.parameters import Nothing
from ewarn_api.responses import envelope, openapi

router = APIRouter(tags=["health"], dependencies=[access.needs("nothing")])
Query_ = Annotated[Nothing, Query()]
_FRESH = {"Cache-Control": "no-store"}
_READY = ("status", *openapi.ABOUT, "accepted", "damaged")


@router.get(
    "/healthz",
    response_model=openapi.model("Alive", ["status"]),
    responses=openapi.failures(422),
)
async def healthz(query: Query_, response: Response) -> dict[str, str]:  # noqa: ARG001
    """Return whether the process is alive; its issues are not considered."""
    response.headers.update(_FRESH)
    return {"status": "alive"}


@router.get(
    "/readyz",
    response_model=openapi.model("Ready", _READY),
    responses=openapi.failures(422, 503),
)
async def readyz(request: Request, response: Response, query: Query_) -> dict[str, Any]:  # noqa: ARG001
    """Return the issue served, how old it is, what was accepted of its data, and which issues are
    damaged and passed over. The status is overdue once the next issue is.
    """
    issues = envelope.store_of(request)
    view = await issues.view()
    response.headers.update(_FRESH)
    card = store.newest(view).card
    accepted = [one.model_dump() for one in card.accepted]
    facts = issues.meta(card) | {"accepted": accepted, "damaged": view.damaged}
    is_overdue = facts["overdue_days"] > 0
    response.status_code = request.app.state.overdue_status if is_overdue else 200
    return {"status": "overdue" if is_overdue else "ready"} | facts
