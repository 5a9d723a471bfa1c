"""The tables of one issue, ready to answer from, under the column names of the service."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import pandas as pd
import pyarrow as pa

from ewarn.core import columns, months
from ewarn.core.errors import Unknown
from ewarn.publishing.issue import Issue
from ewarn_api.issues.draws import Draws
from ewarn_api.issues.table import Table
from ewarn_api.issues.unit_lookup import Resolver

_PLACE = ("location_code", "location_name", "admin1_code", "admin1_name")
RENAMED = {
    **{"country": "location_code", "country_name": "location_name", "unit": "admin1_code"},
    **{"code": "admin1_code", "name": "admin1_name", "admin1": "admin1_name"},
}


_TOP = (1, 2, 3)  # drivers that are answered beside a risk, by rank
_OF_DRIVER = ("driver", "contribution")


def _answered(table: str, *left_out: str) -> tuple[str, ...]:
    """Return names the service answers a table's columns by: those of the place first."""
    names = [RENAMED.get(name, name) for name in columns.TABLES[table] if name not in left_out]
    names += ["location_code"] if "location_code" not in names else []
    return tuple(sorted(names, key=lambda n: _PLACE.index(n) if n in _PLACE else len(_PLACE)))


COLUMNS = {
    "forecasts": ("location_code", *columns.TABLES["forecasts"]),
    "risks": (*_answered("risks"), *(f"{name}_{place}" for place in _TOP for name in _OF_DRIVER)),
    "drivers": _answered("drivers"),
    "changes": _answered("changes"),
    "units": _answered("units", "geometry"),
    "history": _answered("history"),
    "milestones": _answered("milestones"),
}
OVERVIEW, OUTCOMES = _answered("overview"), _answered("outcomes")  # made from the tables
SCENARIO = _answered("scenarios")  # computed on request, and so in no issue


class Snapshot:
    """An issue in memory: its card, its tables, and the names one may ask for."""

    def __init__(self, issue: Issue) -> None:
        self.card = issue.card
        units = issue.table("units")
        self.units = dict(zip(units["code"], units["name"], strict=True))
        self._places = units
        self.borders: dict[str, str] = dict(zip(units["code"], units["geometry"], strict=True))
        self.countries = dict(zip(units["country"], units["country_name"], strict=True))
        reference = months.parse(self.card.reference_month)
        self.target_months = {months.label(reference + lead) for lead in self.card.leads}
        self._country = dict(zip(units["code"], units["country"], strict=True))
        self.draws = Draws(issue.table("draws"))
        self._tables = {name: self._table(issue, name) for name in COLUMNS}
        abroad = issue.table("milestones")["country"].unique()
        self.countries = {code: code for code in abroad} | self.countries
        pa.default_memory_pool().release_unused()  # reading took far more than is kept

    def table(self, name: str) -> Table:
        """Return the table of that name, a key of COLUMNS."""
        return self._tables[name]

    @cached_property
    def resolver(self) -> Resolver:
        """The index of units by other names and by coordinates, built on first use."""
        return Resolver(self._places)

    def place(self, code: str) -> dict[str, str]:
        """Return the names by which a unit is found."""
        name, country = self.units[code], self._country[code]
        return {"location_code": country, "admin1_code": code, "admin1_name": name}

    def known_values(self, table: str, name: str, asked: Iterable[str]) -> set[str]:
        """Return the requested values that a column has; raises Unknown with the nearest."""
        known = dict.fromkeys(self.table(table).values(name), "")
        return {_named(name, value, known) for value in asked}

    def country_of(self, unit: str) -> str:
        """Return the country that a unit lies in."""
        return str(self._country[unit])

    def known_countries(self, asked: Iterable[str]) -> set[str]:
        """Return the requested countries; raises Unknown with the nearest, by code or by name."""
        return {_named("location_code", code, self.countries) for code in asked}

    def known_units(self, asked: Iterable[str]) -> set[str]:
        """Return the requested units; raises Unknown with the nearest, by code or by name."""
        return {_named("admin1_code", code, self.units) for code in asked}

    def known_months(self, asked: Collection[str], views_ids: Iterable[int]) -> set[str]:
        """Return the requested target months, by label or as VIEWS counts; raises Unknown,
        BadInput.
        """
        by_id = {months.views_id(months.parse(label)): label for label in self.target_months}
        by_ordinal = {months.parse(label): label for label in self.target_months}
        for label in asked:
            if months.parse(label) not in by_ordinal:
                near = _nearest(months.parse(label), by_ordinal)
                raise Unknown("target_month", label, map(months.label, near))
        found = {by_ordinal[months.parse(label)] for label in asked}
        return found | {by_id[_number("month_id", number, by_id)] for number in views_ids}

    def known_leads(self, asked: Iterable[int]) -> set[int]:
        """Return the requested leads; raises Unknown."""
        return {_number("lead", lead, self.card.leads) for lead in asked}

    def _table(self, issue: Issue, name: str) -> Table:
        frame = issue.table(name)
        if name == "risks":
            frame = _with_drivers(frame, issue.table("drivers"))
        if name == "forecasts":  # a hubverse table keeps its `unit`, and is filtered like others
            frame["admin1_code"] = frame["unit"]
        frame = frame.rename(columns={} if name == "forecasts" else RENAMED)
        if "location_code" not in frame:
            frame["location_code"] = self._countries_of(frame["admin1_code"])
        stored = dict.fromkeys((*COLUMNS[name], *frame.columns.intersection(list(_PLACE))))
        return Table(frame[list(stored)], COLUMNS[name])

    def _countries_of(self, units: Any) -> Any:
        """Return the country of each row, worked out once a unit and not once a row."""
        countries = pd.Categorical([self._country[code] for code in units.cat.categories])
        codes = countries.codes[units.cat.codes.to_numpy()]
        return pd.Categorical.from_codes(codes, countries.categories)


def _with_drivers(risks: pd.DataFrame, drivers: pd.DataFrame) -> pd.DataFrame:
    """Return the risks, each with its leading drivers and what they add."""
    keys = ["unit", "lead"]
    for place in _TOP:
        one = drivers.loc[drivers["driver_rank"] == place, [*keys, *_OF_DRIVER]]
        named = one.rename(columns={name: f"{name}_{place}" for name in _OF_DRIVER})
        risks = risks.merge(named, on=keys, how="left", validate="one_to_one")
    return risks


def _number(kind: str, number: int, known: Collection[int]) -> int:
    if number not in known:
        raise Unknown(kind, number, map(str, _nearest(number, known)))
    return number


def _nearest(number: int, known: Iterable[int]) -> list[int]:
    return sorted(known, key=lambda other: abs(other - number))[:5]


def _named(kind: str, code: str, names: dict[str, str]) -> str:
    if code in names:
        return code
    by_word = {word.casefold(): key for key, name in names.items() for word in (key, name)}
    near = get_close_matches(code.casefold(), by_word, n=5, cutoff=0.5)
    raise Unknown(kind, code, {by_word[word] for word in near} or names)
