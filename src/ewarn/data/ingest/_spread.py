"""Share out the deaths of events over the months they span, or over the units of a country."""

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Array = NDArray[Any]
RECENT = 12  # months whose deaths show where an event known to its country alone may have been


def by_days(events: pd.DataFrame, first_month: int) -> pd.DataFrame:
    """Return events with a row for each month an event spans, from `first_month` on.

    Deaths are shared out by days, as PRIO's conflict aggregates do, in whole numbers whose sum
    stays the same (largest remainders; of equal ones the later month). The event counts in each
    month it spans. `start` and `day` are its first and last day; a row without a start, and one
    within a month, stays as it is.
    """
    begun = _month(events["start"]).fillna(events["month"]).clip(lower=first_month)
    spans = (events["month"] - begun).clip(lower=0).to_numpy(np.int64) + 1
    if (spans == 1).all():
        return events
    origin = np.repeat(np.arange(len(events)), spans)
    place = np.arange(len(origin)) - np.repeat(np.cumsum(spans) - spans, spans)
    parts = events.iloc[origin].reset_index(drop=True)
    back = np.repeat(spans, spans) - 1 - place
    parts["month"] = parts["month"] - back
    begins = (parts["month"] - _EPOCH_MONTH).astype("int64").to_numpy().astype("datetime64[M]")
    first = pd.Series(begins.astype("datetime64[s]"), parts.index)
    last = first + pd.offsets.MonthEnd(0)
    day = parts["day"].where(back == 0, last)
    days = (day - first.where(place > 0, parts["start"].clip(lower=first))).dt.days + 1
    is_long = np.repeat(spans, spans) > 1
    deaths = _shares(parts["fatalities"].to_numpy(np.float64), days.to_numpy(np.float64), origin)
    parts["day"] = day.astype(events["day"].dtype)
    parts["fatalities"] = np.where(is_long, deaths, parts["fatalities"])
    return parts.astype(events.dtypes.to_dict())


def over_units(events: pd.DataFrame, national: pd.DataFrame, countries: Array) -> pd.DataFrame:
    """Return events, and after them those known to their country alone, in its units.

    The deaths of such an event are shared out in proportion to the deaths in each unit, (units,)
    of `countries`, in the RECENT months up to its own, in whole numbers whose sum stays the same.
    It counts in each unit that has some of them. Where there were none, the event stays out.
    """
    parts = [_in_units(one, events, countries) for one in national.to_dict("records")]
    placed = [part for part in parts if part is not None]
    every = pd.concat([events, *placed], ignore_index=True)[list(events)]
    return every.astype(events.dtypes.to_dict())


def _in_units(
    event: dict[Hashable, Any], events: pd.DataFrame, countries: Array
) -> pd.DataFrame | None:
    units = np.flatnonzero(countries == event["country"])
    recent = events["month"].between(event["month"] - RECENT + 1, event["month"])
    deaths = events[recent & events["unit"].isin(units)].groupby("unit")["fatalities"].sum()
    deaths = deaths[deaths > 0]
    if deaths.empty:
        return None
    part = pd.DataFrame([event] * len(deaths)).assign(unit=deaths.index)
    total, weight = part["fatalities"].to_numpy(np.float64), deaths.to_numpy(np.float64)
    shares = _shares(total, weight, np.zeros(len(part), np.int64))
    part["fatalities"] = shares
    largest = weight == weight.max()
    some: pd.DataFrame = part[(shares > 0) | (largest & (shares.sum() == 0))]
    return some


_EPOCH_MONTH = 1970 * 12


def _month(days: "pd.Series[pd.Timestamp]") -> "pd.Series[float]":
    return (days.dt.year * 12 + days.dt.month - 1).astype(np.float64)


def _shares(total: Numbers, weight: Numbers, event: NDArray[np.int64]) -> Numbers:
    """Return each row's share of its event's total by weight, whole where the total is."""
    rows = pd.DataFrame({"event": event, "weight": weight, "total": total})
    exact = total * weight / rows.groupby("event")["weight"].transform("sum").to_numpy()
    is_whole = np.mod(total, 1) == 0
    floor = np.where(is_whole, np.floor(exact), exact)
    rows = rows.assign(floor=floor, rest=exact - floor, place=np.arange(len(rows)))
    missing = total - rows.groupby("event")["floor"].transform("sum").to_numpy()
    order = rows.sort_values(["event", "rest", "place"], ascending=[True, False, False])
    rank = order.groupby("event").cumcount().reindex(rows.index).to_numpy()
    return np.asarray(floor + np.where(is_whole, rank < np.round(missing), 0), np.float64)
