"""Let pages of other origins read (the Fetch standard's CORS protocol)."""

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from ewarn_api import access

_ASKED = ("Accept", "If-None-Match", "If-Modified-Since", "If-Range", "Range", "X-Request-ID")
_KEYED = ("Authorization", "Content-Type", "X-Api-Key")
_SHOWN = (
    *("Accept-Ranges", "Content-Range", "ETag", "Last-Modified", "Link", "Location", "Retry-After"),
    *("RateLimit", "RateLimit-Policy", "X-Request-ID", "X-Ewarn-Issue", "X-Ewarn-As-Of"),
    *("X-Ewarn-Age-Days", "X-Ewarn-As-Of-Age-Days", "X-Ewarn-Months-Behind"),
    "X-Ewarn-Overdue-Days",
    *("X-Ewarn-Simulated", "X-Ewarn-Total-Count"),
)  # headers of an answer that a page may read


class Cors:
    """Any origin may read what needs no key; only origins that the setting names may use keys."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        named = [origin for origin in origins if origin != "*"]
        self._app = app
        self._named = CORSMiddleware(
            app,
            allow_origins=named,
            allow_methods=("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
            allow_headers=(*_ASKED, *_KEYED),
            expose_headers=_SHOWN,
        )
        public = ["*"] if "*" in origins else []
        self._public = CORSMiddleware(
            app,
            allow_origins=public,
            allow_methods=("GET", "HEAD"),
            allow_headers=_ASKED,
            expose_headers=_SHOWN,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with what the origin may read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")
        is_keyed = bool(access.sent(scope["headers"]))
        of_names = is_keyed or self._named.is_allowed_origin(origin)
        await (self._named if of_names else self._public)(scope, receive, send)
