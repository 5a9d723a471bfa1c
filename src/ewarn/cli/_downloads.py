"""What the kinds of `ewarn fetch` share: a client that shows progress, and what a file brought."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from ewarn.cli import _output
from ewarn.core import manifests, months

if TYPE_CHECKING:
    from ewarn.data.connectors import Fetched, Web
    from ewarn.data.sources import Rows


@contextmanager
def client(connector: str) -> Iterator["Web"]:
    """Yield a client; on a terminal with a progress bar and notes on what is tried again."""
    from ewarn.data import connectors  # noqa: PLC0415

    with _output.bar() as bar:
        task = bar.add_task(connector, total=None)

        def progress(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        with connectors.Web(progress, _note) as web:
            yield web


def reader(connector: str) -> tuple[Callable[[Path], None], list["Rows"]]:
    """Return what reads a file before it is put in place, and the list that then has its rows."""
    from ewarn.data import connectors, sources  # noqa: PLC0415

    kind = connectors.load(connector).KIND
    read: list[Rows] = []

    def accept(path: Path) -> None:
        if kind:
            read[:] = [sources.read(path, kind)]

    return accept, read


def summary(made: "Fetched", read: Sequence["Rows"]) -> None:
    """Print what a download has brought, and where it lies."""
    reported = made.manifest
    as_promised = ", as promised" if reported["promised"].get("rows") == reported["rows"] else ""
    _output.out.print(f"fetched      {reported['source']}: {reported['rows']:,} rows{as_promised}")
    for one in read:
        span = f"{months.label(one.first_month)} to {months.label(one.last_month)}"
        aside = f"; {len(one.set_aside):,} rows set aside" if len(one.set_aside) else ""
        _output.out.print(f"{one.kind:<12} {len(one.table):,} rows, {span}{aside}")
    for text in reported["notes"]:
        _output.out.print(f"[yellow]note[/]         {escape(text)}")
    _output.out.print(f"written      {made.path}, with {manifests.beside(made.path).name}")


def _note(text: str) -> None:
    if _output.err.is_terminal:
        _output.err.print(f"[yellow]note[/]         {escape(text)}")
