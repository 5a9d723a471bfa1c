"""Compress responses with gzip for clients that accept it, with a weak entity tag."""

import re

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ewarn_api.responses import formats

_NUMBER = re.compile(r"\d(\.\d*)?")
_LEAST_BYTES = 1_000
_LEVEL = 6  # of nine: the page is within 1 % of the smallest, and below its 400 kB
_PACKED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, formats.FORMATS["parquet"].media_type)


def is_among(accept_encoding: bytes) -> bool:
    """Return whether a client with this header gets gzip: named, or by `*`, and not with q=0."""
    weights = dict(map(_weighed, accept_encoding.decode("latin-1").lower().split(",")))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weighed(part: str) -> tuple[str, float]:
    """Return a coding and its weight (RFC 9110, 12.4.2); a weight that is no number is 0."""
    coding, _, weight = part.partition(";")
    value = weight.strip().removeprefix("q=") or "1"
    return coding.strip(), float(value) if _NUMBER.fullmatch(value) else 0.0


class Compression:
    """Compress responses to GET and POST; HEAD has the headers of the uncompressed one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._gzip = GZipMiddleware(app, _LEAST_BYTES, _LEVEL, exclude_content_types=_PACKED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                _name(MutableHeaders(scope=message))
            await send(message)

        if _may_be_packed(scope):
            await self._gzip(_with_gzip_alone(scope), receive, answer)
        else:
            await self._app(scope, receive, answer)


def _may_be_packed(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] == "HEAD":
        return False
    accepted = [value for name, value in scope["headers"] if name == b"accept-encoding"]
    return is_among(b",".join(accepted))


def _with_gzip_alone(scope: Scope) -> Scope:
    """Return the request with "gzip" as all it accepts, for Starlette looks for that word."""
    others = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
    return {**scope, "headers": [*others, (b"accept-encoding", b"gzip")]}


def _name(said: MutableHeaders) -> None:
    """Record that there may be other bytes; a strong tag is of one form, so gzip has a weak one."""
    if "accept-encoding" not in said.get("vary", "").lower():
        said.add_vary_header("Accept-Encoding")
    tag = said.get("etag", "")
    if said.get("content-encoding") == "gzip" and tag.startswith('"'):
        said["etag"] = f"W/{tag}"
