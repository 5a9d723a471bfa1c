"""Responses with rows that belong to one key, which only its owner may store."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from fastapi import Request, Response

from ewarn.database import Database
from ewarn.publishing.issue import Card
from ewarn_api.access import Caller
from ewarn_api.issues import store, table
from ewarn_api.requests.parameters import Whole
from ewarn_api.responses import envelope, formats

_KEPT = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization, X-Api-Key"}
Rows = Sequence[Mapping[str, Any]]


async def newest(request: Request) -> Card:
    """Return the card of the newest issue, whose world, simulated or real, is the one answered
    about.
    """
    return store.newest(await envelope.store_of(request).view()).card


async def query(request: Request, what: Callable[[Database], Any]) -> Any:
    """Return what `what` reads from the database, or writes there; raises Unreachable."""
    state = request.app.state
    return await state.access.in_thread(what, state.database)


def rows(
    request: Request,
    query: Whole,
    card: Card,
    caller: Caller,
    columns: Sequence[str],
    some: Rows,
    of: str,
) -> Response:
    """Return a page of the rows, of the table of that name, unless the client has it."""
    reported = [caller.key_id, hashlib.sha256(orjson.dumps(list(map(dict, some)))).hexdigest()]
    newest = envelope.store_of(request).last.newest
    found = envelope.answer(
        request,
        query,
        card,
        reported,
        lambda page: table.of_rows(columns, some, page, of),
        borders=newest.borders if newest and formats.has_places(tuple(columns)) else None,
    )
    return owned(found)


def written(
    request: Request, card: Card, row: Mapping[str, Any], status: int = 200, path: str = ""
) -> Response:
    """Return the response with the row written, the only one; `path` is where it is now. It is not
    kept by anybody.
    """
    about: dict[str, Any] = {"totalCount": 1, "links": {"self": path} if path else {}}
    meta = envelope.store_of(request).meta(card)
    content = orjson.dumps({"data": [dict(row)]} | about | meta)
    facts = envelope.headers(meta) | {"Cache-Control": "no-store"}
    facts |= {"Location": path} if path and status == 201 else {}
    return Response(content, status, facts, "application/json")


def owned(found: Response) -> Response:
    """Return the response marked as one that only the owner of the key may store."""
    found.headers.update(_KEPT)
    return found
