"""What vintages of one's own show of revisions: deaths as once reported, and as final."""

from datetime import date

import numpy as np
import pandas as pd

from ewarn.data import revisions
from ewarn.data.panel._inputs import Fetched, Inputs
from ewarn.data.revisions import Revisions

_COLUMNS = ["month", "country", "age", "reported", "final", "known_on"]


def reports(inputs: Inputs) -> pd.DataFrame | None:
    """Return a row a country and month that was preliminary in a vintage and final in a later one.

    Columns: month (ordinal), country, age ("first" or "later", as in `ewarn.data.revisions`), the
    deaths `reported` in the first vintage that had the month at that age, `final` deaths in the
    first in which it was final, and `known_on`, the day that one was fetched. None where there is
    no such month.
    """
    vintages = _last_of_each_day(inputs)
    if len(vintages) < 2 or not any(one.final_through for one in vintages):
        return None
    waiting: dict[tuple[int, str], pd.DataFrame] = {}
    found = []
    for one in vintages:
        deaths = _deaths(inputs, one)
        ready = [key for key in waiting if key[0] <= (one.final_through or 0)]
        found += [_pairs(*key, waiting.pop(key), deaths, one.day) for key in ready]
        for key in _preliminary(inputs, one):
            waiting.setdefault(key, deaths)
    return pd.concat(found, ignore_index=True)[_COLUMNS] if found else None


def learned(pairs: pd.DataFrame | None, as_of: date) -> Revisions | None:
    """Return the shipped revision model combined with one of the pairs known on a day, if any."""
    known = None if pairs is None else pairs[pairs["known_on"] <= as_of]
    if known is None or known.empty:
        return None
    return revisions.combined(revisions.fit(known), revisions.shipped())


def _last_of_each_day(inputs: Inputs) -> list[Fetched]:
    return list({one.day: one for one in inputs.fetched}.values())


def _preliminary(inputs: Inputs, one: Fetched) -> list[tuple[int, str]]:
    """Return the preliminary months of a vintage with their ages; none where nothing is final."""
    if one.final_through is None:
        return []
    span = range(max(inputs.first_month, one.final_through + 1), one.last_month + 1)
    return [(month, "later" if month <= (one.again_through or 0) else "first") for month in span]


def _deaths(inputs: Inputs, one: Fetched) -> pd.DataFrame:
    """Return the deaths as reported in a vintage, (months, countries)."""
    events = inputs.as_reported(one.day).events
    countries = inputs.units["country"].to_numpy(str)
    if events is None:
        raise ValueError("revisions are read from events")
    sums = events["fatalities"].groupby([events["month"], countries[events["unit"]]]).sum()
    months = range(inputs.first_month, one.last_month + 1)
    return sums.unstack(fill_value=0).reindex(
        index=months, columns=np.unique(countries), fill_value=0
    )


def _pairs(
    month: int, age: str, reported: pd.DataFrame, final: pd.DataFrame, known_on: date
) -> pd.DataFrame:
    of_month = {"reported": reported.loc[month], "final": final.loc[month]}
    every = pd.DataFrame(of_month).rename_axis("country")
    return every.reset_index().assign(month=month, age=age, known_on=known_on)
