"""Compress responses with gzip for clients that accept it, with a weak entity tag."""

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ewarn_api.responses import formats

_LEAST_BYTES = 1_000
_LEVEL = 5  # of nine: within 3 % of the smallest in a third of the time
_PACKED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, formats.FORMATS["parquet"].media_type)


def is_among(accept_encoding: bytes) -> bool:
    """Return whether a client with this header gets gzip, as Starlette reads it."""
    return b"gzip" in accept_encoding


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

        is_head = scope["type"] == "http" and scope["method"] == "HEAD"
        await (self._app if is_head else self._gzip)(scope, receive, answer)


def _name(said: MutableHeaders) -> None:
    """Record that there may be other bytes; a strong tag is of one form, so gzip has a weak one."""
    if "accept-encoding" not in said.get("vary", "").lower():
        said.add_vary_header("Accept-Encoding")
    tag = said.get("etag", "")
    if said.get("content-encoding") == "gzip" and tag.startswith('"'):
        said["etag"] = f"W/{tag}"
