"""List the releases of a source, and download those that a folder lacks."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Protocol, cast

from ewarn.core import files
from ewarn.core.errors import BadInput
from ewarn.data.connectors import _missing
from ewarn.data.connectors._connector import Connector, Fetched, fetch, load, names, refuse_words
from ewarn.data.connectors._download import FetchRequest
from ewarn.data.connectors._http import Web
from ewarn.data.connectors._listing import Listing
from ewarn.data.versions import Version

_NO_FILTER: Mapping[str, str] = {}


class Publisher(Connector, Protocol):
    """What a connector also declares whose source publishes releases."""

    DELAY_DAYS: int

    def versions(self, request: FetchRequest, web: Web, day: date) -> Listing:
        """Return the versions there are on a day."""

    def of_countries(self, codes: Iterable[str]) -> dict[str, str]:
        """Return the filter for some countries."""


def versions(
    name: str,
    web: Web,
    today: date,
    where: Mapping[str, str] = _NO_FILTER,
    url: str | None = None,
) -> Listing:
    """Return the releases that a source has, and those that are due and absent.

    Raises Again where the source is out of reach: it never counts as one without releases.
    """
    publisher, request = _publisher(name), FetchRequest(Path(), url=url, where=where)
    refuse_words(publisher, request)
    return publisher.versions(request, web, today)


def missing(
    name: str,
    folder: Path,
    web: Web,
    today: date,
    where: Mapping[str, str] = _NO_FILTER,
    url: str | None = None,
) -> list[Version]:
    """Return the releases that a folder lacks, from the older to the newer.

    Needed are the newest yearly release and the candidates of all months after it. Raises BadInput
    where a release in the folder was requested with another filter.
    """
    there = _missing.held(folder, where)
    return _missing.lacking(versions(name, web, today, where, url), there)


def fetch_missing(
    name: str,
    folder: Path,
    web: Web,
    today: date,
    where: Mapping[str, str] = _NO_FILTER,
    url: str | None = None,
    *,
    check: bool = False,
    listing: Listing | None = None,
    accept: Callable[[Path], object] = lambda _path: None,
    report: Callable[[Fetched], object] = lambda _fetched: None,
) -> list[Fetched]:
    """Return the releases put in a folder that lacked them, each whole and under its official name.

    With `check` those that now have another number of rows at the source are fetched again, too.
    What is in place when an error is raised stays, and the same call goes on from there. A
    `listing` that is at hand is not requested again. `report` gets each as soon as it is in place.
    """
    with files.alone(folder):
        there = _missing.held(folder, where)
        listing = listing or versions(name, web, today, where, url)
        targets = [(folder / each.file_name, each) for each in _missing.lacking(listing, there)]
        if check:
            targets += [(one.path, one.version) for one in _missing.changed(listing, there)]
        done = []
        for path, version in targets:
            request = FetchRequest(path, url, str(version), where=where)
            done.append(fetch(name, request, web, accept))
            report(done[-1])
        return done


def country_filter(name: str, codes: Iterable[str]) -> dict[str, str]:
    """Return the filter by which a source serves some countries alone, by their ISO 3166 codes."""
    return _publisher(name).of_countries(codes)


def _publisher(name: str) -> Publisher:
    """Return a connector of releases; raises BadInput where it is none."""
    connector = load(name)
    if not hasattr(connector, "versions"):
        others = ", ".join(each for each in names() if hasattr(load(each), "versions"))
        raise BadInput(name, "a source without releases", f"one that publishes them: {others}")
    return cast(Publisher, connector)
