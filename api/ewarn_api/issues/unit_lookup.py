"""Find units of an issue by code, name, alias or coordinates, with suggestions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import Indel

from ewarn.data import places
from ewarn_api.issues.unit_references import Coded, Located, Named, Unit

_NEAREST = 5  # units that are suggested
_CUTOFF = 0.6  # how alike names are that may be meant


@dataclass(frozen=True)
class Answer:
    """The code of the unit meant, or why there is none, and the codes of those that may be."""

    code: str | None = None
    reason: str = ""
    suggested: tuple[str, ...] = ()


class Resolver:
    """The units of an issue by code, by name or another name, and by coordinates."""

    def __init__(self, table: pd.DataFrame) -> None:
        self._units = places.of_table(table)
        self.codes: list[str] = self._units.table["code"].tolist()
        self._countries: list[str] = self._units.table["country"].tolist()
        self._position = {code: place for place, code in enumerate(self.codes)}
        self._words: dict[str, set[int]] = {}
        for (_, word), place in self._units.aliases.items():
            self._words.setdefault(word, set()).add(place)
        for place, name in enumerate(self._units.table["name"]):
            self._words.setdefault(places.fold(name), set()).add(place)
        self._of_country: dict[str, list[str]] = {country: [] for country in self._countries}
        for word, some in self._words.items():
            for country in {self._countries[place] for place in some}:
                self._of_country[country].append(word)

    def resolve(self, units: Sequence[Unit]) -> list[Answer]:
        """Return an answer for each of the units."""
        points = [unit for unit in units if isinstance(unit, Located)]
        located = iter(self._located(points))
        return [next(located) if isinstance(u, Located) else self._called(u) for u in units]

    def _called(self, unit: str | Coded | Named) -> Answer:
        if isinstance(unit, Named):
            return self._named(unit.admin1_name, unit.location_code)
        code = unit.admin1_code if isinstance(unit, Coded) else unit
        if code in self._position:
            return Answer(code)
        if isinstance(unit, str):
            return self._named(unit, None)
        return Answer(reason="no unit has that code", suggested=self._like(code))

    def _named(self, name: str, location: str | None) -> Answer:
        country = places.country_code(location) if location else None
        found = self._meant(places.fold(name), country)
        if len(found) == 1:
            return Answer(self.codes[found[0]])
        if found:
            return Answer(reason="several units have that name", suggested=self._suggested(found))
        if location and country not in self._countries:
            reason, country = f"no unit is in {location}", None
        else:
            reason = f"no unit{f' of {country}' if country else ''} has that name"
        return Answer(reason=reason, suggested=self._like(name, country))

    def _meant(self, word: str, country: str | None) -> list[int]:
        """Return the units of that name, of those of one country the one that the alias table gives
        it.
        """
        found: set[int] = set()
        for place in self._words.get(word, ()):
            own = self._countries[place]
            if country in (None, own):
                found.add(self._units.aliases.get((own, word), place))
        return sorted(found)

    def _like(self, name: str, country: str | None = None) -> tuple[str, ...]:
        """Return units with names most like that one, in that country if one is known."""
        words = self._of_country[country] if country else list(self._words)
        like = Indel.normalized_similarity
        near = process.extract(
            places.fold(name), words, scorer=like, limit=_NEAREST, score_cutoff=_CUTOFF
        )
        meant = (self._meant(word, country) for word, _, _ in near)
        return self._suggested(place for some in meant for place in some)

    def _located(self, points: Sequence[Located]) -> list[Answer]:
        if not points:
            return []
        stated = [places.country_code(point.location_code or "") for point in points]
        latitude, longitude = (
            np.array([getattr(point, name) for point in points])
            for name in ("latitude", "longitude")
        )
        found = places.locate(self._units, latitude, longitude, country=np.array(stated, object))
        far = Answer(reason=f"no unit is within {places.WITHIN_KM:g} km of that point")
        return [Answer(self.codes[place]) if place >= 0 else far for place in found.tolist()]

    def _suggested(self, found: Iterable[int]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.codes[place] for place in found))[:_NEAREST]


def plain(unit: Unit) -> Any:
    """Return a unit as requested."""
    return unit if isinstance(unit, str) else unit.model_dump(exclude_unset=True)
