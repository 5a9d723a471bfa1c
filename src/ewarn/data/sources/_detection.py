"""Find the table of a file to read, and the source module that its columns fit."""

from typing import Protocol, cast

from ewarn.core import plugins
from ewarn.core.errors import BadInput, Unknown
from ewarn.data.sources._cells import Cells, Tidy
from ewarn.data.sources._table import Table

KINDS = ("deployments", "events", "milestones")


class Source(Protocol):
    """What a module of this folder declares: the kind it reads, the shape of its tidy table, the
    sets of columns any one of which identifies its files, those it reads if there, how many days
    after a month's end it has reported it (DELAY_DAYS), and `read`.
    """

    KIND: str
    SHAPE: str
    COLUMNS: tuple[tuple[str, ...], ...]
    OPTIONAL: tuple[str, ...]
    DELAY_DAYS: int

    def read(self, cells: Cells) -> Tidy:
        """Return every row of the file made tidy, and the list of those to leave out."""


def sources(kind: str) -> dict[str, Source]:
    """Return the modules that read that kind, by name; raises Unknown for other kinds."""
    import ewarn.data.sources as package  # noqa: PLC0415 - the package imports this module

    if kind not in KINDS:
        raise Unknown("kind of source", kind, KINDS)
    modules = {name: plugins.load(package, name) for name in plugins.names(package)}
    of_kind = {name: each for name, each in modules.items() if getattr(each, "KIND", "") == kind}
    return {name: cast(Source, each) for name, each in of_kind.items()}


def recognised(tables: list[Table], known: dict[str, Source]) -> tuple[str, Table]:
    """Return the source that fits by most columns, and the table that fits any.

    Raises BadInput for several such tables, and with the columns found and those each source would
    need.
    """
    fitting = [table for table in tables if _fits(table, known)]
    if len(fitting) > 1:
        sheets = ", ".join(table.noun.removesuffix(", row") for table in fitting)
        raise BadInput(fitting[0].file, f"several sheets of rows ({sheets})", "one, with all rows")
    if fitting:
        fits = _fits(fitting[0], known)
        return max(fits, key=lambda name: fits[name]), fitting[0]
    needs = [f"{name} ({_needs(source, tables[0])})" for name, source in known.items()]
    raise BadInput(tables[0].file, _found(tables), f"the columns of {', or of '.join(needs)}")


def _fits(table: Table, known: dict[str, Source]) -> dict[str, int]:
    """Return by how many columns each source recognises the table."""
    return {
        name: len(needed)
        for name, source in known.items()
        for needed in source.COLUMNS
        if all(map(table.has, needed))
    }


def _found(tables: list[Table]) -> str:
    for kind in KINDS:
        if any(_fits(table, sources(kind)) for table in tables):
            return f"a file of {kind}"
    columns = [column for table in tables for column in table.columns]
    more = f" and {len(columns) - 12} more" if len(columns) > 12 else ""
    return f"the columns {', '.join(columns[:12])}{more}"


def _needs(source: Source, table: Table) -> str:
    return "; or ".join(", ".join(map(table.called, needed)) for needed in source.COLUMNS)
