"""Watch lists of a key, and the alerts that issues raised for them."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from ewarn import fields
from ewarn.records import Records, alerts, audit, subscriptions, watchlists
from ewarn.settings import Settings
from ewarn_api import access, answers, documents, formats, params, table, watching
from ewarn_api.params import Paged, Whole
from ewarn_api.watching import SHOWN, Watched

router = APIRouter(tags=["watch lists"])
Caller = Annotated[access.Caller, access.needs("watchlists")]
Id = Annotated[str, Path(description=fields.of("watchlist").sentence)]
_ALERTS = fields.TABLES["alerts"]
_DOCUMENT = documents.computed("Watchlist", SHOWN, "watchlists")
_MADE = {**_DOCUMENT, "responses": _DOCUMENT["responses"] | documents.failures(409)}


@router.get("/v1/watchlists", **_DOCUMENT)
async def listed(request: Request, query: Annotated[Paged, Query()], caller: Caller) -> Response:
    """The watch lists of the key, by name."""
    return await _answered(request, query, SHOWN, lambda records: _own(records, caller.key_id))


@router.post("/v1/watchlists", **_MADE)
async def made(
    request: Request, query: Annotated[Whole, Query()], watched: Watched, caller: Caller
) -> Response:
    """A new watch list. A unit is named by code, by name or by coordinates. With a budget the
    threshold is chosen on past origins, and `past` says what hits, misses and false alarms it would
    have given over the last 24 months; without a hindcast of the model that is a 409.
    """
    snapshot = await answers.store_of(request).at(None)
    settings: Settings = request.app.state.settings
    said = await run_in_threadpool(watching.columns, watched, snapshot, settings.mlruns)

    def add(records: Records) -> list[dict[str, Any]]:
        with records.writing() as session:
            return [watching.row(watchlists.add(session, caller.key_id, said), None)]

    return await _answered(request, query, SHOWN, add)


@router.get("/v1/watchlists/{watchlist}", **_DOCUMENT)
async def one(
    request: Request, watchlist: Id, query: Annotated[Whole, Query()], caller: Caller
) -> Response:
    """One watch list of the key."""
    return await _answered(
        request, query, SHOWN, lambda records: _own(records, caller.key_id, watchlist)
    )


@router.delete("/v1/watchlists/{watchlist}", **_DOCUMENT)
async def ended(
    request: Request, watchlist: Id, query: Annotated[Whole, Query()], caller: Caller
) -> Response:
    """Ends a watch list, with its alerts and subscriptions; answers what it was."""

    def end(records: Records) -> list[dict[str, Any]]:
        with records.writing() as session:
            kept = watchlists.find(session, caller.key_id, watchlist)
            told = watching.rows([kept], watchlists.latest(session, [kept.id]))
            of_list = subscriptions.of_lists(session, [kept.id])
            subscriptions.remove(session, [one.id for one in of_list])
            alerts.remove(session, [kept.id])
            watchlists.remove(session, kept)
            audit.note(session, "remove watch list", watchlist, key_id=caller.key_id)
            return told

    return await _answered(request, query, SHOWN, end)


@router.get("/v1/alerts", **documents.computed("Alert", _ALERTS, "alerts"))
async def told(request: Request, query: Annotated[Paged, Query()], caller: Caller) -> Response:
    """The alerts of all watch lists of the key, of the world of the newest issue, the newest first:
    what reached which threshold, what changed since the last issue, and why.
    """
    card = (await answers.store_of(request).at(None)).card

    def found(records: Records) -> list[dict[str, Any]]:
        with records.reading() as session:
            some = alerts.of_key(session, caller.key_id, card.simulated)
            return [alerts.row(*pair) for pair in some]

    return await _answered(request, query, _ALERTS, found)


def _own(records: Records, key_id: str, watchlist: str | None = None) -> list[dict[str, Any]]:
    with records.reading() as session:
        some = (
            [watchlists.find(session, key_id, watchlist)]
            if watchlist
            else watchlists.of_key(session, key_id)
        )
        return watching.rows(some, watchlists.latest(session, [one.id for one in some]))


async def _answered(
    request: Request,
    query: Whole,
    columns: tuple[str, ...],
    ask: Callable[[Records], list[dict[str, Any]]],
) -> Response:
    """The rows that the database gives, asked where waiting for it holds nobody up; not kept."""
    params.check_single(request, query)
    form = formats.chosen(request, query.format, has_places=formats.has_places(columns))
    snapshot = await answers.store_of(request).at(None)
    state = request.app.state
    rows = await state.access.in_thread(ask, state.records)
    page = table.of_rows(columns, rows, query.page())
    return answers.computed(request, form, snapshot, page, {})
