"""Select the risks of a list from an issue, and collect what explains each alert."""

from collections.abc import Collection
from functools import cached_property
from typing import Any

import pandas as pd

from ewarn.alerting.rules import Raised
from ewarn.core import columns
from ewarn.publishing.issue import Issue

_TOP = 3  # drivers stored with an alert
_KEYS = ["unit", "target_month"]
_NAMES = {
    "unit": "admin1_code",
    "name": "admin1_name",
    "country": "location_code",
    "country_name": "location_name",
}
_OF_DRIVER = ("driver", "contribution", "sentence_en", "sentence_fr")
_OF_CHANGE = ["last_risk", "risk_change", *columns.PARTS_OF_A_CHANGE]


class IssueEvidence:
    """An issue at hand: its risks with their changes, and its drivers."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue

    @cached_property
    def units(self) -> set[str]:
        """The codes of its units."""
        return set(self.issue.table("units")["code"])

    def risks(self, units: Collection[str], leads: Collection[int]) -> pd.DataFrame:
        """Return the rows of those units and leads, with how far each risk moved, missing if
        unknown.
        """
        rows = self._risks
        return rows[rows["unit"].isin(list(units)) & rows["lead"].isin(list(leads))]

    def explain(self, raised: Raised) -> dict[str, Any]:
        """Return the explanation of an alert, by column name, ready for JSON."""
        place = (raised.unit, raised.target_month)
        reported = {_NAMES.get(name, name): value for name, value in self._by_place[place].items()}
        return reported | {
            "reference_month": self.issue.card.reference_month,
            "reason": raised.reason,
            "measure": raised.measure,
            "measured": raised.value,
            "threshold": raised.threshold,
            "drivers": self._leading[place],
        }

    @cached_property
    def _risks(self) -> pd.DataFrame:
        changes = self._table("changes")
        return self._table("risks").merge(changes[[*_KEYS, *_OF_CHANGE]], "left", _KEYS)

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(row["unit"], row["target_month"]): row for row in _plain(self._risks)}

    @cached_property
    def _leading(self) -> dict[tuple[str, str], list[dict[str, Any]]]:
        rows = self._table("drivers")
        found: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in _plain(rows[rows["driver_rank"] <= _TOP].sort_values("driver_rank")):
            some = found.setdefault((row["unit"], row["target_month"]), [])
            some.append({name: row[name] for name in _OF_DRIVER})
        return found

    def _table(self, name: str) -> pd.DataFrame:
        return self.issue.table(name).astype(dict.fromkeys(_KEYS, "str"))


def _plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as JSON can hold them: None where a cell is missing."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in rows.to_dict("records")
    ]
