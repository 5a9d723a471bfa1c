"""Withdrawal milestones of foreign missions, as known when the issue was made."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ewarn_api import access
from ewarn_api.issues.snapshot import COLUMNS, Snapshot
from ewarn_api.requests.parameters import Places, several
from ewarn_api.responses import envelope, openapi
from ewarn_api.responses.feeds import calendar

router = APIRouter(tags=["milestones"], dependencies=[access.needs("read")])
_DOCUMENT = openapi.rows("Milestone", COLUMNS["milestones"], "milestones")


class Parameters(Places):
    """Parameters of milestones."""

    mission: list[str] = several("mission")
    kind: list[str] = several("kind")

    def filters(self, known: Snapshot) -> dict[str, set[Any]]:
        """Return column -> values to keep; raises Unknown for a name the issue does not know."""
        own = {"mission": self.mission, "kind": self.kind}
        chosen = {k: known.known_values("milestones", k, v) for k, v in own.items() if v}
        return super().filters(known) | chosen


@router.get("/v1/milestones.ics", include_in_schema=False)
async def milestones_calendar(request: Request, query: Annotated[Parameters, Query()]) -> Response:
    """Return those to come after the issue's `as_of`, as a calendar."""
    snapshot = await envelope.store_of(request).at(query.issue)
    page = snapshot.table("milestones").page(query.filters(snapshot), slice(None))
    content = calendar.calendar(page.dicts, snapshot.card, "Withdrawal milestones")
    return envelope.document(request, snapshot.card, content, calendar.MEDIA_TYPE)


@router.get("/v1/milestones", **_DOCUMENT)
async def milestones(request: Request, query: Annotated[Parameters, Query()]) -> Response:
    """Milestones known at the issue's `as_of`, one row each; with the suffix `.ics`, a calendar of
    those to come after it.
    """
    return await envelope.rows(request, query, "milestones")
