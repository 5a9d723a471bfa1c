"""Simulate a world from a seed: events, deployments, and the truth they were drawn from.

The world stands in for real events where none are given. Borders and milestones are real; all
else is invented, so that forecasts can be held against what is true of it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.data.sources import _simulated_rates, _simulated_rows, _simulated_withdrawals

FIRST_MONTH, LAST_MONTH = months.of(2010, 1), months.of(2023, 10)
SEED = 20231031  # MINUSMA left Kidal on that day; the default world ends with it
_MOST = 0.9  # of the branching ratio: at 1 a world explodes, and close to it means settle slowly


@dataclass(frozen=True)
class World:
    """Parameters of the process.

    One event sets off `own` others in its unit and `spill` in its neighbours, on average, spread
    over the months after it with weights that fall by `memory` a month.
    """

    own: float = 0.55
    spill: float = 0.12
    memory: float = 0.7
    size: float = 0.9  # of the negative binomial: variance = mean + mean ** 2 / size
    spread: float = 0.5  # of the log of the units' own chance factors
    withdrawal: float = 3.0  # what a withdrawal multiplies the base rate by, for twelve months
    deaths_mean: float = 4.0  # an event
    deaths_size: float = 0.3

    def __post_init__(self) -> None:
        """Refuse a world whose branching ratio is too close to 1, or a negative parameter."""
        if min(vars(self).values()) < 0 or min(self.size, self.deaths_size) == 0:
            raise BadInput("world", self, "parameters that are not negative, sizes above 0")
        if self.branching > _MOST or self.memory > _MOST:
            raise BadInput("world", self, f"own + spill, and memory, of at most {_MOST}")

    @property
    def branching(self) -> float:
        """How many events one event sets off, on average; below 1, no outbreak goes on for ever."""
        return self.own + self.spill


@dataclass(frozen=True)
class Simulated:
    """The rows of a world and their truth.

    `events` and `deployments` are tidy; `expected` is the expected number of events given all
    months before, (units, months); `multiplier` what withdrawals multiplied the base rates by.
    """

    events: pd.DataFrame
    deployments: pd.DataFrame
    expected: NDArray[np.float64]
    multiplier: NDArray[np.float64]


def simulate(
    units: pd.DataFrame,
    neighbours: csr_array,
    milestones: pd.DataFrame,
    first_month: int = FIRST_MONTH,
    last_month: int = LAST_MONTH,
    seed: int = SEED,
    parameters: World | None = None,
) -> Simulated:
    """Return a world of those units from one month to another; the same bytes for the same
    arguments.

    `milestones` have a column `unit`, the position of their unit, or -1 for a whole country.
    """
    world = parameters or World()
    random = np.random.default_rng(seed)
    base = _simulated_rates.base_rates(units, world.spread, random)
    span = last_month - first_month + 1
    effect = _simulated_withdrawals.effect(milestones, units, first_month, span)
    multiplier = np.where(effect, world.withdrawal, 1.0)
    counts, expected = _counts(base, multiplier, _spread(neighbours, world), world, random)
    deaths = (world.deaths_mean, world.deaths_size)
    bases = _simulated_withdrawals.bases(milestones)
    return Simulated(
        _simulated_rows.events(counts, units, first_month, deaths, random),
        _simulated_rows.deployments(bases, units, first_month, last_month, random),
        expected,
        multiplier,
    )


def _spread(neighbours: csr_array, world: World) -> csr_array:
    """Return how many events one event sets off where, (units, units): a column is an event's unit.

    Every column adds up to the branching ratio, or to `own` where a unit has no neighbours.
    """
    near = neighbours.astype(np.float64)
    degree = near.sum(axis=0)
    share = np.divide(world.spill, degree, out=np.zeros(len(degree)), where=degree > 0)
    own = np.full(len(degree), world.own)
    return csr_array(near @ diags_array(share) + diags_array(own))


def _counts(
    base: NDArray[np.float64],
    multiplier: NDArray[np.float64],
    spread: csr_array,
    world: World,
    random: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return counts drawn, and their expectations: a Hawkes process in months, with geometric
    memory.

    expected[t] = multiplier[t] base + spread @ sum over k >= 1 of (1 - memory) memory^(k-1) y[t-k],
    y[t] negative binomial; cf. Hawkes (1971), Biometrika 58(1).
    """
    counts = np.zeros(multiplier.shape, np.int64)
    expected = np.zeros(multiplier.shape)
    past = _settled(base, spread)
    for month in range(multiplier.shape[1]):
        expected[:, month] = multiplier[:, month] * base + spread @ past
        rate = random.gamma(world.size, expected[:, month] / world.size)
        counts[:, month] = random.poisson(rate)
        past = world.memory * past + (1 - world.memory) * counts[:, month]
    return counts, expected


def _settled(base: NDArray[np.float64], spread: csr_array) -> NDArray[np.float64]:
    """Return the mean count of each unit in the long run, without withdrawals: (I - spread) x =
    base.
    """
    mean = base
    for _ in range(200):  # 0.9 ** 200 < 1e-9
        mean = base + spread @ mean
    return mean
