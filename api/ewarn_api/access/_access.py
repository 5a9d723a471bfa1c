"""Look up a request's key in the database, at each request."""

import logging
from collections.abc import Iterable
from hashlib import sha256
from time import monotonic
from typing import Any, Literal

from anyio import CapacityLimiter, fail_after, to_thread
from fastapi import Request

from ewarn.database import Database, Unreachable, audit, keys
from ewarn_api.access._callers import Caller, NoKey, NoScope, sent

Need = Literal["nothing", "read", "watchlists", "admin"]
WRITES = ("watchlists", "admin")
_THREADS = 10  # that may wait for the database, so that others are left for the rest
_ANSWER_SECONDS = 5.0  # that the database may take
_AWAY_SECONDS = 1.0  # seconds without a query after the database did not answer
_KNOWN_SECONDS = 60.0  # how long a secret that was recognised counts as a key's for the rate limit
_MOST_KNOWN = 10_000
_log = logging.getLogger(__name__)


class Access:
    """The keys there are, looked up in the database at each request: nothing of them is kept."""

    def __init__(self, database: Database, read: Literal["open", "keyed"]) -> None:
        self._database, self._is_open = database, read == "open"
        self._threads: CapacityLimiter | None = None
        self._away_until = 0.0
        self._known: dict[bytes, tuple[str, float]] = {}

    async def admit(self, request: Request, need: Need) -> Caller | None:
        """Return the caller, None where no key is needed; raises NoKey, NoScope or Unreachable."""
        requested = request.scope.get("ewarn.need", {})
        requested["need"] = need
        is_open = not self.asks(need)
        secret = sent(request.scope["headers"])
        if secret is None and not is_open:
            raise NoKey("this needs a key", is_wrong=False)
        if secret is None or need == "nothing":
            return None
        try:
            key = await self._key(secret, requested)
        except Unreachable:
            if is_open:
                return None
            raise
        if not is_open and not key.may(need):
            raise NoScope(need)
        return Caller(key.id, key.name, key.own_team)

    def asks(self, need: Need | None) -> bool:
        """Return whether what a route needs takes a key here."""
        return need in WRITES or (need == "read" and not self._is_open)

    def is_open_to(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """Return whether a read may be answered before the routes: it is open, and no key was sent
        that would have to be looked up.
        """
        return self._is_open and sent(headers) is None

    def key_of(self, secret: str) -> str | None:
        """Return the key that a secret opened less than a minute ago, for counting, never for
        access.
        """
        key_id, until = self._known.get(_digest(secret), ("", 0.0))
        return key_id if monotonic() < until else None

    async def note(self, **line: Any) -> None:
        """Add a line to the audit log, or to the process's own while the database is away."""
        try:
            await self.in_thread(self._note, line)
        except Unreachable as error:
            _log.warning("audit log not written (%s): %s", error, line)

    async def _key(self, secret: str, asked: dict[str, Any]) -> keys.Key:
        if monotonic() < self._away_until:
            raise Unreachable("the database did not answer a moment ago")
        try:
            key: keys.Key = await self.in_thread(self._look_up, secret)
        except keys.Refused as refused:
            asked["key_id"] = refused.key_id
            self._known.pop(_digest(secret), None)
            raise NoKey(str(refused), is_wrong=True) from refused
        except Unreachable:
            self._away_until = monotonic() + _AWAY_SECONDS
            raise
        asked["key_id"] = key.id
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[_digest(secret)] = (key.id, monotonic() + _KNOWN_SECONDS)
        return key

    def _look_up(self, secret: str) -> keys.Key:
        with self._database.reading() as session:
            key = keys.recognise(session, secret)
        if keys.is_use_due(key):
            try:
                with self._database.writing() as session:
                    keys.note_use(session, key.id)
            except Unreachable as error:  # such as a disk that is full: reading goes on
                _log.warning("last use of key %s not noted: %s", key.id, error)
        return key

    def _note(self, line: dict[str, Any]) -> None:
        with self._database.writing() as session:
            audit.note(session, **line)

    async def in_thread(self, ask: Any, *arguments: Any) -> Any:
        """Run a query and return its result; raises Unreachable."""
        self._threads = self._threads or CapacityLimiter(_THREADS)
        try:
            with fail_after(_ANSWER_SECONDS):
                return await to_thread.run_sync(
                    ask, *arguments, limiter=self._threads, abandon_on_cancel=True
                )
        except (Unreachable, TimeoutError) as error:
            _log.warning("database away: %s", str(error) or f"no answer in {_ANSWER_SECONDS:g} s")
            raise Unreachable("the database does not answer") from error


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
