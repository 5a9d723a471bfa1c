"""Build the inputs of panels from placed rows, with the days on which their months are known."""

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from ewarn.core import months
from ewarn.data import panel
from ewarn.data.ingest._placement import Placed
from ewarn.data.ingest._vintage_rows import Reading
from ewarn.data.places import Units


def made(
    units: Units,
    placed: Mapping[str, Placed],
    told: pd.DataFrame,
    reading: Reading | None,
    delay: int,
) -> tuple[panel.Inputs, date]:
    """Return the inputs, with `told` as events, and the first day on which their last month is
    known.

    Covered are the months that had ended when the newest vintage at hand was fetched.
    """
    rows = placed["events"].rows
    deployments = placed.get("deployments")
    at_hand = reading.at_hand if reading else ()
    fetched = tuple((one.day, one.covered[1]) for one in at_hand)
    last = min([rows.last_month, *(covered for _, covered in fetched[-1:])])
    inputs = panel.Inputs(
        units.table,
        units.neighbours,
        rows.first_month,
        last,
        events=told if rows.shape == "events" else None,
        counts=told if rows.shape == "counts" else None,
        deployments=deployments.table if deployments else None,
        milestones=placed["milestones"].table,
        delay=delay,
        fetched=fetched,
        final_through=rows.final_through,
        again_through=rows.again_through,
    )
    punctual = months.last_day(last) + timedelta(days=delay)
    return inputs, min([punctual, *(day for day, covered in fetched if covered >= last)])
