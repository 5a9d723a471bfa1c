"""Measure requests a second of a running service beside a bare Starlette app with the same
bytes.
"""

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

QUERY = "/v1/risk-scores?location_code=MLI"
BARS = {"whole": 0.6, "unchanged": 0.8}
SAME = "EWARN_BENCH_ANSWERS"  # the folder of what the bare app answers
BIN = Path(sys.executable).parent
NEEDS = "needs wrk (apt-get install wrk) and a folder with mlruns/, as `ewarn forecast` makes it"
EXAMPLE = "example: python benchmarks/serving.py --home . --rounds 7"


class Server(NamedTuple):
    """Where a server listens, and its process."""

    url: str
    process: int


def bare() -> Starlette:
    """The app to compare with: the same bytes for any request, on two paths."""

    def route(name: str) -> Route:
        folder = Path(os.environ[SAME])
        body = (folder / f"{name}.body").read_bytes()
        status, headers = json.loads((folder / f"{name}.json").read_text())

        async def answer(_: Request) -> Response:
            return Response(body, status, headers)

        return Route(f"/{name}", answer)

    return Starlette(routes=[route(name) for name in BARS])


def main() -> None:
    """Run both in turns, then one for long with many connections, and print the results."""
    options = _options()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with _ewarn(options, folder) as own:
            plain = {"Accept-Encoding": "identity"}  # as wrk requests
            whole = httpx.get(own.url + QUERY, headers=plain).raise_for_status()
            held = plain | {"If-None-Match": whole.headers["etag"]}
            _keep(folder, "whole", whole)
            _keep(folder, "unchanged", httpx.get(own.url + QUERY, headers=held))
            with _bare(options, folder) as other:
                _compare(options, own, other, whole)
        with _ewarn(options, folder) as own:
            _endure(options, own)


def _keep(folder: Path, name: str, answer: httpx.Response) -> None:
    """Writes down what the bare app is to answer; its server adds two of the headers itself."""
    own = {key: value for key, value in answer.headers.items() if key not in ("date", "server")}
    (folder / f"{name}.json").write_text(json.dumps([answer.status_code, own]))
    (folder / f"{name}.body").write_bytes(answer.content)


def _compare(
    options: argparse.Namespace, own: Server, other: Server, answer: httpx.Response
) -> None:
    held = ["-H", f"If-None-Match: {answer.headers['etag']}"]
    print(f"{QUERY}, {len(answer.content):,} bytes; {options.connections} connections, one worker")
    print(f"each; medians of {options.rounds} rounds of {options.seconds} s by turns\n")
    print(
        "| answer | measure | ewarn | bare Starlette | share | bar |\n|---|---|---:|---:|---:|---:|"
    )
    for name, headers in (("whole", []), ("unchanged", held)):
        sides = ((own, QUERY), (other, f"/{name}"))
        runs = [[_run(options, *side, headers) for side in sides] for _ in range(options.rounds)]
        for measure, best in (("requests a second", True), ("CPU microseconds a request", False)):
            pairs = [[run[measure] for run in pair] for pair in runs]
            mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
            share = statistics.median(one / two if best else two / one for one, two in pairs)
            row = f"| {name} | {measure} | {mine:,.0f} | {theirs:,.0f} | {share:.2f} |"
            print(f"{row} {BARS[name] if best else ''} |")


def _run(
    options: argparse.Namespace, server: Server, path: str, headers: list[str]
) -> dict[str, float]:
    before = _cpu(server.process)
    done = _wrk(options, server.url + path, headers, options.seconds, options.connections)
    cpu = (_cpu(server.process) - before) / done.requests
    return {"requests a second": done.rate, "CPU microseconds a request": 1e6 * cpu}


def _cpu(process: int) -> float:
    """Seconds of CPU the process has taken."""
    times = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def _endure(options: argparse.Namespace, own: Server) -> None:
    """Many connections for long: errors, and memory after a tenth of the time and at the end."""
    early = max(options.long // 10, 1)
    _wrk(options, own.url + QUERY, [], early, options.many)
    before = _megabytes(own.process)
    done = _wrk(options, own.url + QUERY, [], options.long, options.many)
    after = _megabytes(own.process)
    print(f"\n{options.many} connections, {options.long} s: {done.requests:,} requests,")
    print(f"{done.errors or 'no errors'}; memory {before:.1f} MB after {early} s, {after:.1f} MB")
    print("at the end.")


class _Done:
    """The numbers that wrk printed for a run."""

    def __init__(self, said: str) -> None:
        self.requests = int(_found(r"(\d+) requests in", said))
        self.rate = float(_found(r"Requests/sec:\s+([\d.]+)", said))
        lines = re.findall(r"^\s*((?:Socket errors|Non-2xx).*)$", said, re.M)
        self.errors = "; ".join(lines)


def _wrk(
    options: argparse.Namespace, url: str, headers: list[str], seconds: int, connections: int
) -> _Done:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", *headers, url]
    done = subprocess.run(  # noqa: S603
        _on(options.cores[-1], command), capture_output=True, text=True, check=True
    )
    return _Done(done.stdout)


@contextmanager
def _ewarn(options: argparse.Namespace, folder: Path) -> Iterator[Server]:
    command = [str(BIN / "ewarn"), "serve", "--port", "0"]
    # The limit of rate is counted as ever, and never reached.
    outside = {**os.environ, "EWARN_HOME": str(options.home), "EWARN_RATE_PER_MINUTE": "1000000000"}
    with _running(options, command, outside, folder / "ewarn.log") as found:
        yield found


@contextmanager
def _bare(options: argparse.Namespace, folder: Path) -> Iterator[Server]:
    command = [str(BIN / "uvicorn"), "--app-dir", str(Path(__file__).parent), "--factory"]
    command += ["serving:bare", "--port", "0", "--no-access-log"]
    outside = {**os.environ, SAME: str(folder)}
    with _running(options, command, outside, folder / "bare.log") as found:
        yield found


@contextmanager
def _running(
    options: argparse.Namespace, command: list[str], outside: dict[str, str], log: Path
) -> Iterator[Server]:
    """A server on the first of the cores, its log in a file: where it listens."""
    with log.open("w") as lines:
        process = subprocess.Popen(  # noqa: S603
            _on(options.cores[0], command), env=outside, stderr=lines
        )
    try:
        yield Server(_address(process, log), process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    for _ in range(300):
        found = re.search(r"running on (http://[\d.]+:\d+)", log.read_text())
        if found:
            return found[1]
        time.sleep(0.1)
    sys.exit(f"{process.args!r} does not listen: {log.read_text()}")


def _on(core: int, command: list[str]) -> list[str]:
    return ["taskset", "-c", str(core), *command]


def _megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(_found(r"VmRSS:\s+(\d+) kB", status)) / 1024


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        sys.exit(f"no {pattern!r} in: {text}")
    return found[1]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=f"{__doc__} It {NEEDS}.", epilog=EXAMPLE)
    parser.add_argument("--home", type=Path, default=Path(), help="the folder that holds mlruns/")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=4, help="of a round, each side")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--many", type=int, default=256, help="connections of the long run")
    parser.add_argument("--long", type=int, default=60, help="seconds of the long run")
    options = parser.parse_args()
    options.cores = sorted(os.sched_getaffinity(0))
    if shutil.which("wrk") is None or not (options.home / "mlruns" / "issues").is_dir():
        parser.exit(2, f"this {NEEDS}\n")
    return options


if __name__ == "__main__":
    main()
