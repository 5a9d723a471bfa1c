"""Find which risks rose or fell since the issue before, and what explains them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ewarn.core import columns
from ewarn.publishing import ranking
from ewarn.publishing.digest._facts import LEAST_CHANGE, SHOWN, Move, Place, Scope
from ewarn.publishing.issue import Issue

_KEYS = ["unit", "target_month"]
_SENTENCES = 2  # of drivers, a unit
_ROUNDING = 1e-9


def read(issue: Issue, scope: Scope, places: Mapping[str, Place]) -> list[Move]:
    """Return the units whose risk moved by LEAST_CHANGE or more at one of the scope's leads, each
    with the month that moved most (of equal ones the nearest).
    """
    rows = _own(issue.table("changes"), scope, places)
    rows = rows[rows["risk_change"].abs() >= LEAST_CHANGE - _ROUNDING]
    size = rows["risk_change"].abs().round(9)
    order = rows.assign(size=-size).sort_values(["unit", "size", "lead"], kind="stable")
    return _made(issue, order.drop_duplicates("unit"), places)


def rises_and_falls(moves: list[Move]) -> tuple[tuple[Move, ...], tuple[Move, ...]]:
    """Return the moves up and the moves down, the largest first."""
    ordered = sorted(moves, key=lambda one: (-abs(one.points), -one.risk, one.place.code))
    rises = tuple(one for one in ordered if one.points > 0)
    return rises, tuple(one for one in ordered if one.points < 0)


def highest(issue: Issue, scope: Scope, places: Mapping[str, Place]) -> tuple[Move, ...]:
    """Return the SHOWN units of highest risk at the nearest lead."""
    risks = _own(issue.table("risks"), Scope(leads=(min(issue.card.leads),)), places)
    top = ranking.top(risks[risks["unit"].map(scope.holds)], SHOWN, min(issue.card.leads))
    known = issue.table("changes").astype(dict.fromkeys(_KEYS, "str"))
    last = [*_KEYS, "last_risk", *columns.PARTS_OF_A_CHANGE]
    return tuple(_made(issue, top.merge(known[last], "left", _KEYS), places))


def _own(table: pd.DataFrame, scope: Scope, places: Mapping[str, Place]) -> pd.DataFrame:
    text = table.astype(dict.fromkeys(_KEYS, "str"))
    return text[text["unit"].isin(list(places)) & text["lead"].isin(scope.leads)]


def _made(issue: Issue, rows: pd.DataFrame, places: Mapping[str, Place]) -> list[Move]:
    sentences = _sentences(issue, rows)
    return [
        Move(
            place=places[row["unit"]],
            target_month=row["target_month"],
            risk=float(row["risk"]),
            last_risk=None if pd.isna(row["last_risk"]) else float(row["last_risk"]),
            parts=_parts(row),
            drivers=tuple(sentences.get((row["unit"], row["target_month"]), ())),
        )
        for row in rows.to_dict("records")
    ]


def _parts(row: Mapping[Any, Any]) -> dict[str, float]:
    """Return the parts of a change, the largest first; none where they are not known."""
    if any(pd.isna(row[name]) for name in columns.PARTS_OF_A_CHANGE):
        return {}
    named = sorted(columns.PARTS_OF_A_CHANGE, key=lambda name: -abs(row[name]))
    return {name: float(row[name]) for name in named}


def _sentences(issue: Issue, rows: pd.DataFrame) -> dict[tuple[str, str], list[dict[str, str]]]:
    """Return the sentences of the leading drivers that raise a risk, by unit and month."""
    drivers = issue.table("drivers").astype(dict.fromkeys(_KEYS, "str"))
    some = drivers.merge(rows[_KEYS], on=_KEYS)
    some = some[some["contribution"] > 0].sort_values("driver_rank", kind="stable")
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in some.groupby(_KEYS, sort=False).head(_SENTENCES).to_dict("records"):
        own = {language: str(row[f"sentence_{language}"]) for language in ("en", "fr")}
        found.setdefault((row["unit"], row["target_month"]), []).append(own)
    return found
