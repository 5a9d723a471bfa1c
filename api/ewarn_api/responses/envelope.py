"""Build HTTP responses: envelope, headers, and 304 for a client that has the content."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time
from email.utils import format_datetime, parsedate_to_datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from starlette.responses import StreamingResponse

from ewarn.publishing.issue import Card
from ewarn_api.issues import store
from ewarn_api.issues.snapshot import Snapshot
from ewarn_api.issues.store import Store
from ewarn_api.issues.table import Filters, Page
from ewarn_api.requests import context, parameters
from ewarn_api.requests.parameters import Listed, One, Whole
from ewarn_api.responses import formats
from ewarn_api.responses.formats import Borders, Format

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_VERSIONS = version("ewarn"), version("pyarrow")  # another of them may write other bytes


def store_of(request: Request) -> Store:
    """Return the store of the app that answers."""
    found: Store = request.app.state.store
    return found


def headers(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of every response that state the issue it was made from, and how old that
    is, of the facts that `Store.meta` gives.
    """
    return {
        "X-Ewarn-Issue": facts["issue"],
        "X-Ewarn-As-Of": facts["as_of"],
        "X-Ewarn-Age-Days": str(facts["age_days"]),
        "X-Ewarn-As-Of-Age-Days": str(facts["as_of_age_days"]),
        "X-Ewarn-Months-Behind": str(facts["months_behind"]),
        "X-Ewarn-Preliminary-Months": str(facts["preliminary_months"]),
        "X-Ewarn-Overdue-Days": str(facts["overdue_days"]),
        "X-Ewarn-Simulated": str(facts["simulated"]).lower(),
    }


def may_keep(request: Request) -> None:
    """Record that the answer to come follows from the issues there are and from nothing else, so
    that its bytes may be given again as long as these and the day are the same (see `ready`).
    """
    context.entry(request.scope).is_fixed = True


async def rows(request: Request, query: Listed, name: str) -> Response:
    """Return the rows of a table that pass the filters of the query."""
    snapshot = await store_of(request).at(query.issue)
    return of_table(request, query, snapshot, name, query.filters(snapshot))


def of_table(
    request: Request, query: One, snapshot: Snapshot, name: str, filters: Filters
) -> Response:
    """Return the rows of a snapshot's table that pass the filters."""
    may_keep(request)
    table, reported = snapshot.table(name), canonical(filters)
    return answer(
        request,
        query,
        snapshot.card,
        reported,
        lambda page: table.page(filters, page),
        borders=snapshot.borders,
    )


def canonical(filters: Filters) -> list[str]:
    """Return what identifies the rows that pass the filters."""
    return [f"{column}={sorted(values)}" for column, values in sorted(filters.items())]


def answer(
    request: Request,
    query: Whole,
    card: Card,
    told: Sequence[object],
    make: Callable[[slice], Page],
    more: Mapping[str, Any] | None = None,
    borders: Borders | None = None,
) -> Response:
    """Return the page that `make` gives, unless the client has it; `told` identifies its rows among
    others, `more` is added beside them, and `borders` are their units', if they have places.
    """
    parameters.check_single(request, query)
    form = formats.chosen(request, query, borders is not None)
    chosen = query.page(form.is_table)
    tag = _tag(request, chosen, card, [*told, more], form)
    meta = store_of(request).meta(card)
    facts = _kept(meta, tag, _changed(card, form)) | {"Vary": "Accept"}
    if has(request, facts):
        return Response(status_code=304, headers=facts)
    page = make(chosen)
    links = _links(request, query, card, chosen.start + len(page), page)
    facts["X-Ewarn-Total-Count"] = str(page.total)
    if "next" in links:
        facts["Link"] = f'<{links["next"]}>; rel="next"'
    about = {**(more or {}), "totalCount": page.total, "links": links} | meta
    return written(form, page, about, borders or {}, facts)


