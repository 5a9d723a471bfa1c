"""Refuse requests that are too many or too large, and write an audit line for each write."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ewarn.core.settings import Settings
from ewarn_api import access
from ewarn_api.http import security_headers
from ewarn_api.http.rate_limits import Count, RateLimits, counted
from ewarn_api.issues.store import Store
from ewarn_api.requests import context
from ewarn_api.responses import envelope, problems

MOST_BYTES = 65_536  # of a body
MOST_QUERY_BYTES = 16_384
MOST_VALUES = 1_000  # of query parameters
_NOT_COUNTED = ("/healthz", "/readyz")  # requested by monitoring


@dataclass(frozen=True)
class _Refusal:
    status: int
    kind: str
    detail: str
    headers: dict[str, str] = field(default_factory=dict)


class Admission:
    """Limits of size and rate before the app, how the client stands on its answer, and a line of
    audit after it.
    """

    def __init__(
        self, app: ASGIApp, store: Store, access: access.Access, settings: Settings
    ) -> None:
        self._app, self._store = app, store
        self._access, self._rates = access, RateLimits(settings)
        self._safe = security_headers.headers(settings.https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuses it; and its answer back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        requested: dict[str, Any] = {}
        scope["ewarn.need"] = requested
        count = self._count(scope)
        context.entry(scope).extra_headers = count.headers
        refusal = _refusal(scope, count)
        if refusal:
            await self._problem(scope, refusal)(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            if requested.get("need") in access.WRITES:
                await self._note(scope, requested)

    def _count(self, scope: Scope) -> Count:
        if scope["path"] in _NOT_COUNTED:
            return Count(0, [])
        secret = access.sent(scope["headers"])
        key_id = self._access.key_of(secret) if secret else None
        return self._rates.count(*(("key", key_id) if key_id else ("address", _address(scope))))

    def _problem(self, scope: Scope, refusal: _Refusal) -> Response:
        newest = self._store.last.newest
        issue = envelope.headers(self._store.meta(newest.card)) if newest else {}
        headers = self._safe | refusal.headers | issue
        status, kind, detail = refusal.status, refusal.kind, refusal.detail
        answer = problems.problem(Request(scope), status, kind, detail, headers=headers)
        if scope["method"] == "HEAD":
            answer.body = b""
        return answer

    async def _note(self, scope: Scope, asked: dict[str, Any]) -> None:
        await self._access.note(
            action=scope["method"],
            subject=scope["path"],
            result=str(context.entry(scope).status or 500),
            origin=(scope.get("client") or ("unknown",))[0],
            key_id=asked.get("key_id"),
        )


def _refusal(scope: Scope, count: Count) -> _Refusal | None:
    """Return the refusal of a request, None where it is passed on."""
    if count.wait:
        detail = f"too many requests; ask again in {count.wait} s"
        return _Refusal(429, "too-many-requests", detail, {"Retry-After": str(count.wait)})
    query: bytes = scope["query_string"]
    if len(query) > MOST_QUERY_BYTES:
        detail = f"query: found {len(query)} bytes; expected {MOST_QUERY_BYTES} at most"
        return _Refusal(414, "too-long", detail)
    values = query.count(b"&") + 1
    if values > MOST_VALUES:
        detail = f"query: found {values} values; expected {MOST_VALUES} at most"
        return _Refusal(422, "bad-parameter", detail)
    return None if scope["method"] in ("GET", "HEAD") else _body_refusal(dict(scope["headers"]))


def _body_refusal(headers: dict[bytes, bytes]) -> _Refusal | None:
    length = headers.get(b"content-length", b"0")
    if b"transfer-encoding" in headers:
        return _Refusal(411, "no-length", "body: found no Content-Length; expected one")
    if not length.isdigit() or int(length) > MOST_BYTES:
        detail = f"body: found {length.decode('latin-1')} bytes; expected {MOST_BYTES} at most"
        return _Refusal(413, "too-long", detail)
    return None


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return counted(client[0]) if client else "unknown"
