"""Later issues into what happened in a month: their histories tell it."""

from collections.abc import Sequence

import pandas as pd

from ewarn import verification
from ewarn.issue import Issue


class Sources:
    """Issues of one world whose histories tell outcomes, that of the earliest knowledge first; each
    history is read once, and kept are only the months that one of them forecast.
    """

    def __init__(self, issues: Sequence[Issue]) -> None:
        self._issues = sorted(issues, key=lambda one: (one.card.as_of, one.card.created_at))
        self._since = min((one.card.reference_month for one in issues), default="")
        self._tables: dict[tuple[str, str], pd.DataFrame] = {}
        self._units: dict[str, frozenset[str]] = {}

    def of(self, was: Issue, month: str) -> list[Issue]:
        """Those that know a month, and have each unit of an issue."""
        wanted = self.units(was)
        later = [one for one in self._issues if one.card.reference_month >= month]
        return [one for one in later if wanted <= self.units(one)]

    def units(self, one: Issue) -> frozenset[str]:
        """The codes of an issue's units."""
        if one.id not in self._units:
            self._units[one.id] = frozenset(one.table("units")["code"])
        return self._units[one.id]

    def outcome(self, one: Issue, was: Issue, month: str) -> "pd.Series[float]":
        """The counts of a month in the units of `was`, as `one` tells them; NaN where not."""
        target = was.card.target
        if (one.id, target) not in self._tables:
            every = verification.outcomes(one, target)
            self._tables[one.id, target] = every.loc[:, every.columns >= self._since]
        told = self._tables[one.id, target]
        return told.reindex(index=sorted(self.units(was)), columns=[month])[month]
