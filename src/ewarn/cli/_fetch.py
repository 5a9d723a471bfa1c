"""`ewarn fetch`: download published data, whole or not at all."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ewarn.cli import _downloads, _fetch_releases
from ewarn.core.errors import BadInput

if TYPE_CHECKING:
    from ewarn.data.connectors import FetchRequest

_DAY = ["%Y-%m-%d"]


def fetch(
    connector: Annotated[str, typer.Argument(help="acled, csv, hdx or ucdp_ged.")],
    out: Annotated[Path | None, typer.Option(help="The file to write.")] = None,
    url: Annotated[
        str | None, typer.Option(help="Address of the file; or of the API, where it is a mirror.")
    ] = None,
    version: Annotated[
        str | None, typer.Option(help="ucdp_ged: 26.1 (yearly) or 26.0.10 (candidate).")
    ] = None,
    first: Annotated[
        datetime | None, typer.Option(help="acled: the first day.", formats=_DAY)
    ] = None,
    last: Annotated[
        datetime | None, typer.Option(help="acled: the last day. Default: today.", formats=_DAY)
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(help="A filter of the API, such as country=Mali; repeat for more."),
    ] = None,
    country: Annotated[
        list[str] | None,
        typer.Option(help="ucdp_ged: only this country (ISO3, such as MLI); repeat for more."),
    ] = None,
    page_size: Annotated[
        int | None, typer.Option(help="Rows a page; 1,000, the most there may be, by default.")
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(help="ucdp_ged: a folder; every release that it lacks is downloaded."),
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="With --into: releases whose rows are more or fewer now, too."
        ),
    ] = False,
    listing: Annotated[
        bool, typer.Option("--list", help="ucdp_ged: list the releases there are, and end.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --list: as JSON.")] = False,
) -> None:
    """Download published data, whole or not at all, with a manifest beside the file.

    What was received is kept: after an interruption the same command goes on where it was. The
    API of ucdp_ged needs EWARN_UCDP_TOKEN, acled needs EWARN_ACLED_USER and EWARN_ACLED_PASSWORD.

    Examples:
      ewarn fetch ucdp_ged --version 26.0.10 --out ged.csv

      ewarn fetch ucdp_ged --list

      ewarn fetch ucdp_ged --into ged/ --country MLI --country NER

      ewarn fetch ucdp_ged --url https://ucdp.uu.se/downloads/ged/ged261-csv.zip --out ged.csv

      ewarn fetch acled --first 2018-01-01 --where "region=1|2|3|4|5" --out acled.csv

      ewarn fetch hdx --url https://data.humdata.org/.../events.xlsx --out events.xlsx

    """
    from ewarn.data import connectors  # noqa: PLC0415

    filters = _filters(where)
    if country:
        filters = _and(filters, connectors.country_filter(connector, country))
    request = connectors.FetchRequest(
        out or Path(),
        url,
        version,
        first and first.date(),
        last and last.date(),
        page_size,
        filters,
    )
    if as_json and not listing:
        raise BadInput("--json", "no --list", "--list with it")
    if check and not into:
        raise BadInput("--check", "no --into", "--into FOLDER with it")
    if not (listing or into or out):
        raise BadInput(connector, "no --out", "--out FILE, --into FOLDER or --list")
    if out:
        _refuse(out=out, into=into, list=listing)
        _file(connector, request)
    elif into:
        _refuse(into=into, list=listing, **_only_of_files(request))
        _fetch_releases.update(connector, request, into, check)
    else:
        _refuse(list=listing, **_only_of_files(request))
        _fetch_releases.show(connector, request, as_json)


def _only_of_files(request: "FetchRequest") -> dict[str, object]:
    """Return the options that only a single file takes."""
    names = ("version", "first", "last", "page_size")
    return {name: getattr(request, name) for name in names}


def _refuse(**options: object) -> None:
    """Refuse any option beside the first one."""
    first, *others = (f"--{name.replace('_', '-')}" for name, value in options.items() if value)
    if others:
        raise BadInput(others[0], f"{first} with it", "one of the two")


def _file(connector: str, request: "FetchRequest") -> None:
    from ewarn.data import connectors  # noqa: PLC0415

    accept, read = _downloads.reader(connector)
    with _downloads.client(connector) as web:
        fetched = connectors.fetch(connector, request, web, accept)
    _downloads.summary(fetched, read)


def _filters(words: list[str] | None) -> dict[str, str]:
    pairs = [word.partition("=") for word in words or ()]
    for name, equals, value in pairs:
        if not (name and equals and value):
            raise BadInput("--where", repr(name), "NAME=VALUE, such as country=Mali")
    return {name: value for name, _, value in pairs}


def _and(filters: dict[str, str], more: dict[str, str]) -> dict[str, str]:
    """Return both filters as one; raises BadInput where they name the same."""
    named = {name.lower() for name in filters}
    for name in more:
        if name.lower() in named:
            raise BadInput("--country", f"--where {name} with it", "one of the two")
    return filters | more
