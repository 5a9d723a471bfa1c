"""The facts of a digest, without words of any language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ewarn.core import months
from ewarn.publishing.issue import Card

NEAR_LEADS = (1, 2, 3)  # whose changes are described, where a watch list names no leads
SHOWN = 5  # rises, falls and highest risks
LEAST_CHANGE = 0.01  # of a risk, to be named: a point of a hundred
DAYS_AHEAD = 90  # in which coming milestones are listed
TOP = 20  # units of highest risk that count as flagged, without a threshold


@dataclass(frozen=True)
class Scope:
    """The units a digest is about: those of a watch list, or all where `units` is None.

    `threshold` is the risk from which the list raises an alert, if it has one.
    """

    name: str | None = None
    units: frozenset[str] | None = None
    leads: tuple[int, ...] = NEAR_LEADS
    threshold: float | None = None

    def holds(self, unit: str) -> bool:
        """Return whether a unit belongs to it."""
        return self.units is None or unit in self.units


@dataclass(frozen=True)
class Place:
    """A unit, or a whole country, whose code is then that of the country."""

    code: str
    name: str
    country: str
    country_name: str


@dataclass(frozen=True)
class Move:
    """How far the risk of a unit moved since the issue before, for the month that moved most.

    `last_risk` is None where there was none; `parts` add up to the change, and are empty where they
    are not known; `drivers` are the sentences of the leading drivers, by language.
    """

    place: Place
    target_month: str
    risk: float
    last_risk: float | None
    parts: Mapping[str, float]
    drivers: tuple[Mapping[str, str], ...]

    @property
    def points(self) -> int:
        """The change in points: the difference of the percentages shown, so that a reader who
        subtracts them finds the same.
        """
        return round(100 * self.risk) - round(100 * (self.last_risk or 0.0))


@dataclass(frozen=True)
class Raised:
    """A new alert."""

    place: Place
    target_month: str
    measure: str
    value: float
    threshold: float
    is_extreme: bool


@dataclass(frozen=True)
class Alerts:
    """What the alert run of the issue raised and ended for the list."""

    raised: tuple[Raised, ...]
    ended: int


@dataclass(frozen=True)
class Coming:
    """A milestone to come."""

    place: Place
    mission: str
    kind: str
    effective_on: date
    confidence: str


@dataclass(frozen=True)
class Record:
    """How the issue before forecast the newest month: flagged units and escalations.

    Flagged are units whose risk reached `threshold`, or the TOP of highest risk where it is None.
    """

    issue: str
    target_month: str
    lead: int
    threshold: float | None
    scored: int
    hits: tuple[Place, ...]
    false_alarms: tuple[Place, ...]
    misses: tuple[Place, ...]
    is_ahead: bool


@dataclass(frozen=True)
class Facts:
    """All that a digest holds.

    `alerts` is None where no alert run of this issue is stored; `record` where no month that the
    issue before forecast has been observed since, and `no_record` then names why.
    """

    card: Card
    scope: Scope
    today: date
    due: date
    overdue_days: int
    age_days: int
    new_months: tuple[str, ...]
    units: int
    not_in_issue: tuple[str, ...]
    highest: tuple[Move, ...]
    rises: tuple[Move, ...]
    falls: tuple[Move, ...]
    alerts: Alerts | None
    milestones_from: date
    milestones: tuple[Coming, ...]
    record: Record | None
    no_record: str | None

    @property
    def nearest_month(self) -> str:
        """The month forecast at the nearest lead, which the map shows."""
        return months.label(months.parse(self.card.reference_month) + min(self.card.leads))
