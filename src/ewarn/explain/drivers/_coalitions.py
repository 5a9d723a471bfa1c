"""Rows in which some groups of features have the values of a quiet place.

A coalition is a number: bit g of it is set where the row has its own values of group g.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ewarn.explain import shapley
from ewarn.forecasting.families import Rows

AT_A_TIME = 16_384  # rows; what a forecast needs in between then stays below 200 MB
Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Value = Callable[[Rows, Places], Floats]


@dataclass(frozen=True)
class Groups:
    """The group of each feature, and of the target itself.

    `of_feature` is the group of each feature; `own` and `country` are the groups that the target's
    history belongs to, of the unit and of its country; `number` is how many groups there are.
    """

    of_feature: Places
    own: int
    country: int
    number: int


@dataclass(frozen=True)
class Game:
    """The rows of one lead, a row a unit in the order of the target; the same features in a quiet
    place, (features,); and the groups.

    Where a row has no value (NaN) the quiet place has none either: what nobody observed explains
    nothing.
    """

    rows: Rows
    quiet: NDArray[np.float32]
    groups: Groups

    @cached_property
    def reference(self) -> NDArray[np.float32]:
        """The features of each row in a quiet place, (n, features)."""
        return np.where(np.isnan(self.rows.matrix), np.float32(np.nan), self.quiet)

    @cached_property
    def differing(self) -> Places:
        """The coalition of the groups in which each row differs from the quiet place, (n,)."""
        own = self.rows.matrix
        differs = (own != self.reference) & ~np.isnan(own)
        found = np.zeros(len(own), np.intp)
        for group in range(self.groups.number):
            any_differs = differs[:, self.groups.of_feature == group].any(axis=1)
            found |= any_differs.astype(np.intp) << group
        violent = self.rows.target.any(axis=1)
        nations = np.isin(self.rows.country, self.rows.country[violent])
        found |= violent.astype(np.intp) << self.groups.own
        return found | nations.astype(np.intp) << self.groups.country

    def shares(self, value: Value) -> tuple[Floats, Floats]:
        """Return each group's Shapley value, (n, groups), and the value in a quiet place, (n,).

        `value` gives that of some rows, given also the units they are about. Only coalitions of
        groups that differ are computed, since the others change nothing.
        """
        shares = np.zeros((len(self.differing), self.groups.number))
        none = np.zeros(len(self.differing))
        alike = [np.flatnonzero(self.differing == one) for one in np.unique(self.differing)]
        players = [_members(self.differing[who[0]]) for who in alike]
        requested = [_pairs(who, _subsets(some)) for who, some in zip(alike, players, strict=True)]
        values = self._values(np.concatenate(requested, axis=1), value)
        ends = np.cumsum([pairs.shape[1] for pairs in requested])[:-1]
        for who, some, part in zip(alike, players, np.split(values, ends), strict=True):
            values = part.reshape(len(who), -1)
            shares[who[:, None], some] = shapley.shares(values)
            none[who] = values[:, 0]
        return shares, none

    def _values(self, pairs: Places, value: Value) -> Floats:
        """Return the value of pairs of a unit and a coalition, (2, n)."""
        parts = np.array_split(pairs, range(AT_A_TIME, pairs.shape[1], AT_A_TIME), axis=1)
        return np.concatenate([value(self._rows(*part), part[0]) for part in parts])

    def _rows(self, who: Places, coalition: Places) -> Rows:
        """Return the rows of those units in those coalitions."""
        has = (coalition[:, None] >> np.arange(self.groups.number) & 1).astype(bool)
        own = has[:, self.groups.of_feature]
        matrix = np.where(own, self.rows.matrix[who], self.reference[who])
        return replace(
            self._with_quiet_unit,
            matrix=matrix,
            unit=np.where(has[:, self.groups.own], who, len(self.rows.target)),
            month=self.rows.month[who],
            nation=np.where(has[:, self.groups.country], who, -1),
        )

    @cached_property
    def _with_quiet_unit(self) -> Rows:
        """The rows, to whose target a unit of zeros, in no country, was added."""
        quiet = np.zeros((1, self.rows.target.shape[1]), np.float32)
        target = np.vstack([self.rows.target, quiet])
        return replace(self.rows, target=target, country=np.append(self.rows.country, ""))


def _pairs(who: Places, coalitions: Places) -> Places:
    """Return every unit with every coalition, (2, units x coalitions)."""
    return np.stack([np.repeat(who, len(coalitions)), np.tile(coalitions, len(who))])


def _members(coalition: int) -> list[int]:
    """Return the groups in a coalition.

    >>> _members(0b101)
    [0, 2]
    """
    return [group for group in range(int(coalition).bit_length()) if coalition >> group & 1]


def _subsets(players: list[int]) -> Places:
    """Return the coalitions of those groups alone, bit j of a place set where the j-th is in
    it.

    >>> _subsets([0, 2]).tolist()
    [0, 1, 4, 5]
    """
    places = np.arange(1 << len(players))
    found = np.zeros(len(places), np.intp)
    for bit, group in enumerate(players):
        found |= (places >> bit & 1) << group
    return found
