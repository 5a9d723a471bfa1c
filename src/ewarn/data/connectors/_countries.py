"""Numbers of countries in the list of Gleditsch and Ward, by their ISO 3166 code.

Gleditsch, K. S. and M. D. Ward (1999), "Interstate System Membership: A Revised List of the
Independent States since 1816", International Interactions 25: 393-413, as UCDP uses it since 1989.
A state that ended since is listed with the country of today: the GDR with Germany.
"""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ewarn.core.errors import Unknown

FILE = Path(__file__).parents[2] / "_data" / "gleditsch_ward.csv"


def numbers(codes: Iterable[str]) -> list[int]:
    """Return the numbers of some countries, sorted; raises Unknown where one has none.

    >>> numbers(["MLI", "YEM"])
    [432, 678, 680]
    """
    known = _known()
    found: set[int] = set()
    for code in codes:
        if code not in known:
            raise Unknown("country of Gleditsch and Ward", code, known)
        found.update(known[code])
    return sorted(found)


def are_numbers(words: Iterable[str]) -> bool:
    """Return whether all of some words are numbers of countries."""
    known = {str(number) for each in _known().values() for number in each}
    return known.issuperset(words)


@cache
def _known() -> dict[str, list[int]]:
    """Return the numbers of each country."""
    known: dict[str, list[int]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            known.setdefault(row["country"], []).append(int(row["number"]))
    return known
