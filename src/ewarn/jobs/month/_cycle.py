"""Run the steps of the monthly cycle one after the other, once at a time."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from ewarn.alerting import runs, webhooks
from ewarn.alerting.webhooks import Post
from ewarn.core import files
from ewarn.core.configuration import Configuration
from ewarn.core.errors import EwarnError
from ewarn.data.connectors import Again, Web
from ewarn.database import Database, now
from ewarn.forecasting.model import Track
from ewarn.jobs._digest import Recipients, digest, digests
from ewarn.jobs.month import _data, _forecast
from ewarn.jobs.month._data import Ready
from ewarn.jobs.month._step import State, Step
from ewarn.publishing import issue

FOLDER = "month"  # below mlruns: the lock, and the report of the last run


class Busy(EwarnError):
    """Another run is at work."""


@dataclass(frozen=True)
class Cycle:
    """What a run of the monthly cycle works with; `accept` are findings to issue in spite of."""

    configuration: Configuration
    mlruns: Path
    database: Database
    today: date
    web: Web
    post: Post
    track: Track
    accept: tuple[str, ...] = ()


def run(cycle: Cycle, report: Callable[[Step], object], is_plan: bool = False) -> list[Step]:
    """Return the steps, each reported as soon as it is done; a plan writes nothing.

    Raises Busy while another run is at work.
    """
    if is_plan:
        return _each(_plan(cycle), report)
    folder = cycle.mlruns / FOLDER
    try:
        with files.alone(folder, wait=False):
            steps = _each(_steps(cycle), report)
            text = json.dumps([asdict(step) for step in steps], indent=1)
            files.put_whole(folder / "last.json", text.encode())
            return steps
    except BlockingIOError as error:
        raise Busy("another run of the monthly cycle is at work") from error


def _each(steps: Iterator[Step], report: Callable[[Step], object]) -> list[Step]:
    done = []
    for step in steps:
        report(step)
        done.append(step)
    return done


def _plan(cycle: Cycle) -> Iterator[Step]:
    yield _tried("releases", lambda: _data.planned(cycle.configuration, cycle.web, cycle.today))
    yield Step("data", "planned", "read, join and check the releases")
    yield Step("issue", "planned", "make one where the data are new")
    yield Step("verification", "planned", "score older issues, renew the hindcast, run alerts")


def _steps(cycle: Cycle) -> Iterator[Step]:
    source = cycle.configuration.source
    yield _tried("releases", lambda: _data.fetched(source, cycle.web, cycle.today))
    ready, model = Ready(), cycle.configuration.forecast.model
    yield _tried("data", lambda: _data.read(ready, cycle.configuration, cycle.mlruns))
    if ready.loaded is not None:
        yield _tried(
            "issue",
            lambda: _forecast.issued(ready, model, cycle.mlruns, cycle.accept, cycle.track),
        )
    yield _tried(
        "verification",
        lambda: _forecast.verified(ready, cycle.mlruns, cycle.database, cycle.track),
    )
    if ready.loaded is not None and cycle.configuration.forecast.hindcast:
        yield _tried(
            "hindcast", lambda: _forecast.hindcast(ready, model, cycle.mlruns, cycle.track)
        )
    yield _tried("alerts", lambda: _alerts(cycle))
    if cycle.configuration.digest:
        yield _tried("digest", lambda: _digest(cycle))


def _digest(cycle: Cycle) -> tuple[State, str]:
    issued = issue.first_whole(cycle.mlruns / "issues", lambda card: not card.simulated)
    if issued is None:
        return "nothing new", "no issue yet"
    to = [
        Recipients(one.watch_list or None, one.language, tuple(one.to))
        for one in cycle.configuration.digest
    ]
    is_new = not digests(cycle.mlruns, issued).exists()
    found = digest(cycle.mlruns, cycle.database, issued, to, now())
    if found.failed:
        failed = "; ".join(f"{address}: {why}" for address, why in found.failed)
        return "failed", f"{len(found.sent)} sent; to be tried again: {failed}"
    what = f"{len(found.written)} files, {len(found.sent)} sent"
    return ("done", what) if found.sent or is_new else ("nothing new", "written and sent before")


def _alerts(cycle: Cycle) -> tuple[State, str]:
    found = runs.evaluate(cycle.mlruns, cycle.database)
    sent = webhooks.deliver(cycle.database, cycle.post)
    if not (found or sent.arrived or sent.failed):
        return "nothing new", "no watch list has an issue it has not seen"
    raised = sum(one.raised for one in found)
    failed = f", {sent.failed} to be tried again" if sent.failed else ""
    what = f"{len(found)} watch lists, {raised} alerts; {sent.arrived} messages arrived{failed}"
    return "done", what


def _tried(name: str, do: Callable[[], tuple[State, str]]) -> Step:
    """Return the step, done or failed: what fails leaves the steps that do not rest on it."""
    try:
        return Step(name, *do())
    except Again as error:
        return Step(name, "source down", str(error))
    except (EwarnError, OSError) as error:
        return Step(name, "failed", str(error))
