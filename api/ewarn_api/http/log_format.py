"""Format log lines: JSON, or readable ones on a terminal."""

import asyncio
import logging
import os
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog
from structlog.typing import Processor

from ewarn_api.http.access_log import Log
from ewarn_api.requests import context

Facts = MutableMapping[str, Any]
_STAMP = structlog.processors.TimeStamper(fmt="iso", utc=True, key="time")
_FIRST = ("time", "level", "event")


class _Lines:
    """Lines onto standard error: those of one turn of the event loop in one write, since a write
    takes as long as the rest of a line.
    """

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def info(self, line: bytes) -> None:
        """Write the line when the turn ends."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._write)
        self._waiting.append(line)

    def _write(self) -> None:
        lines, self._waiting = self._waiting, []
        with suppress(OSError):  # a full disk under the log is no reason not to answer
            os.write(2, b"\n".join([*lines, b""]))


def requests(level: str) -> Log | None:
    """Return the function that writes the line of a request; None below that level.

    It goes round the standard library's logging, and JSON round structlog's, which take longer than
    an answer kept ready.
    """
    if logging.getLevelNamesMapping()[level.upper()] > logging.INFO:
        return None
    lines = _Lines()
    if not sys.stderr.isatty():
        return lambda event, facts: lines.info(_line(event, facts))
    log = structlog.wrap_logger(
        lines,
        processors=[structlog.processors.add_log_level, _STAMP, _renderer(), _encoded],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    bound = log.bind()
    return lambda event, facts: bound.info(event, **facts)


def formatter() -> logging.Formatter:
    """Return the same lines for what comes through the standard library's logging."""
    own = structlog.stdlib.ProcessorFormatter
    return own(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            _STAMP,
            _with_request,
        ],
        processors=[
            own.remove_processors_meta,
            structlog.processors.format_exc_info,
            _ordered,
            _renderer(),
        ],
    )


def _renderer() -> Processor:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer(timestamp_key="time")
    return structlog.processors.JSONRenderer(serializer=_json)


def _json(facts: Any, **_: Any) -> str:
    return orjson.dumps(facts, default=str).decode()


def _encoded(_log: Any, _method: str, text: Any) -> bytes:
    return str(text).encode(errors="backslashreplace")


def _line(event: str, facts: dict[str, Any]) -> bytes:
    """Return all that the processors for others do, in one."""
    details = {"time": datetime.now(UTC), "level": "info", "event": event, **facts}
    return orjson.dumps(details, option=orjson.OPT_UTC_Z)


def _ordered(_log: Any, _method: str, facts: Facts) -> Facts:
    return {name: facts.pop(name) for name in _FIRST} | dict(facts)


def _with_request(_log: Any, _method: str, facts: Facts) -> Facts:
    current = context.request_id()
    if current:
        facts["request_id"] = current
    return facts
