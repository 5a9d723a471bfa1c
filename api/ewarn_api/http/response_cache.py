"""Cache responses that follow from the issues alone, as bytes."""

from collections import OrderedDict
from datetime import date
from typing import Any, NamedTuple

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ewarn_api.access import Access
from ewarn_api.http import compression
from ewarn_api.issues import store
from ewarn_api.issues.store import Store, View
from ewarn_api.requests import context
from ewarn_api.requests.context import Entry
from ewarn_api.responses import envelope

_SHARE = 16  # an answer larger than this part of all that may be kept is not kept
_OVERHEAD = 2_000  # bytes of Python's objects round an answer, about
_CHOOSING = (b"accept", b"accept-encoding", b"if-none-match", b"if-modified-since")
_OF_CONTENT = {
    b"content-type",
    b"content-length",
    b"content-encoding",
    b"link",
    b"x-ewarn-total-count",
}

Fields = list[tuple[bytes, bytes]]
Key = tuple[str, str, bytes, tuple[bytes, ...], bool]


class Cached(NamedTuple):
    """A response: tag, date, headers and body; only the headers of a 304 if there was no body."""

    tag: str
    modified: str
    headers: Fields
    unchanged: Fields
    body: bytes | None
    route: str | None
    issue: str | None

    def size(self, key: Key) -> int:
        """Return bytes it takes, about."""
        headers = sum(len(name) + len(value) for name, value in self.headers + self.unchanged)
        return len(self.body or b"") + headers + sum(map(len, key[:4])) + _OVERHEAD


class ResponseCache:
    """Answers from what it kept of today and of what is served now; else keeps what comes by."""

    def __init__(self, app: ASGIApp, store: Store, access: Access, most_bytes: int) -> None:
        self._app, self._store, self._access, self._most = app, store, access, most_bytes
        self._view: View | None = None
        self._day = date.min
        self._kept: OrderedDict[Key, Cached] = OrderedDict()
        self.size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a GET or HEAD under /v1, or passes it on."""
        if (
            scope["type"] != "http"
            or scope["method"] not in ("GET", "HEAD")
            or not scope["path"].startswith("/v1/")
            or not self._access.is_open_to(scope["headers"])
        ):
            await self._app(scope, receive, send)
            return
        now = await self._store.view(), store.today()
        self._let_go(*now)
        accept, is_gzip, held, since = _choosing(scope)
        key = (scope.get("root_path", ""), scope["path"], scope["query_string"], accept, is_gzip)
        stored = self._kept.get(key)
        is_held = stored is not None and envelope.is_held(stored.tag, stored.modified, held, since)
        if stored is None or (stored.body is None and not is_held):
            await self._app(scope, receive, self._keeping(key, now, scope, send))
            return
        self._kept.move_to_end(key)
        entry = context.entry(scope)
        entry.route, entry.issue = stored.route, stored.issue
        is_head = scope["method"] == "HEAD"
        status, fields = (304, stored.unchanged) if is_held else (200, stored.headers)
        body = b"" if is_held or is_head else stored.body
        # A list of its own: layers further out add headers to it.
        await send({"type": "http.response.start", "status": status, "headers": [*fields]})
        await send({"type": "http.response.body", "body": body})

    def _let_go(self, view: View, day: date) -> None:
        """Forget all once something else is served, or it is another day, as responses
        state ages.
        """
        if view is not self._view or day != self._day:
            self._kept.clear()
            self._view, self._day, self.size = view, day, 0

    def _keeping(self, key: Key, began: tuple[View, date], scope: Scope, send: Send) -> Send:
        """Return a `send` that keeps an answer which was made whole of one view, on one day."""
        if scope["method"] == "HEAD":
            return send
        parts: list[bytes] = []
        start: Message = {}
        length = 0

        async def passing(message: Message) -> None:
            nonlocal start, length
            if message["type"] == "http.response.start":
                start = {**message, "headers": [*message["headers"]]}
            elif start:
                part = message.get("body", b"")
                length += len(part)
                parts.append(part)
                if length > self._most // _SHARE:
                    start = {}
                    parts.clear()
                elif not message.get("more_body", False):
                    self._keep(key, began, start, b"".join(parts), context.entry(scope))
            await send(message)

        return passing

    def _keep(
        self, key: Key, began: tuple[View, date], start: Message, body: bytes, entry: Entry
    ) -> None:
        built = _kept(start, body, entry)
        now = self._store.last, store.today()
        if built is None or now[0] is not began[0] or now[1] != began[1]:
            return
        if now[0] is not self._view or now[1] != self._day:
            return
        before = self._kept.pop(key, None)
        self.size += built.size(key) - (before.size(key) if before else 0)
        self._kept[key] = built
        while self.size > self._most:
            oldest, gone = self._kept.popitem(last=False)
            self.size -= gone.size(oldest)


def _choosing(scope: Scope) -> tuple[tuple[bytes, ...], bool, str, str]:
    """Return the headers that choose format and form, and the tags and date the client holds."""
    asked: dict[bytes, tuple[bytes, ...]] = dict.fromkeys(_CHOOSING, ())
    for name, value in scope["headers"]:
        if name in asked:
            asked[name] += (value,)
    accept, encoding, held, since = asked.values()
    is_gzip = compression.is_among(b",".join(encoding))
    return accept, is_gzip, b",".join(held).decode("latin-1"), b"".join(since).decode("latin-1")


def _kept(start: Message, body: bytes, entry: Entry) -> Cached | None:
    """Return what may be cached of a response, None where nothing may."""
    facts = Headers(raw=start["headers"])
    varies = {part.strip().lower() for part in facts.get("vary", "").split(",")}
    if (
        not entry.is_fixed
        or start["status"] not in (200, 304)
        or "etag" not in facts
        or facts.get("cache-control") != "no-cache"
        or "set-cookie" in facts
        or not varies <= {"", "accept", "accept-encoding"}
    ):
        return None
    unchanged = [(name, value) for name, value in facts.raw if name not in _OF_CONTENT]
    content: Any = body if start["status"] == 200 else None
    dated = facts["etag"], facts.get("last-modified", "")
    return Cached(*dated, facts.raw, unchanged, content, entry.route, entry.issue)
