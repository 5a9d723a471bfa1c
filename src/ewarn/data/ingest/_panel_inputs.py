"""Build the inputs of panels from placed rows, with the days on which their months are known."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from ewarn.core import months
from ewarn.data import panel
from ewarn.data.ingest._placement import Placed
from ewarn.data.ingest._vintage_rows import Reading
from ewarn.data.places import Units
from ewarn.data.vintages import Vintage


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
    fetched = tuple(_fetched(one) for one in at_hand)
    last = min([rows.last_month, *(one.last_month for one in fetched[-1:])])
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
    day = min([punctual, *(one.day for one in fetched if one.last_month >= last)])
    return replace(inputs, reports=panel.reports(inputs)), day


def _fetched(one: Vintage) -> panel.Fetched:
    states = (one.final_through, one.again_through)
    return panel.Fetched(
        one.day, one.covered[1], *(months.parse(label) if label else None for label in states)
    )
