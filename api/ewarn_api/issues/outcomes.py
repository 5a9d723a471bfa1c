"""Past forecasts of a unit from older issues and hindcasts, beside the observed outcomes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.core.specs import thresholds_of
from ewarn.evaluation import hindcasts
from ewarn.forecasting import escalation
from ewarn.publishing.issue import Card
from ewarn_api.issues.snapshot import Snapshot
from ewarn_api.issues.store import Store, Unavailable

MOST = 24  # older issues that are looked at, one a reference month
KINDS = ("issued", "hindcast")
_KEPT = 48  # tables in memory, 0.7 MB each for 860 units
_NUMBERS = ("risk", "p_ge_1", "p_ge_25", "expected", "q05", "q95")
_OF_ISSUE = ["unit", "lead", "target_month", *_NUMBERS, "baseline"]
_OF_HINDCAST = ["unit", "reference_month", "lead", "target_month", *_NUMBERS, "baseline"]
Read = Callable[[], pd.DataFrame | None]


class Found(NamedTuple):
    """Rows (`columns.TABLES["outcomes"]`), and the names of what they were made from."""

    rows: list[dict[str, Any]]
    sources: list[str]


class Outcomes:
    """Past forecasts of units, from tables that are read once and then kept, the last ones."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder = store, folder
        self._lock = threading.Lock()
        self._tables: OrderedDict[str, pd.DataFrame] = OrderedDict()

    def of(
        self, snapshot: Snapshot, cards: Sequence[Card], unit: str, kinds: Collection[str] = KINDS
    ) -> Found:
        """Return the past forecasts of the months in the issue's history: issued before it, and by
        the newest hindcast of its model. `cards` are those of all issues, the newest first.

        An older issue that cannot be read is left out, is not among the sources, and is reported by
        the store; raises Unavailable where a hindcast cannot be.
        """
        place = {name: snapshot.place(unit)[name] for name in ("location_code", "admin1_code")}
        observed = _observed(snapshot, unit)
        found = Found([], [])
        if "issued" in kinds:
            for card in _older(snapshot.card, cards):
                self._add_issued(found, card, unit, observed)
        if "hindcast" in kinds:
            self._add_hindcast(found, snapshot.card, unit, observed)
        return Found([place | row for row in found.rows], found.sources)

    def _add_issued(self, found: Found, card: Card, unit: str, came: dict[str, Any]) -> None:
        table = self._table(card.issue, lambda: self._store.table(card, "risks"), _OF_ISSUE)
        if table is None:
            return
        found.sources.append(card.issue)
        facts = {"kind": "issued", "model": card.model.name, "issue": card.issue}
        facts |= {"reference_month": card.reference_month}
        for row in _beside(table, unit, came, card.model.spec):
            found.rows.append(facts | row | {"is_ahead": _is_ahead(card, row["target_month"])})

    def _add_hindcast(self, found: Found, card: Card, unit: str, came: dict[str, Any]) -> None:
        try:
            spec = card.model.spec
            stored = hindcasts.of_model(self._folder, spec, card.simulated, card.countries)
            if stored is None:
                return
            table = self._table(stored.about.digest, stored.rows, _OF_HINDCAST)
        except BadInput as error:
            raise Unavailable("a hindcast cannot be read") from error
        found.sources.append(f"{stored.about.id} {stored.about.digest}")
        if table is not None:
            facts = {
                "kind": "hindcast",
                "model": stored.about.model,
                "issue": None,
                "is_ahead": False,
            }
            found.rows.extend(facts | row for row in _beside(table, unit, came, stored.about.spec))

    def _table(self, name: str, read: Read, columns: list[str]) -> pd.DataFrame | None:
        """Return the table of that name, read if it is not kept; None, and not kept, if it cannot
        be.
        """
        with self._lock:
            if name not in self._tables:
                whole = read()
                if whole is None:
                    return None
                # A hindcast of an older version has no quantiles: they are missing.
                self._tables[name] = whole.reindex(columns=columns)
            self._tables.move_to_end(name)
            if len(self._tables) > _KEPT:
                self._tables.popitem(last=False)
            return self._tables[name]


def _older(card: Card, cards: Sequence[Card]) -> Iterator[Card]:
    """Issues of the same world and target whose knowledge is older; of each reference month the
    first that was issued ahead, so that no replay hides it, as of whatever day; else the first.
    """
    found: dict[str, Card] = {}
    for one in reversed(cards):
        is_alike = (one.simulated, one.target) == (card.simulated, card.target)
        if is_alike and one.as_of <= card.as_of and one.reference_month < card.reference_month:
            stored = found.setdefault(one.reference_month, one)
            if _was_ahead(one) and not _was_ahead(stored):
                found[one.reference_month] = one
    yield from sorted(found.values(), key=lambda one: one.reference_month, reverse=True)[:MOST]


def _was_ahead(card: Card) -> bool:
    """Return whether the first month that it forecast had not ended."""
    return _is_ahead(card, months.label(months.parse(card.reference_month) + min(card.leads)))


def _is_ahead(card: Card, month: str) -> bool:
    """Return whether the issue was written before the month ended, as the ledger has it."""
    return not months.is_over(months.parse(month), card.created_at.date())


def _observed(snapshot: Snapshot, unit: str) -> dict[str, Any]:
    """Return the count of each month that the issue's history has; None where there was no
    coverage.
    """
    page = snapshot.table("history").page({"admin1_code": {unit}}, slice(None))
    return {row["month"]: row[snapshot.card.target] for row in page.dicts}


def _beside(
    table: pd.DataFrame, unit: str, came: Mapping[str, Any], spec: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a unit whose months are in the issue's history, each with its count, and
    whether just that count is an escalation: it may differ from the one that a hindcast was made
    beside.
    """
    own = table[table["unit"] == unit]
    some = own[own["target_month"].isin(list(came))].drop(columns="unit")
    counts = [came[month] for month in some["target_month"]]
    outcome, base = np.array(counts, float), some.pop("baseline")
    is_up = escalation.is_escalation(outcome, base, thresholds_of(spec)).tolist()
    for values, count, up in zip(some.to_dict("records"), counts, is_up, strict=True):
        row = {str(name): None if value != value else value for name, value in values.items()}
        yield row | {"count": count, "is_escalation": None if count is None else up}
