"""Share a country's drawn final deaths out over its units, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ewarn.data.revisions._draws import generator, totals
from ewarn.data.revisions._figures import Floats, Revisions

CLUMP = 3  # deaths that are added at once: those of an event that was reported late
EVEN = 0.05  # the share of late deaths that may come anywhere in the country


@dataclass(frozen=True)
class _Country:
    """A country's units, sorted by code: places, deaths reported, (units, months), recent means."""

    code: str
    places: NDArray[np.intp]
    reported: Floats
    recent: Floats


def histories(
    model: Revisions,
    reported: Floats,
    recent: Floats,
    units: Sequence[str],
    countries: Sequence[str],
    ages: Sequence[str],
    count: int,
    seed: int = 0,
) -> Floats:
    """Return `count` equally likely final deaths of units in preliminary months, (count, units,
    months), whole numbers from 0.

    `reported` are (units, months), `recent` mean monthly deaths of the year before, (units,). A
    country's total is drawn (`totals`). Deaths too many are taken from its units at random, each
    as likely as another; deaths too few come in clumps, where there was violence in the month or
    in the year before, and now and then elsewhere. Totals are kept.
    """
    found = np.repeat(np.rint(reported)[None], count, axis=0)
    names = np.asarray(countries)
    codes = np.asarray(units)
    for code in sorted(set(countries)):
        places = np.flatnonzero(names == code)
        places = places[np.argsort(codes[places])]
        own = _Country(code, places, np.rint(reported[places]), recent[places])
        found[:, places] = _of_country(model, own, ages, count, seed)
    return found


def _of_country(
    model: Revisions, own: _Country, ages: Sequence[str], count: int, seed: int
) -> Floats:
    drawn = totals(model, own.reported.sum(axis=0), ages, own.code, count, seed)
    random = generator(seed, own.code, "units")
    found = np.empty((count, *own.reported.shape))
    for month in range(own.reported.shape[1]):
        weight = _weight(own, month)
        for one in range(count):
            found[one, :, month] = _shared(
                own.reported[:, month], drawn[one, month], weight, random
            )
    return found


def _weight(own: _Country, month: int) -> Floats:
    """Return where late deaths come, as shares of one."""
    level = own.reported[:, month] + own.recent
    even = np.full(len(level), 1 / len(level))
    if not level.sum():
        return even
    return np.asarray((1 - EVEN) * level / level.sum() + EVEN * even, np.float64)


def _shared(reported: Floats, total: float, weight: Floats, random: np.random.Generator) -> Floats:
    more = int(total - reported.sum())
    if more <= 0:
        taken = random.multivariate_hypergeometric(reported.astype(np.int64), -more)
        return np.asarray(reported - taken, np.float64)
    clumps, rest = divmod(more, CLUMP)
    added = CLUMP * random.multinomial(clumps, weight) + random.multinomial(1, weight) * rest
    return np.asarray(reported + added, np.float64)
