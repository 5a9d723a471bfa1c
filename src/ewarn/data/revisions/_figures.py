"""The figures of a revision model: how reported deaths of a country-month become final ones."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
EDGES = (1, 2, 4, 10, 30, 100, 300)  # a class has the reported deaths from one to below the next
LEVELS = (0.025, *(number / 20 for number in range(1, 20)), 0.975)
_DATA = Path(__file__).parents[2] / "_data"


@dataclass(frozen=True)
class Branch:
    """How often deaths end at 0, and quantiles at LEVELS of log(1 + final) - log(1 + reported)
    where they do not; fitted on `n` country-months.
    """

    n: int
    gone: float
    shifts: tuple[float, ...]


@dataclass(frozen=True)
class Figures:
    """Of one age: a branch a class of size (`size_class`), and one a country, for 1 death and more.

    A country's own branch has the weight n / (n + `kappa`), its class's the rest.
    """

    classes: tuple[Branch, ...]
    countries: Mapping[str, Branch]
    kappa: float

    def branches(self, reported: float, country: str) -> list[tuple[float, Branch]]:
        """Return the branches for a reported count, each with its weight."""
        of_class = self.classes[int(size_class(reported))]
        own = self.countries.get(country) if reported else None
        if own is None:
            return [(1.0, of_class)]
        share = own.n / (own.n + self.kappa)
        return [(1 - share, of_class), (share, own)]


@dataclass(frozen=True)
class Revisions:
    """The figures by age ("first", as first reported; "later", reported again by a release of
    several months), and the correlation of the normal scores of a country's months.
    """

    by_age: Mapping[str, Figures]
    correlation: float

    def of(self, age: str) -> Figures:
        """Return the figures of that age, or of the first there is."""
        return self.by_age.get(age) or next(iter(self.by_age.values()))

    def to_json(self) -> str:
        """Return all figures as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Revisions":
        """Return the model that `to_json` wrote."""
        tree = json.loads(text)
        by_age = {age: _figures(one) for age, one in tree["by_age"].items()}
        return cls(by_age, tree["correlation"])


@cache
def shipped(kind: Literal["revision", "report"] = "revision") -> Revisions:
    """Return the model fitted on the vintages of UCDP's country-months of Africa, 2023 to 2025: of
    final deaths by those reported, or, to simulate reports, of those first reported by final ones.
    """
    return Revisions.from_json((_DATA / f"{kind}_prior.json").read_text(encoding="utf-8"))


def size_class(reported: ArrayLike) -> NDArray[np.intp]:
    """Return the class of each reported count: 0 for none, then by EDGES.

    >>> size_class([0, 1, 3, 4, 299, 5000]).tolist()
    [0, 1, 2, 3, 6, 7]
    """
    return np.asarray(np.searchsorted(EDGES, reported, side="right"), np.intp)


def _figures(tree: Mapping[str, object]) -> Figures:
    def branch(one: Mapping[str, object]) -> Branch:
        return Branch(one["n"], one["gone"], tuple(one["shifts"]))  # type: ignore[arg-type]

    classes, countries = tree["classes"], tree["countries"]
    return Figures(
        tuple(branch(one) for one in classes),  # type: ignore[attr-defined]
        {code: branch(one) for code, one in countries.items()},  # type: ignore[attr-defined]
        tree["kappa"],  # type: ignore[arg-type]
    )
