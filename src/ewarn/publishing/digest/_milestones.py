"""Select the milestones to come of some units and of their countries."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pandas as pd

from ewarn.publishing.digest._facts import DAYS_AHEAD, Coming, Place


def coming(table: pd.DataFrame, places: Mapping[str, Place], start: date) -> tuple[Coming, ...]:
    """Return the milestones of these units and of their whole countries that take effect after
    `start` and within DAYS_AHEAD of it, the next first.
    """
    found = [one for one in _every(table, places) if (one.effective_on - start).days > 0]
    near = [one for one in found if one.effective_on <= start + timedelta(days=DAYS_AHEAD)]
    return tuple(sorted(near, key=lambda one: (one.effective_on, one.place.code, one.mission)))


def _every(table: pd.DataFrame, places: Mapping[str, Place]) -> Iterator[Coming]:
    countries = {
        one.country: Place(one.country, "", one.country, one.country_name)
        for one in places.values()
    }
    for row in table.to_dict("records"):
        national = pd.isna(row["unit"])
        known = countries.get(str(row["country"])) if national else places.get(str(row["unit"]))
        if known is None or pd.isna(row["effective_on"]):
            continue
        yield Coming(
            place=known,
            mission=str(row["mission"]),
            kind=str(row["kind"]),
            effective_on=date.fromisoformat(str(row["effective_on"])),
            confidence=str(row["confidence"]),
        )
