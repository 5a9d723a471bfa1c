"""What ended and what will end in each unit, from milestones as known at the reference month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ewarn.core import months
from ewarn.data.panel import Panel
from ewarn.explain.drivers._phrases import Fact, Language, Table, Text, fill

FAR = 36  # months; nothing further off is described, as features do not see it
_BY_ITSELF = ("mandate", "authority")  # ends on the day its plan states; nobody records it


@dataclass(frozen=True)
class End:
    """A milestone that holds: `ahead` is the months from the reference month to its day, NaN
    where no day is stated.
    """

    unit: int
    country: str
    mission: str
    place: str
    ends: str
    is_planned: bool
    ahead: float

    @property
    def is_over(self) -> bool:
        """Whether it has come: it is on record, or its day, which alone decides, has passed."""
        return not self.is_planned or (self.ends in _BY_ITSELF and self.ahead <= 0)


def ends(panel: Panel, table: Table, language: Language) -> list[dict[str, Fact]]:
    """Of each unit the nearest end that came and that is to come, its own or else its country's,
    and its neighbours'; and what is still to close or to leave.
    """
    held, country = _held(panel), panel.units["country"].tolist()
    near = [set(panel.neighbours[[unit]].indices) for unit in range(len(country))]
    found = []
    for unit, nation in enumerate(country):
        own = [one for one in held if one.unit == unit]
        beside = [one for one in held if one.unit in near[unit]]
        around = [one for one in held if one.country == nation]
        facts = _nearest_ends(around, panel, table, language) | _nearest_ends(
            own, panel, table, language
        )
        facts |= _still("", own) | _still("country_", around)
        nearby = _nearest_ends(beside, panel, table, language)
        facts |= {f"neighbours_{name}": fact for name, fact in nearby.items()}
        found.append(facts)
    return found


def _held(panel: Panel) -> list[End]:
    """Return the milestones that hold at the reference month and end something."""
    rows, last = panel.milestones, panel.reference_month
    holds = (rows["known_month"] <= last) & (last < rows["over_month"]) & (rows["ends"] != "")
    some = rows[holds].assign(ahead=rows["effective_month"] - last)
    names = ["unit", "country", "mission", "place", "ends", "is_planned", "ahead"]
    return [End(*row) for row in some[names].itertuples(index=False)]


def _nearest_ends(
    some: Sequence[End], panel: Panel, table: Table, language: Language
) -> dict[str, Fact]:
    """Return the nearest past end and the nearest coming one, in words and months."""
    dated = [one for one in some if abs(one.ahead) <= FAR]
    observed = [one for one in dated if one.is_over and one.ends in table.ended]
    ahead = [one for one in dated if not one.is_over and one.ahead > 0]
    to_come = [one for one in ahead if one.ends in table.coming]
    return _nearest("ended", "months_since", observed, panel, table.ended, language) | _nearest(
        "coming", "months_until", to_come, panel, table.coming, language
    )


def _nearest(
    what: str,
    how_far: str,
    some: Sequence[End],
    panel: Panel,
    words: Mapping[str, Text],
    language: Language,
) -> dict[str, Fact]:
    if not some:
        return {}
    one = min(some, key=lambda end: (abs(end.ahead), end.mission, end.place))
    named = {"mission": one.mission or "?", "place": one.place or "?"}
    return {
        what: fill(words[one.ends].of(language), named, language),
        how_far: one.ahead if what == "coming" else max(-one.ahead, 0.0),
        f"{what}_in": months.label(panel.reference_month + int(one.ahead)),
    }


def _still(prefix: str, some: Sequence[End]) -> dict[str, Fact]:
    left = [one for one in some if one.is_planned and not one.ahead <= 0]
    return {
        f"{prefix}bases_to_close": float(sum(one.ends == "base" for one in left)),
        f"{prefix}contingents_to_leave": float(sum(one.ends == "contingent" for one in left)),
    }
