"""Decide which of several milestones about the same end holds, until when, and where they
disagree.
"""

from collections.abc import Iterator
from typing import TypeAlias

import pandas as pd

Days: TypeAlias = "pd.Series[pd.Timestamp]"

MISSION = ("country", "mission")
PLACE = (*MISSION, "unit", "place")
SAME_END = (*PLACE, "ends", "is_planned")
_ONE_A_PLACE = ("mission", "liquidation", "mandate", "authority", "base")
_LEAVES_WITH_IT = ("base", "contingent")  # what no mission that has left still has
_CONFIDENCE = {"low": 1, "medium": 2, "high": 3}


def over_on(rows: pd.DataFrame) -> Days:
    """Return the day from which each row no longer holds, NaT where it still does.

    A row yields to the next dated one about the same end of the same mission and place, by the day
    known, then by confidence, then by id; one without a date adds nothing to an earlier one. A plan
    is over, too, once its base is recorded as closed, and a plan for a base or a contingent once
    the mission is recorded as gone. Contingents are not distinguished, so none replaces another.
    """
    closed = _recorded(rows, "base", PLACE).where(rows["is_planned"] & (rows["place"] != ""))
    leaves = rows["is_planned"] & rows["ends"].isin(_LEAVES_WITH_IT)
    gone = _recorded(rows, "mission", MISSION).where(leaves)
    return pd.concat([_replaced_on(rows), closed, gone], axis=1).min(axis=1)


def disagreements(known: pd.DataFrame) -> Iterator[str]:
    """Yield a sentence for every two known milestones that give one end different months.

    A plan that a later day changed is no disagreement; two records of what happened are, and two
    plans known from the same day.
    """
    ordered = _in_order(known.dropna(subset=["effective_on"]))
    before = ordered.groupby(_keys(ordered, SAME_END)).shift()
    differ = ordered["effective_month"].sub(before["effective_month"]).fillna(0).ne(0)
    is_change = ordered["is_planned"] & ordered["known_on"].gt(before["known_on"])
    for row in ordered.index[differ & ~is_change]:
        yield _sentence(before.loc[row], ordered.loc[row])


def _sentence(other: "pd.Series[str]", row: "pd.Series[str]") -> str:
    first, second = (
        f"{one['milestone_id']} gives {one['effective_on']:%Y-%m} (known"
        f" {one['known_on']:%Y-%m-%d},"
        f" confidence {one['confidence'] or 'not stated'})"
        for one in (other, row)
    )
    return f"{row['mission']}, {row['place']}: {first}, {second}: the second counts"


def _replaced_on(rows: pd.DataFrame) -> Days:
    ordered = _in_order(rows)
    keys = _keys(ordered, SAME_END)
    is_dated = ordered["effective_on"].notna()
    next_dated = ordered["known_on"].where(is_dated).groupby(keys).bfill()
    replaced = next_dated.groupby(keys).shift(-1)
    adds_nothing = ~is_dated & (ordered.groupby(keys).cumcount() > 0)
    return replaced.mask(adds_nothing, ordered["known_on"]).reindex(rows.index)


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that may be about the same end as others, the one that counts most last."""
    is_named = (rows["mission"] != "") & ((rows["place"] != "") | (rows["ends"] != "base"))
    compared = rows[is_named & rows["ends"].isin(_ONE_A_PLACE)]
    sure = compared["confidence"].str.lower().map(_CONFIDENCE).fillna(0)
    return compared.assign(sure=sure).sort_values(["known_on", "sure", "milestone_id"])


def _recorded(rows: pd.DataFrame, ends: str, names: tuple[str, ...]) -> Days:
    """Return the first day on which a record of that end is known of what each row is about."""
    records = rows[~rows["is_planned"] & (rows["ends"] == ends)]
    first = records["known_on"].groupby(_keys(records, names)).min()
    if first.empty:
        return pd.Series(pd.NaT, rows.index, dtype="datetime64[s]")
    wanted = pd.MultiIndex.from_arrays(_keys(rows, names))
    return pd.Series(first.reindex(wanted).to_numpy(), rows.index)


def _keys(rows: pd.DataFrame, names: tuple[str, ...]) -> "list[pd.Series[str]]":
    is_text = rows.columns.intersection(["mission", "place"])
    folded = rows.assign(**{name: rows[name].str.lower() for name in is_text})
    return [folded[name] for name in names]
