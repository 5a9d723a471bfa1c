"""Load inputs and a panel from the shared options, printing what was read."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ewarn.cli import _output
from ewarn.cli._options import Data
from ewarn.core import months
from ewarn.core.settings import settings

if TYPE_CHECKING:
    from ewarn.core.specs import Protocol
    from ewarn.data.ingest import Loaded
    from ewarn.data.panel import Panel
    from ewarn.data.quality import Finding


def load(data: Data, until: int | None = None) -> tuple["Loaded", "Panel"]:
    """Return the inputs of those files and the panel as of the day, to month `until` at most; print
    what was read and what is suspicious about it, and keeps it.
    """
    loaded, known = read(data, until)
    keep(loaded, known)
    return loaded, known


def read(data: Data, until: int | None = None) -> tuple["Loaded", "Panel"]:
    """Return the same, with nothing written."""
    from ewarn.data import ingest, panel, vintages  # noqa: PLC0415  tables load only when needed

    files = ingest.Files(
        events=data.events,
        releases=data.release or (),
        columns=data.columns,
        deployments=data.deployments,
        milestones=data.milestones,
        places=data.places,
        countries=data.country or (),
        max_set_aside=data.max_set_aside,
        delay=data.delay,
        encoding=data.encoding,
        dates=data.dates,
        place_fields=data.place_fields,
        long_events=data.long_events,
        country_events=data.country_events,
    )
    store = vintages.Store(settings().vintages)
    loaded = ingest.load(files, store, data.as_of.date() if data.as_of else None)
    _output.sources(loaded)
    day = loaded.day if until is None else loaded.inputs.known_from(until)
    known = panel.build(loaded.as_known, day, until)
    _output.panel(known)
    return loaded, known


def keep(
    loaded: "Loaded", known: "Panel", accept: Sequence[str] = ()
) -> tuple[list["Finding"], list["Finding"]]:
    """Return the findings about the data that hold an issue, and those accepted; print all of them.

    Every file is kept; as a new vintage of its series if nothing is held.
    """
    from ewarn.data import quality  # noqa: PLC0415

    found = quality.check(loaded, known)
    held, accepted = quality.split(found, accept)
    loaded.keep(admit=not held)
    _output.findings(held, accepted)
    _output.not_found(set(accept) - {one.name for one in found})
    return held, accepted


def protocol(path: Path | None, given: Mapping[str, object], data: Data) -> tuple["Protocol", Data]:
    """Return the protocol of a file, or one without, and the data it is run on; what a user names
    on the command line comes before the file.
    """
    from ewarn.core import specs  # noqa: PLC0415  pydantic loads only when needed

    read = specs.protocol(path) if path else specs.Protocol(name="backtest", why="Named by hand.")
    own = {key: value for key, value in given.items() if value is not None}
    rules = specs.changed(read, own)
    files = {kind: getattr(rules, kind) for kind in specs.FILES}
    named = {kind: one for kind, one in files.items() if one and getattr(data, kind) is None}
    if "events" in named:
        named["events"] = [named["events"]]
    return rules, replace(data, **named)


def until(rules: "Protocol", data: Data) -> int | None:
    """Return the last month that the protocol leaves open, unless the user names the day."""
    closed = rules.outcomes_before
    return months.parse(closed) - 1 if closed and data.as_of is None else None