def computed(
    request: Request, form: Format, snapshot: Snapshot, page: Page, more: Mapping[str, Any]
) -> Response:
    """Return a page that was computed for one question, with `more` beside its rows; not cached."""
    meta = store_of(request).meta(snapshot.card)
    facts = headers(meta) | {"Cache-Control": "no-store", "Vary": "Accept"}
    facts["X-Ewarn-Total-Count"] = str(page.total)
    about = {**more, "totalCount": page.total, "links": {}} | meta
    return written(form, page, about, snapshot.borders, facts)


def written(
    form: Format,
    page: Page,
    about: dict[str, Any],
    borders: Borders,
    said: Mapping[str, str],
) -> Response:
    """Return the page in that format: made whole, or streamed where it is long.

    What fails while it is streamed breaks the connection, so that no part passes for the whole.
    """
    chunks = form.write(page, about, borders)
    if len(page) <= formats.WHOLE:
        return Response(b"".join(chunks), headers=dict(said), media_type=form.media_type)
    return StreamingResponse(chunks, headers=said, media_type=form.media_type)


def document(
    request: Request,
    card: Card,
    content: bytes,
    media_type: str,
    changed: datetime | None = None,
) -> Response:
    """Content that is no rows, unless the client has it; `changed` is when, if after the issue."""
    tag = f'"{card.issue}-{hashlib.sha256(content).hexdigest()[:16]}"'
    meta = store_of(request).meta(card)
    facts = _kept(meta, tag, max(card.created_at, changed or card.created_at))
    if has(request, facts):
        return Response(status_code=304, headers=facts)
    return Response(content, headers=facts, media_type=media_type)


def _changed(card: Card, form: Format) -> datetime:
    """Return when the bytes became what they are: those that state ages do so at midnight."""
    midnight = datetime.combine(store.today(), time(), UTC)
    return card.created_at if form.is_bare else max(card.created_at, midnight)


def _kept(meta: Mapping[str, Any], tag: str, changed: datetime) -> dict[str, str]:
    """Return the headers of an answer that clients may keep, but must ask about."""
    return headers(meta) | {
        "ETag": tag,
        "Last-Modified": format_datetime(changed.astimezone(UTC), usegmt=True),
        "Cache-Control": "no-cache",
    }


def _tag(request: Request, page: slice, card: Card, told: Sequence[object], form: Format) -> str:
    """Return the entity tag: weak where the bytes include the age, which moves with the
    calendar.
    """
    facts = [*_VERSIONS, request.url.path, *told, page, form.name]
    digest = hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()[:16]
    return f'{"" if form.is_bare else "W/"}"{card.issue}-{digest}"'


def has(request: Request, facts: Mapping[str, str]) -> bool:
    """Return whether the client states that it has what these headers name."""
    held = ",".join(request.headers.getlist("if-none-match"))
    since = request.headers.get("if-modified-since", "")
    return is_held(facts["ETag"], facts.get("Last-Modified", ""), held, since)


def is_held(tag: str, changed: str, held: str, since: str) -> bool:
    """Return whether the client has it: by its tags, and only without any by the date it states
    (RFC 9110, 13.2.2).
    """
    if held or not since or not changed:
        return bool(held) and is_among(tag, held)
    try:
        return parsedate_to_datetime(since) >= parsedate_to_datetime(changed)
    except (TypeError, ValueError):  # no date, or one without a zone: as if it were not sent
        return False


def is_among(tag: str, held: str) -> bool:
    """Return whether an If-None-Match names the tag, by weak comparison (RFC 9110, 13.1.2)."""
    return held == tag or held.strip() == "*" or tag.removeprefix("W/") in _TAG.findall(held)


def _links(request: Request, query: Whole, card: Card, end: int, page: Page) -> dict[str, str]:
    """Links relative to the service's address: this page as requested, and the next."""
    path = request.scope.get("root_path", "") + request.scope.get("ewarn.path", request.url.path)
    requested = request.query_params.multi_items()
    links = {"self": f"{path}?{urlencode(requested)}" if requested else path}
    if len(page) and end < page.total:
        pinned = [("issue", card.issue)] if isinstance(query, One) else []
        replaced = {"offset", *dict(pinned)}
        stored = [(name, value) for name, value in requested if name not in replaced]
        links["next"] = f"{path}?{urlencode([*stored, ('offset', end), *pinned])}"
    return links
