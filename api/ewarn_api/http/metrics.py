"""Metrics of the service for Prometheus: requests, and the issue that is served."""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
    multiprocess,
)
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector

from ewarn_api.issues.store import Store

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # where workers share their numbers, if there are several
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)

# When each was first counted would double the lines, and is of no use.
disable_created_metrics()  # type: ignore[no-untyped-call]
_REQUESTS = Counter("ewarn_http_requests", "Requests answered.", ("method", "route", "status"))
_TOOK = Histogram(
    "ewarn_http_request_seconds", "Seconds to the end of an answer.", ("route",), buckets=_SECONDS
)


def answered(method: str, route: str | None, status: int, seconds: float) -> None:
    """Count an answer; a route is a template, none for a path there is not."""
    count, observe = _of(method if method in _METHODS else "other", route or "none", status)
    count()
    observe(seconds)


@cache
def _of(method: str, route: str, status: int) -> tuple[Any, Any]:
    """Return the counter of such responses, cached: looking it up costs as much as counting."""
    facts = str(status) if status else "none"
    return _REQUESTS.labels(method, route, facts).inc, _TOOK.labels(route).observe


class Served(Collector):
    """What is served, as gauges."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterable[Metric]:
        """Return the numbers of what the store has."""
        return _served(self._store)


def _served(store: Store) -> Iterator[Metric]:
    view = store.last
    yield _gauge("ewarn_issues", "Issues that can be read.", len(view.cards))
    yield _gauge("ewarn_issues_damaged", "Issues passed over.", len(view.damaged))
    if view.newest is None:
        return
    facts = store.meta(view.newest.card)
    labels = ("issue", "as_of", "reference_month")
    about = {name: facts[name] for name in labels} | {"simulated": str(facts["simulated"]).lower()}
    yield InfoMetricFamily("ewarn_issue", "The issue served.", about)
    yield _gauge("ewarn_data_age_days", "Days since the last month observed.", facts["age_days"])
    yield _gauge("ewarn_as_of_age_days", "Days since as_of.", facts["as_of_age_days"])
    yield _gauge("ewarn_months_behind", "Months due and not covered.", facts["months_behind"])
    yield _gauge("ewarn_overdue_days", "Days the next issue is overdue.", facts["overdue_days"])


def _gauge(name: str, sentence: str, value: float) -> Metric:
    return GaugeMetricFamily(name, sentence, value)


def leave() -> None:
    """Take what this process is doing out of the numbers that workers share: it stops."""
    folder = os.environ.get(FOLDER)
    if folder:
        _mark_dead(os.getpid(), folder)


def text(store: Store) -> bytes:
    """Return all numbers in Prometheus' text format: those of every worker, and what is served."""
    served = CollectorRegistry(auto_describe=False)
    served.register(Served(store))
    return generate_latest(_counted()) + generate_latest(served)


def _counted() -> CollectorRegistry:
    folder = os.environ.get(FOLDER)
    if not folder:
        return REGISTRY
    for path in Path(folder).glob("gauge_live*_*.db"):
        pid = int(path.stem.rpartition("_")[2])
        if not _is_alive(pid):  # a worker that was killed could not take its own away
            _mark_dead(pid, folder)
    shared = CollectorRegistry()
    multiprocess.MultiProcessCollector(shared, folder)  # type: ignore[no-untyped-call]
    return shared


def _mark_dead(pid: int, folder: str) -> None:
    multiprocess.mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
