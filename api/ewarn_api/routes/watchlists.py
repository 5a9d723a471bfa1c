"""Watch lists: what a key has watched, and the milestones to come in its units."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from ewarn.core import columns
from ewarn.core.errors import BadInput
from ewarn.database import Database, alerts, subscriptions, watchlists
from ewarn_api import access
from ewarn_api.access import Caller
from ewarn_api.issues.snapshot import COLUMNS as OF_ISSUE
from ewarn_api.issues.snapshot import Snapshot
from ewarn_api.requests import watchlist_body
from ewarn_api.requests.parameters import Nothing, Paged, Whole
from ewarn_api.requests.watchlist_body import COLUMNS, WatchlistAsked
from ewarn_api.responses import envelope, openapi, private
from ewarn_api.responses.feeds import calendar

router = APIRouter(tags=["alerts"])
Owner = Annotated[Caller, access.needs("watchlists")]
Id = Annotated[str, Path(description=columns.of("watchlist").sentence)]
_MOST = 200  # lists a key
_DOCUMENT = openapi.rows("Watchlist", COLUMNS, "watchlists")
_WRITTEN = ("WatchlistWritten", COLUMNS, "watchlists")


@router.get("/v1/watchlists", **_DOCUMENT)
async def watch_lists(
    request: Request, query: Annotated[Paged, Query()], caller: Owner
) -> Response:
    """Return the key's own watch lists, by name: units, leads, rule, what a budget would have
    given.
    """
    return private.rows(
        request,
        query,
        await private.newest(request),
        caller,
        COLUMNS,
        await _rows(request, caller),
        "watchlists",
    )


@router.post("/v1/watchlists", **openapi.written(*_WRITTEN, more=[409]))
async def make_watch_list(
    request: Request,
    asked: WatchlistAsked,
    query: Annotated[Nothing, Query()],  # noqa: ARG001
    caller: Owner,
) -> Response:
    """Make a watch list, for issues of the world of the newest one, simulated or real: with own
    thresholds, or with an alert budget, whose threshold is chosen on the hindcast of the model.
    """
    known = await envelope.store_of(request).at(None)
    facts = await run_in_threadpool(
        watchlist_body.stored_values, asked, known, request.app.state.hindcasts
    )

    def write(database: Database) -> dict[str, Any]:
        with database.writing() as session:
            if len(watchlists.of_key(session, caller.key_id)) >= _MOST:
                raise BadInput("watch lists", f"{_MOST} of the key", f"fewer than {_MOST}")
            return watchlist_body.row(watchlists.add(session, caller.key_id, facts), None)

    built = await private.query(request, write)
    path = f"{request.scope.get('root_path', '')}/v1/watchlists/{built['watchlist']}"
    return private.written(request, known.card, built, 201, path)


@router.get("/v1/watchlists/{watchlist_id}", **_DOCUMENT)
async def watch_list(
    request: Request, watchlist_id: Id, query: Annotated[Whole, Query()], caller: Owner
) -> Response:
    """Return one of the key's watch lists."""
    some = await _rows(request, caller, watchlist_id)
    return private.rows(
        request, query, await private.newest(request), caller, COLUMNS, some, "watchlists"
    )


@router.put("/v1/watchlists/{watchlist_id}", **openapi.written(*_WRITTEN, status=200, more=[409]))
async def change_watch_list(
    request: Request,
    watchlist_id: Id,
    asked: WatchlistAsked,
    query: Annotated[Nothing, Query()],  # noqa: ARG001
    caller: Owner,
) -> Response:
    """Put another watch list in the place of one; its alerts and subscriptions stay."""
    known = await envelope.store_of(request).at(None)
    facts = await run_in_threadpool(
        watchlist_body.stored_values, asked, known, request.app.state.hindcasts
    )

    def write(database: Database) -> dict[str, Any]:
        with database.writing() as session:
            stored = watchlists.find(session, caller.key_id, watchlist_id)
            watchlists.change(session, stored, facts)
            return watchlist_body.row(
                stored, watchlists.latest(session, [stored.id]).get(stored.id)
            )

    return private.written(request, known.card, await private.query(request, write))


@router.delete(
    "/v1/watchlists/{watchlist_id}", status_code=204, responses=openapi.failures(404, 422)
)
async def end_watch_list(
    request: Request,
    watchlist_id: Id,
    query: Annotated[Nothing, Query()],  # noqa: ARG001
    caller: Owner,
) -> Response:
    """End a watch list, with its alerts, its subscriptions and all messages."""

    def write(database: Database) -> None:
        with database.writing() as session:
            stored = watchlists.find(session, caller.key_id, watchlist_id)
            subscriptions.remove(
                session, [one.id for one in subscriptions.of_lists(session, [stored.id])]
            )
            alerts.remove(session, [stored.id])
            watchlists.remove(session, stored)

    await private.query(request, write)
    return Response(status_code=204)


@router.get("/v1/watchlists/{watchlist_id}/milestones.ics", include_in_schema=False)
async def watch_list_calendar(
    request: Request,
    watchlist_id: Id,
    query: Annotated[Nothing, Query()],  # noqa: ARG001
    caller: Owner,
) -> Response:
    """Return those to come after the issue's `as_of`, as a calendar."""
    (stored,) = await _rows(request, caller, watchlist_id)
    known = await envelope.store_of(request).at(None)
    content = calendar.calendar(_milestones(known, stored["units"]), known.card, stored["name"])
    return private.owned(envelope.document(request, known.card, content, calendar.MEDIA_TYPE))


@router.get(
    "/v1/watchlists/{watchlist_id}/milestones",
    **openapi.rows("Milestone", OF_ISSUE["milestones"], "milestones"),
)
async def watch_list_milestones(
    request: Request, watchlist_id: Id, query: Annotated[Paged, Query()], caller: Owner
) -> Response:
    """Milestones of the units of a watch list, and those of their whole countries; with the suffix
    `.ics`, a calendar of those to come after the issue's `as_of`.
    """
    (stored,) = await _rows(request, caller, watchlist_id)
    known = await envelope.store_of(request).at(None)
    some = _milestones(known, stored["units"])
    return private.rows(
        request, query, known.card, caller, OF_ISSUE["milestones"], some, "milestones"
    )


def _milestones(known: Snapshot, units: list[str]) -> list[dict[str, Any]]:
    countries = {known.country_of(code) for code in units if code in known.units}
    page = known.table("milestones").page({"location_code": countries}, slice(None))
    return [row for row in page.dicts if row["admin1_code"] in {None, *units}]


async def _rows(
    request: Request, caller: Caller, watchlist_id: str | None = None
) -> list[dict[str, Any]]:
    """Return the key's lists, or one of them; raises Unknown."""

    def read(database: Database) -> list[dict[str, Any]]:
        with database.reading() as session:
            if watchlist_id is None:
                some = watchlists.of_key(session, caller.key_id)
            else:
                some = [watchlists.find(session, caller.key_id, watchlist_id)]
            last = watchlists.latest(session, [one.id for one in some])
            return [watchlist_body.row(one, last.get(one.id)) for one in some]

    found: list[dict[str, Any]] = await private.query(request, read)
    return found
