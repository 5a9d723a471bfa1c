"""`ewarn fetch`: download published data, whole or not at all."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from ewarn.cli import _output
from ewarn.core import months
from ewarn.core.errors import BadInput

if TYPE_CHECKING:
    from ewarn.data.connectors import Fetched
    from ewarn.data.sources import Rows

_DAY = ["%Y-%m-%d"]


def fetch(
    connector: Annotated[str, typer.Argument(help="acled, csv, hdx or ucdp_ged.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
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
    page_size: Annotated[
        int | None, typer.Option(help="Rows a page; 1,000, the most there may be, by default.")
    ] = None,
) -> None:
    """Download published data, whole or not at all, with a manifest beside the file.

    What was received is kept: after an interruption the same command goes on where it was. The
    API of ucdp_ged needs EWARN_UCDP_TOKEN, acled needs EWARN_ACLED_USER and EWARN_ACLED_PASSWORD.

    Examples:
      ewarn fetch ucdp_ged --version 26.0.10 --out ged.csv

      ewarn fetch ucdp_ged --url https://ucdp.uu.se/downloads/ged/ged261-csv.zip --out ged.csv

      ewarn fetch acled --first 2018-01-01 --where "region=1|2|3|4|5" --out acled.csv

      ewarn fetch hdx --url https://data.humdata.org/.../events.xlsx --out events.xlsx

    """
    from ewarn.data import connectors, sources  # noqa: PLC0415

    request = connectors.FetchRequest(
        out, url, version, first and first.date(), last and last.date(), page_size, _filters(where)
    )
    kind = connectors.load(connector).KIND
    read: list[Rows] = []

    def accept(path: Path) -> None:
        if kind:
            read.append(sources.read(path, kind))

    with _output.bar() as bar:
        task = bar.add_task(connector, total=None)

        def progress(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        with connectors.Web(progress, _note) as web:
            fetched = connectors.fetch(connector, request, web, accept)
    _summary(fetched, read)


def _note(text: str) -> None:
    if _output.err.is_terminal:
        _output.err.print(f"[yellow]note[/]         {escape(text)}")


def _summary(made: "Fetched", read: Sequence["Rows"]) -> None:
    """What a download has brought, and where it lies."""
    reported = made.manifest
    as_promised = ", as promised" if reported["promised"].get("rows") == reported["rows"] else ""
    _output.out.print(f"fetched      {reported['source']}: {reported['rows']:,} rows{as_promised}")
    for one in read:
        span = f"{months.label(one.first_month)} to {months.label(one.last_month)}"
        aside = f"; {len(one.set_aside):,} rows set aside" if len(one.set_aside) else ""
        _output.out.print(f"{one.kind:<12} {len(one.table):,} rows, {span}{aside}")
    for text in reported["notes"]:
        _output.out.print(f"[yellow]note[/]         {escape(text)}")
    _output.out.print(f"written      {made.path}, with {made.path.name}.manifest.json")


def _filters(words: list[str] | None) -> dict[str, str]:
    pairs = [word.partition("=") for word in words or ()]
    for name, equals, value in pairs:
        if not (name and equals and value):
            raise BadInput("--where", repr(name), "NAME=VALUE, such as country=Mali")
    return {name: value for name, _, value in pairs}
