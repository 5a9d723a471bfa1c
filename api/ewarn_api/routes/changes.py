"""What moved since another issue: the last one, or the one a client has."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from ewarn.core import columns
from ewarn_api import access
from ewarn_api.issues import changes
from ewarn_api.issues.snapshot import Snapshot
from ewarn_api.requests.parameters import PlacesAndMonths
from ewarn_api.responses import envelope, openapi

router = APIRouter(tags=["forecasts"], dependencies=[access.needs("read")])


class Parameters(PlacesAndMonths):
    """Parameters of changes."""

    since: str | None = Field(
        None,
        description="Return what moved since this issue, not since the last one; parts are known"
        " of that alone.",
    )
    status: list[changes.Status] = Field([], description=columns.of("status", "moved").sentence)

    def filters(self, known: Snapshot) -> dict[str, set[Any]]:
        """Return column -> values to keep; raises Unknown for a name the issue does not know."""
        chosen = {"status": set(self.status)} if self.status else {}
        return super().filters(known) | chosen


@router.get(
    "/v1/changes",
    **openapi.rows("Change", changes.SHOWN, "moved", more=["since", "changes_untold"]),
)
async def moved(request: Request, query: Annotated[Parameters, Query()]) -> Response:
    """Risks that differ from those of the last issue, or of the one in `since`: by lead, those that
    moved furthest first; then those that were withdrawn. What has not moved is left out.
    """
    envelope.may_keep(request)
    stored = envelope.store_of(request)
    now = await stored.at(query.issue)
    filters, since = query.filters(now), query.since or now.card.last_issue
    found = await run_in_threadpool(changes.table, now, await stored.at(since or now.card.issue))
    more = {"since": since, "changes_untold": now.card.changes_untold}
    return envelope.answer(
        request,
        query,
        now.card,
        envelope.canonical(filters),
        lambda page: found.page(filters, page),
        more,
        now.borders,
    )
