"""Parts of a finished answer by byte range (RFC 9110, 14), and the length of any answer on HEAD.

Readers such as polars, GDAL and fsspec ask for the length and then for the parts they need.
"""

import re
from collections.abc import Callable
from typing import Any

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ewarn_api.responses import problems

# One end at least, and no more digits than the length of any file has: others are no range.
_ONE = re.compile(rb"bytes=(?=-?\d)(\d{0,18})-(\d{0,18})", re.IGNORECASE)
_NONE: Message = {"type": "http.response.body", "body": b""}


class Ranges:
    """Answer a GET with one range from the whole answer; several ranges get the whole, as allowed.

    A range is of the uncompressed bytes. The whole is made for each request that the response cache
    does not have.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back whole or in part."""
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
        elif scope["method"] == "HEAD":
            await self._head(scope, receive, send)
        elif scope["method"] == "GET" and _ONE.fullmatch(_range(scope)):
            await self._part(scope, receive, send)
        else:
            await self._app(scope, receive, _offering(send))

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        lengths: list[int] = []
        get = {**_plain(scope), "method": "GET"}
        start = await self._answer(get, receive, lambda part: lengths.append(len(part)))
        facts = MutableHeaders(scope=start)
        if start["status"] == 200:
            facts["content-length"] = str(sum(lengths))
        offering = _offering(send)
        await offering(start)
        await offering(_NONE)

    async def _part(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts: list[bytes] = []
        start = await self._answer(_plain(scope), receive, parts.append)
        body = b"".join(parts)
        facts = MutableHeaders(scope=start)
        send = _offering(send)
        if start["status"] == 200 and _is_current(Headers(scope=scope), facts):
            first, end = _bounds(_range(scope), len(body))
            if first >= end:
                await _refusal(scope, facts, len(body))(scope, receive, send)
                return
            facts["content-range"] = f"bytes {first}-{end - 1}/{len(body)}"
            facts["content-length"] = str(end - first)
            start, body = {**start, "status": 206}, body[first:end]
        await send(start)
        await send({**_NONE, "body": body})

    async def _answer(
        self, scope: Scope, receive: Receive, take: Callable[[bytes], None]
    ) -> Message:
        """Return the start of an answer, and give each part of its body to `take`."""
        start: dict[str, Any] = {}

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                take(message.get("body", b""))

        await self._app(scope, receive, keep)
        return start


def _range(scope: Scope) -> bytes:
    return next((value for name, value in scope["headers"] if name == b"range"), b"")


def _plain(scope: Scope) -> Scope:
    """Return the same request for the uncompressed bytes."""
    others = [pair for pair in scope["headers"] if pair[0] not in (b"range", b"accept-encoding")]
    return {**scope, "headers": others}


def _is_current(asked: Headers, facts: Headers) -> bool:
    """Return whether If-Range names this answer: by a strong tag, or by its date."""
    held = asked.get("if-range")
    named = (facts.get("etag"), facts.get("last-modified"))
    return held is None or (held in named and not held.startswith("W/"))


def _bounds(header: bytes, length: int) -> tuple[int, int]:
    """Return the first byte of the range and the one after its last; empty where there is none."""
    first, last = _ONE.fullmatch(header).groups()  # type: ignore[union-attr]
    if not first:
        return max(length - int(last or 0), 0), length
    return int(first), min(int(last) + 1, length) if last else length


def _refusal(scope: Scope, facts: Headers, length: int) -> Any:
    detail = f"header Range: found {_range(scope).decode()}; expected a part of {length} bytes"
    kept = {name: value for name, value in facts.items() if name.startswith("x-ewarn")}
    kept["Content-Range"] = f"bytes */{length}"
    return problems.problem(Request(scope), 416, "no-such-range", detail, headers=kept)


def _offering(send: Send) -> Send:
    """Return a `send` that marks every whole answer as one that can be had in parts."""

    async def offer(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in (200, 206):
            MutableHeaders(scope=message)["accept-ranges"] = "bytes"
        await send(message)

    return offer
