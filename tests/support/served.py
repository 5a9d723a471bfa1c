"""`ewarn serve` as a process of its own, for tests of what only a process can show."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

_WAIT_SECONDS = 60


class Service:
    """A running service: its process, its address, and the lines it logged."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process, self._log = process, log
        self.url = ""

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._log.read_text().splitlines()]

    def said(self, words: str) -> list[str]:
        """The messages that match."""
        return [line["event"] for line in self.lines() if re.search(words, line["event"])]

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(self.url + path, headers=headers, timeout=30)

    def stop(self) -> int:
        """Asks it to stop, and gives its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_WAIT_SECONDS)


def until(true: Any) -> Any:
    """What `true` gives once that is something; fails after a while."""
    for _ in range(20 * _WAIT_SECONDS):
        found = true()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come true in time")


def environment(home: Path, **more: str) -> dict[str, str]:
    """What `ewarn` is told by its environment, to work in that home."""
    return {**os.environ, "EWARN_HOME": str(home), "EWARN_RATE_PER_MINUTE": "0", **more}


@contextmanager
def serving(home: Path, *arguments: str, **more: str) -> Iterator[Service]:
    """The service over that home, answering; whatever happens, it does not outlive the test."""
    log = home / f"serve-{time.monotonic_ns()}.log"
    command = [sys.executable, "-c", "from ewarn.cli import main; main()", "serve", "--port", "0"]
    with log.open("w") as lines:
        process = subprocess.Popen(
            [*command, *arguments],
            env=environment(home, **more),
            stderr=lines,
            start_new_session=True,
        )
    service = Service(process, log)
    try:
        (line,) = until(lambda: process.poll() is None and service.said("running on http"))
        service.url = re.search(r"http://[\d.]+:\d+", line)[0]
        until(lambda: _answers(service))
        yield service
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers(service: Service) -> bool:
    try:
        return service.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False
