"""Simulated counts and bases as tidy rows, in the form of a source of events or deployments."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.data.sources._simulated_withdrawals import Base

_TYPES = {1: 0.5, 2: 0.15, 3: 0.35}  # share of each type of violence
_GROUPS = 3  # armed groups in a country


def events(
    counts: NDArray[np.int64],
    units: pd.DataFrame,
    first_month: int,
    deaths: tuple[float, float],
    random: np.random.Generator,
) -> pd.DataFrame:
    """Return one row an event of `counts` (units, months), by month and unit.

    Fatalities are negative binomial with `deaths` = (mean, size).
    """
    span = counts.shape[1]
    step, unit = np.divmod(np.repeat(np.arange(counts.size), counts.T.ravel()), len(units))
    size = len(step)
    mean, shape = deaths
    place = units.iloc[unit].reset_index(drop=True)
    kind = random.choice(list(_TYPES), size, p=list(_TYPES.values()))
    actor_a, actor_b = _actors(place, kind, random)
    return pd.DataFrame(
        {
            "event_id": [f"simulated-{number}" for number in range(1, size + 1)],
            "month": step + first_month,
            "day": _days(first_month, span, step, random.random(size)),
            "latitude": place["latitude"],
            "longitude": place["longitude"],
            "country": place["country_name"],
            "admin1": place["name"],
            "type_of_violence": kind.astype(np.int8),
            "actor_a": actor_a,
            "actor_b": actor_b,
            "fatalities": random.poisson(random.gamma(shape, mean / shape, size)).astype(float),
            "row": np.arange(1, size + 1),
        }
    )


def deployments(
    bases: dict[Base, float],
    units: pd.DataFrame,
    first_month: int,
    last_month: int,
    random: np.random.Generator,
) -> pd.DataFrame:
    """Return one row a base and month in which it stands: every month before the one it
    closes in.
    """
    names = sorted(bases)
    unit = np.array([unit for _, unit in names], int)
    closing = np.array([min(bases[name], last_month + 1) for name in names], int)
    length = np.maximum(closing - first_month, 0)
    base = np.repeat(np.arange(len(names)), length)
    place = units.iloc[unit[base]].reset_index(drop=True)
    rows = pd.DataFrame(
        {
            "mission": pd.Series([names[each][0] for each in base], dtype="str"),
            "place": place["name"],
            "month": first_month
            + np.arange(len(base))
            - np.repeat(length.cumsum() - length, length),
            "latitude": place["latitude"],
            "longitude": place["longitude"],
            "country": place["country_name"],
            "troops": random.integers(100, 1500, len(names)).astype(float)[base],
        }
    )
    rows = rows.sort_values(["month", "mission", "place"], ignore_index=True)
    return rows.assign(row=np.arange(1, len(rows) + 1))


def _days(
    first_month: int, span: int, step: NDArray[np.int64], share: NDArray[np.float64]
) -> NDArray[np.datetime64]:
    """Return the day of each event, `share` of the way through the month `step` months after the
    first.
    """
    starts = np.arange(first_month - 1970 * 12, first_month - 1970 * 12 + span + 1)
    first = starts.astype("datetime64[M]").astype("datetime64[D]")
    length = np.diff(first).astype(int)[step]
    days = first[step] + np.floor(share * length).astype("timedelta64[D]")
    return np.asarray(days, "datetime64[s]")


def _actors(
    place: pd.DataFrame, kind: NDArray[np.int64], random: np.random.Generator
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return the two sides of each event, evidently made up: a group, and whom its type of violence
    sets it against: the government, another group, or civilians.
    """
    number = random.integers(_GROUPS, size=len(kind))
    other = (number + 1) % _GROUPS
    names = "Armed group " + place["country"] + "-"
    group = (names + (number + 1).astype(str)).to_numpy(object)
    rival = (names + (other + 1).astype(str)).to_numpy(object)
    state = ("Government of " + place["country_name"]).to_numpy(object)
    actor_a = np.where(kind == 1, state, group)
    actor_b = np.where(kind == 1, group, np.where(kind == 2, rival, "Civilians"))
    return actor_a, actor_b
