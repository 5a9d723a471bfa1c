"""The simulated world, in the form of files that were read."""

from collections.abc import Iterator

import pandas as pd

from ewarn.data.places import Units
from ewarn.data.sources import Rows, simulated

_NOTHING = pd.DataFrame(columns=["file", "row", "column", "found", "expected"])


def world(units: Units, milestones: pd.DataFrame) -> Iterator[Rows]:
    """Yield simulated events and deployments, among those units and with those milestones."""
    built = simulated.simulate(units.table, units.neighbours, milestones)
    for kind, table in (("events", built.events), ("deployments", built.deployments)):
        yield Rows(
            kind=kind,
            shape=kind,
            source="simulated",
            path=f"simulated {kind}",
            digest=f"seed:{simulated.SEED}",
            table=table,
            set_aside=_NOTHING,
            first_month=simulated.FIRST_MONTH,
            last_month=simulated.LAST_MONTH,
        )
