"""Run the process that computes scenarios: one at a time, restarted when it is lost."""

import json
import logging
import subprocess
import sys
import threading
from asyncio import CancelledError
from pathlib import Path
from time import monotonic
from typing import Any

from prometheus_client import Counter, Gauge
from starlette.concurrency import run_in_threadpool

from ewarn.core.errors import BadInput, EwarnError

_STOP_SECONDS = 5.0  # for a worker to end by itself, before it is killed
_log = logging.getLogger(__name__)

SCENARIO_WORKERS = Gauge(
    "ewarn_scenario_workers", "Processes that compute scenarios.", multiprocess_mode="livesum"
)
_SCENARIOS = Gauge(
    "ewarn_scenarios_asked",
    "Scenarios being computed, and waiting.",
    multiprocess_mode="livesum",
)
_SCENARIOS_FAILED = Counter("ewarn_scenarios_failed", "Scenarios lost or overdue.", ("reason",))


class Busy(EwarnError):
    """As many ask as may wait, or the turn did not come in time."""


class Lost(EwarnError):
    """The worker ended before it had answered, or cannot make the issue again."""


class Overdue(EwarnError):
    """The time limit came before the answer."""


class Worker:
    """One process beside the service; `queue` may wait while it works, each `seconds` at most."""

    def __init__(self, mlruns: Path, seconds: float, queue: int) -> None:
        self._command = [sys.executable, "-m", "ewarn.jobs.scenario_worker", str(mlruns)]
        self._seconds = seconds
        self._places = threading.BoundedSemaphore(queue + 1)
        self._turn = threading.Lock()
        self._is_stopping = False
        self.process: subprocess.Popen[bytes] | None = None

    async def compute(self, issue: str, scenario: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the rows of a scenario on an issue.

        Raises BadInput naming a field, Busy, Lost, or Overdue.
        """
        if not self._places.acquire(blocking=False):
            raise Busy("as many scenarios wait as may")
        line = json.dumps({"issue": issue, "scenario": scenario}).encode() + b"\n"
        try:
            with _SCENARIOS.track_inprogress():
                return _read(await self._waited(line))
        except (Lost, Overdue) as error:
            _SCENARIOS_FAILED.labels(type(error).__name__.lower()).inc()
            raise
        finally:
            self._places.release()

    async def _waited(self, line: bytes) -> bytes:
        """Return the worker's line; only a server that stops, and waits no longer, cancels: its
        client gets the answer.
        """
        try:
            return await run_in_threadpool(self._in_turn, line)
        except CancelledError:
            raise Lost("the service stops") from None

    @property
    def is_running(self) -> bool:
        """Whether the process is there, at work or waiting for some."""
        process = self.process
        return process is not None and process.poll() is None

    def stop(self) -> None:
        """End the process once it has answered; by force if it does not, soon."""
        self._is_stopping = True
        is_free = self._turn.acquire(timeout=_STOP_SECONDS)
        process = self.process
        if process and not is_free:
            process.kill()  # the request that waits for its answer ends it
        elif process:
            self._end(process)
            self.process = None
        if is_free:
            self._turn.release()

    def _in_turn(self, line: bytes) -> bytes:
        until = monotonic() + self._seconds
        if not self._turn.acquire(timeout=self._seconds):
            raise Busy(f"the turn of the scenario did not come in {self._seconds:g} s")
        try:
            return self._answer(line, until)
        finally:
            self._turn.release()

    def _answer(self, line: bytes, until: float) -> bytes:
        """Return the worker's line; kills it when the time has come."""
        if self._is_stopping:
            raise Lost("the service stops")
        process = self._running()
        assert process.stdin and process.stdout  # noqa: S101  both are pipes
        limit = threading.Timer(max(0.0, until - monotonic()), process.kill)
        limit.start()
        try:
            process.stdin.write(line)
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = b""
        finally:
            limit.cancel()
        if answer.endswith(b"\n"):
            return answer
        self._end(process)
        self.process = None
        if monotonic() >= until:
            raise Overdue(f"the scenario took longer than {self._seconds:g} s")
        raise Lost("the process that computes scenarios ended before it answered")

    def _running(self) -> subprocess.Popen[bytes]:
        """Return the worker, a fresh one if there is none; a signal to the service is not one to
        it.
        """
        if self.process is None or not self.is_running:
            pipe = subprocess.PIPE
            self.process = subprocess.Popen(  # noqa: S603  our own module
                self._command, stdin=pipe, stdout=pipe, start_new_session=True
            )
            SCENARIO_WORKERS.set(1)
            _log.info("scenario worker started: process %s", self.process.pid)
        return self.process

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        SCENARIO_WORKERS.set(0)
        try:
            process.communicate(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _read(answer: bytes) -> list[dict[str, Any]]:
    facts = json.loads(answer)
    if "refused" in facts:
        raise BadInput(*facts["refused"])
    if "failed" in facts:
        raise Lost(facts["failed"])
    rows: list[dict[str, Any]] = facts["rows"]
    return rows
