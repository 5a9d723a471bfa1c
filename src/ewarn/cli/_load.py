"""From the shared options to loaded inputs and a panel, told aloud."""

from typing import TYPE_CHECKING

from ewarn import months
from ewarn.cli import _show
from ewarn.cli._options import Data

if TYPE_CHECKING:
    from ewarn.inputs import Loaded
    from ewarn.panel import Panel


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
