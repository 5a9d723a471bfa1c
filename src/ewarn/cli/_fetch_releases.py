"""`ewarn fetch --list` and `--into`: the releases of a source, and those that a folder lacks."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ewarn.cli import _downloads, _output
from ewarn.core import months

if TYPE_CHECKING:
    from ewarn.data.connectors import Fetched, FetchRequest, Listing
    from ewarn.data.versions import Version


def show(connector: str, request: "FetchRequest", as_json: bool) -> None:
    """Print the releases there are today, and those that are due and absent."""
    from ewarn.data import connectors  # noqa: PLC0415

    with _downloads.client(connector) as web:
        listing = connectors.versions(connector, web, _today(), request.where, request.url)
    if as_json:
        _output.out.print_json(json.dumps(_tree(connector, request, listing)))
    else:
        _print(listing)


def update(connector: str, request: "FetchRequest", folder: Path, check: bool) -> None:
    """Download the releases that a folder lacks, printing each as soon as it is in place."""
    from ewarn.data import connectors  # noqa: PLC0415

    accept, read = _downloads.reader(connector)

    def report(fetched: "Fetched") -> None:
        _downloads.summary(fetched, read if fetched.manifest["rows"] else ())

    where, url = request.where, request.url
    with _downloads.client(connector) as web:
        listing = connectors.versions(connector, web, _today(), where, url)
        done = connectors.fetch_missing(
            connector, folder, web, _today(), where, url,
            check=check, listing=listing, accept=accept, report=report,
        )  # fmt: skip
    needed = len(listing.needed)
    _output.out.print(f"releases     {needed} needed, {len(done)} fetched; in {folder}")
    _print_absent(listing)


def _print(listing: "Listing") -> None:
    for each in listing.there:
        version = each.version
        _output.out.print(
            f"{version!s:<12} {version.kind:<10} {_span(version)} {each.rows:>9,} rows"
        )
    _print_absent(listing)


def _print_absent(listing: "Listing") -> None:
    for version in listing.absent:
        month = months.label(version.first_month)
        _output.out.print(f"[yellow]absent[/]       {version}: {month} is due, and not published")


def _tree(connector: str, request: "FetchRequest", listing: "Listing") -> dict[str, object]:
    return {
        "source": connector,
        "day": listing.day.isoformat(),
        "where": dict(request.where),
        "releases": [_row(each.version) | {"rows": each.rows} for each in listing.there],
        "absent": [_row(version) for version in listing.absent],
    }


def _row(version: "Version") -> dict[str, object]:
    return {
        "version": str(version),
        "kind": version.kind,
        "first_month": months.label(version.first_month),
        "last_month": months.label(version.last_month),
        "file": version.file_name,
    }


def _span(version: "Version") -> str:
    return f"{months.label(version.first_month)} to {months.label(version.last_month)}"


def _today() -> date:
    return datetime.now(UTC).date()
