"""Every request into a line of the log and a count, under an id that its answer names too."""

import os
import re
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from itertools import count
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ewarn_api import metrics

HEADER = "X-Request-ID"
_HEADER = HEADER.lower().encode()
_PROCESS, _numbers = os.urandom(4).hex(), count(1)  # unlike any other's, at a fraction of its price
_SANE = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_current: ContextVar[str | None] = ContextVar("request_id", default=None)

Log = Callable[[str, dict[str, Any]], Any]


class Entry:
    """What is noted of a request while it is answered; `is_fixed` once its answer may be kept, and
    `told` are headers of this answer alone.
    """

    __slots__ = ("id", "is_fixed", "issue", "length", "route", "status", "told")

    def __init__(self, id: str) -> None:
        self.id, self.is_fixed = id, False
        self.status, self.length = 0, 0
        self.told: Sequence[tuple[bytes, bytes]] = ()
        self.route: str | None = None
        self.issue: str | None = None


class Journal:
    """Gives each request an id, and notes its answer in the log and the metrics when it ends."""

    def __init__(self, app: ASGIApp, log: Log | None) -> None:
        self._app, self._log = app, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, and its answer back with the id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, entry = perf_counter(), Entry(_id(scope))
        scope["ewarn.entry"] = entry
        _current.set(entry.id)

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
                own = (_HEADER, entry.id.encode())
                message = {**message, "headers": [*message["headers"], *entry.told, own]}
            else:
                entry.length += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._note(scope, entry, perf_counter() - start)

    def _note(self, scope: Scope, entry: Entry, seconds: float) -> None:
        metrics.answered(scope["method"], entry.route, entry.status, seconds)
        if self._log is None:
            return
        self._log(
            "request",
            {
                "request_id": entry.id,
                "method": scope["method"],
                "path": scope["raw_path"].decode("ascii", "backslashreplace"),  # as it was sent
                "status": entry.status or None,  # none if the client left, or the service had to
                "ms": round(seconds * 1000, 2),
                "bytes": entry.length,
                "issue": entry.issue,
            },
        )


def entry(scope: Scope) -> Entry:
    """What is noted of the request of that scope."""
    found: Entry = scope["ewarn.entry"]
    return found


def request_id() -> str | None:
    """The id of the request that is being answered, if one is."""
    return _current.get()


def _id(scope: Scope) -> str:
    """The id the client gave, if it can stand in a log; else a new one."""
    for name, value in scope["headers"]:
        if name == _HEADER and _SANE.fullmatch(value):
            return str(value, "ascii")
    return f"{_PROCESS}{next(_numbers):08x}"
