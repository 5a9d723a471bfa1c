"""Print what was read, and the findings about it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from ewarn.cli._output._console import out
from ewarn.core import months
from ewarn.data.panel import disagreements

if TYPE_CHECKING:
    from ewarn.data.ingest import Loaded
    from ewarn.data.panel import Panel
    from ewarn.data.quality import Finding


def sources(loaded: "Loaded") -> None:
    """One line a source: rows, months covered, rows set aside."""
    if loaded.simulated:
        out.print("[bold yellow]SIMULATED EVENTS[/]: name real ones with --events")
    for one in loaded.sources:
        aside = f"; {one['set_aside']:,} rows set aside" if one["set_aside"] else ""
        dated = one["first_month"] is not None
        span = f", {one['first_month']} to {one['last_month']}{_known(one)}" if dated else ""
        out.print(f"{one['kind']:<12} {one['file']}: {one['rows']:,} rows{span}{aside}")
    for note in loaded.notes:
        out.print(f"[yellow]note[/]         {note}")


def _known(one: dict[str, Any]) -> str:
    """By what the rows of a source are known on the day."""
    if one["known_by"] == "vintages":
        return f"; as of {len(one['vintages'])} vintages kept" if len(one["vintages"]) > 1 else ""
    return f"; known {one['delay_days']} days after each month" if one["delay_days"] else ""


def findings(held: Sequence["Finding"], accepted: Sequence["Finding"]) -> None:
    """What is suspicious about the data, each with its name and evidence."""
    for one in held:
        out.print(f"[bold red]finding[/]      {one.name}: {escape(one.evidence)}")
    for one in accepted:
        out.print(f"[yellow]accepted[/]     {one.name}: {escape(one.evidence)}")


def not_found(names: Iterable[str]) -> None:
    """Names that were accepted and that nothing found has."""
    for name in sorted(names):
        out.print(f"[yellow]note[/]         nothing is found by the name {name}")


def held(some: Sequence["Finding"]) -> None:
    """Why no issue was made, and how it can be made all the same."""
    accept = " ".join(f"--accept {one.name}" for one in some)
    out.print("[bold red]HELD[/]         no issue was made, and no file taken as a new vintage")
    out.print(f"next         look at the data; if they are right: the same with {accept}")


def panel(known: "Panel") -> None:
    """The size of a panel, the day whose knowledge it is, and milestones that disagree."""
    units, span = known.shape
    preliminary = f" ({known.preliminary} preliminary)" if known.preliminary else ""
    out.print(
        f"panel        {units:,} units x {span} months to {months.label(known.reference_month)}"
        f"{preliminary}, {len(known.columns)} columns, as of {known.as_of}"
    )
    for one in disagreements(known.milestones):
        out.print(f"[yellow]disagree[/]     {escape(one)}")
