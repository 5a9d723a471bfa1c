"""Handle suffixes and HEAD before the routes, and name the issue on every response."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ewarn_api.http import security_headers
from ewarn_api.issues.store import Store
from ewarn_api.requests import context
from ewarn_api.responses import envelope
from ewarn_api.responses.formats import SUFFIXES


class Edge:
    """Strip a suffix such as .csv, turn HEAD to GET, and set the headers of the issue and those
    that keeps browsers safe.
    """

    def __init__(self, app: ASGIApp, store: Store, is_https: bool) -> None:
        self._app, self._store = app, store
        self._safe = security_headers.headers(is_https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"
        requested = _without_suffix({**scope, "method": "GET"} if is_head else scope)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._name_issue(message)
                _note(requested, message)
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app(requested, receive, answer)

    def _name_issue(self, message: Message) -> None:
        facts = MutableHeaders(scope=message)
        newest = self._store.last.newest
        if newest and "X-Ewarn-Issue" not in facts:
            facts.update(envelope.headers(self._store.meta(newest.card)))
        for name, value in self._safe.items():
            facts.setdefault(name, value)


def _note(asked: Scope, message: Message) -> None:
    """Note for the access log the route that answered, as a template, and the issue it named."""
    entry = context.entry(asked)
    entry.route = getattr(asked.get("route"), "path", None)
    entry.issue = MutableHeaders(scope=message).get("X-Ewarn-Issue")


def _without_suffix(scope: Scope) -> Scope:
    path: str = scope["path"]
    for suffix, name in SUFFIXES.items():
        if path.startswith("/v1/") and path.endswith(suffix):
            inner = path.removesuffix(suffix)
            return {**scope, "path": inner, "ewarn.path": path, "ewarn.suffix": name}
    return scope
