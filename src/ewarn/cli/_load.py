"""From the shared options to loaded inputs and a panel, told aloud."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from ewarn import months, specs
from ewarn.cli import _show
from ewarn.cli._options import Data

if TYPE_CHECKING:
    from ewarn.inputs import Loaded
    from ewarn.panel import Panel
    from ewarn.specs import Protocol


def load(data: Data) -> tuple["Loaded", "Panel"]:
    """The inputs of those files and the panel as of the day; says what was read."""
    from ewarn import inputs, panel  # noqa: PLC0415  tables and geometry load only when needed

    files = inputs.Files(
        events=data.events,
        columns=data.columns,
        deployments=data.deployments,
        milestones=data.milestones,
        places=data.places,
        countries=data.country or (),
        max_set_aside=data.max_set_aside,
    )
    loaded = inputs.load(files)
    _show.sources(loaded)
    day = data.as_of.date() if data.as_of else months.last_day(loaded.inputs.last_month)
    known = panel.build(loaded.inputs, day)
    _show.panel(known)
    return loaded, known


def protocol(path: Path | None, given: Mapping[str, object], data: Data) -> tuple["Protocol", Data]:
    """The protocol of a file, or one without, and the data it is run on; what a user names on the
    command line comes before what the file says.

    Where the protocol closes months, the data is as of the last day before them.
    """
    read = specs.protocol(path) if path else specs.Protocol(name="backtest", why="Named by hand.")
    own = {key: value for key, value in given.items() if value is not None}
    rules = specs.changed(read, own)
    files = {kind: getattr(rules, kind) for kind in ("events", "deployments", "milestones")}
    named = {kind: one for kind, one in files.items() if one and getattr(data, kind) is None}
    if rules.outcomes_before and data.as_of is None:
        day = months.last_day(months.parse(rules.outcomes_before) - 1)
        return rules, replace(data, as_of=datetime.combine(day, time()), **named)
    return rules, replace(data, **named)
