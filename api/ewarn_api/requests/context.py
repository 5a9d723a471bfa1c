"""Facts about the request being answered: its id, and the content of its log line."""

from collections.abc import Sequence
from contextvars import ContextVar

from starlette.types import Scope

current: ContextVar[str | None] = ContextVar("request_id", default=None)


class Entry:
    """What is noted of a request while it is answered; `is_fixed` once its answer may be kept, and
    `told` are headers of this answer alone.
    """

    __slots__ = ("extra_headers", "id", "is_fixed", "issue", "length", "route", "status")

    def __init__(self, id: str) -> None:
        self.id, self.is_fixed = id, False
        self.status, self.length = 0, 0
        self.extra_headers: Sequence[tuple[bytes, bytes]] = ()
        self.route: str | None = None
        self.issue: str | None = None


def entry(scope: Scope) -> Entry:
    """Return the entry of the request of that scope."""
    found: Entry = scope["ewarn.entry"]
    return found


def request_id() -> str | None:
    """Return the id of the request that is being answered, if one is."""
    return current.get()
