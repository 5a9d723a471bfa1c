"""Older issues and hindcasts into forecasts of a unit whose months have come, and what came."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from ewarn import escalation, hindcasts, months
from ewarn.errors import BadInput
from ewarn.issue import Card, Issue
from ewarn.specs import Thresholds
from ewarn_api.snapshot import Snapshot
from ewarn_api.store import Unavailable

MOST = 24  # older issues that are looked at, one a reference month
_KEPT = 48  # tables in memory, 0.7 MB each for 860 units
_NUMBERS = ("risk", "p_ge_1", "p_ge_25", "expected", "q05", "q95")
_OF_ISSUE = ["unit", "lead", "target_month", *_NUMBERS, "baseline"]
_OF_HINDCAST = ["unit", "reference_month", "lead", "target_month", *_NUMBERS, "is_escalation"]
_log = logging.getLogger(__name__)


class Found(NamedTuple):
    """Rows (`fields.TABLES["outcomes"]`), and the names of what they were made from."""

    rows: list[dict[str, Any]]
    sources: list[str]


class Outcomes:
    """Past forecasts of units, from tables that are read once and then kept, the last ones."""

    def __init__(self, issues: Path, folder: Path) -> None:
        self._issues, self._folder = issues, folder
        self._tables: OrderedDict[str, pd.DataFrame] = OrderedDict()

    def of(self, snapshot: Snapshot, cards: Sequence[Card], unit: str) -> Found:
        """What was forecast of the months that the issue tells of: issued before it, and by the
        newest hindcast of its model. `cards` are those of all issues, the newest first.

        An older issue that cannot be read is left out, and named in the log; raises Unavailable
        where a hindcast cannot be.
        """
        came = _observed(snapshot, unit)
        place = {name: snapshot.place(unit)[name] for name in ("location_code", "admin1_code")}
        older = list(_older(snapshot.card, cards))
        rows = [row for card in older for row in self._issued(card, unit, came)]
        kept = self._hindcast(snapshot.card)
        rows += self._hindcast_rows(kept, unit, came) if kept else []
        names = [card.issue for card in older] + ([kept.about.id] if kept else [])
        return Found([place | row for row in rows], names)

    def _issued(self, card: Card, unit: str, came: dict[str, Any]) -> Iterator[dict[str, Any]]:
        was = Issue(self._issues / card.issue, card)
        try:
            rows = self._rows(card.issue, unit, lambda: was.table("risks")[_OF_ISSUE])
        except BadInput as error:
            _log.warning("passing over a damaged issue: %s", error)
            return
        for row in rows:
            if row["target_month"] not in came:
                continue
            count, base = came[row["target_month"]], row.pop("baseline")
            end = months.last_day(months.parse(row["target_month"]))
            said: dict[str, Any] = {"kind": "issued", "model": card.model.name, "issue": card.issue}
            said |= {"reference_month": card.reference_month, "count": count}
            said |= {"is_ahead": card.created_at.date() <= end}
            yield said | row | {"is_escalation": _escalated(card, count, base)}

    def _hindcast(self, card: Card) -> hindcasts.Hindcast | None:
        """The newest of the issue's model, on the same world and countries."""
        try:
            model = card.model.spec
            return hindcasts.of_model(self._folder, model, card.simulated, card.countries)
        except BadInput as error:
            raise Unavailable("a hindcast cannot be read") from error

    def _hindcast_rows(
        self, kept: hindcasts.Hindcast, unit: str, came: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        said = {"kind": "hindcast", "model": kept.about.model, "issue": None, "is_ahead": False}
        try:
            rows = self._rows(kept.about.digest, unit, lambda: kept.rows()[_OF_HINDCAST])
        except BadInput as error:
            raise Unavailable("a hindcast cannot be read") from error
        for row in rows:
            if row["target_month"] not in came:  # the issue knows less than the hindcast did
                continue
            count = came[row["target_month"]]
            is_escalation = row["is_escalation"] if count is not None else None
            yield said | row | {"count": count, "is_escalation": is_escalation}

    def _rows(self, name: str, unit: str, read: Callable[[], pd.DataFrame]) -> list[dict[str, Any]]:
        """The rows of a unit in the table of that name, which is read if it is not kept."""
        table = self._tables.get(name)  # other threads may let it go meanwhile
        if table is None:
            table = self._tables[name] = read()
            if len(self._tables) > _KEPT:
                self._tables.popitem(last=False)
        some = table[table["unit"] == unit].drop(columns="unit")
        return [{str(key): value for key, value in row.items()} for row in some.to_dict("records")]


def _older(card: Card, cards: Sequence[Card]) -> Iterator[Card]:
    """Issues of the same world and target whose knowledge is older; of each reference month the
    first, which nobody wrote knowing more.
    """
    found: dict[str, Card] = {}
    for one in reversed(cards):
        is_alike = (one.simulated, one.target) == (card.simulated, card.target)
        if is_alike and one.as_of <= card.as_of and one.reference_month < card.reference_month:
            found.setdefault(one.reference_month, one)
    yield from sorted(found.values(), key=lambda one: one.reference_month, reverse=True)[:MOST]


def _observed(snapshot: Snapshot, unit: str) -> dict[str, Any]:
    """The count of each month that the issue's history has; None where nobody looked."""
    page = snapshot.table("history").page({"admin1_code": {unit}}, slice(None))
    return {row["month"]: row[snapshot.card.target] for row in page.records}


def _escalated(card: Card, count: float | None, base: float) -> bool | None:
    if count is None:
        return None
    thresholds = Thresholds.model_validate(card.model.spec.get("escalation", {}))
    place = int(escalation.classify(count, base, thresholds))
    return escalation.CLASSES[place] in ("increase", "large_increase")
