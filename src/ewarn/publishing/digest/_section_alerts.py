"""The section on the alerts that an issue raised and ended."""

from collections.abc import Sequence

from ewarn.publishing.digest._document import Item, Section
from ewarn.publishing.digest._facts import Facts, Raised
from ewarn.publishing.digest._links import of_unit
from ewarn.publishing.digest._words import Words

_MOST = 15  # units that are listed


def alerts(facts: Facts, write: Words, page: str) -> Section:
    """Return the alerts that the issue raised for the list, by unit, and how many it ended."""
    title = write("new_alerts")
    if facts.alerts is None:
        key = "alerts_no_list" if facts.scope.units is None else "alerts_no_run"
        return Section(title, (write(key),))
    raised, ended = facts.alerts.raised, facts.alerts.ended
    units = _by_unit(raised)
    level = _only_level(raised, write)
    rest = len(raised) - sum(map(len, units[:_MOST]))
    after = [write.many("alerts_more", rest)] if rest else []
    after += [write.many("alerts_ended", ended)] if ended else []
    items = tuple(_unit(own, write, page, bool(level)) for own in units[:_MOST])
    return Section(
        title, (level,) if raised and level else _none(raised, write), items, tuple(after)
    )


def _none(raised: Sequence[Raised], write: Words) -> tuple[str, ...]:
    return () if raised else (write("alerts_none"),)


def _by_unit(raised: Sequence[Raised]) -> list[list[Raised]]:
    """Return the alerts of each unit by month, the unit with the highest value first."""
    units: dict[str, list[Raised]] = {}
    for one in sorted(raised, key=lambda one: (one.target_month, one.measure)):
        units.setdefault(one.place.code, []).append(one)
    return sorted(
        units.values(), key=lambda own: (-max(one.value for one in own), own[0].place.code)
    )


def _only_level(raised: Sequence[Raised], write: Words) -> str:
    """Return the measure and threshold of all alerts in a sentence; nothing if they differ."""
    levels = {(one.measure, one.threshold) for one in raised}
    if len(levels) != 1:
        return ""
    ((measure, threshold),) = levels
    shown = _value(measure, threshold, write)
    return write("alerts_level", measure=write(f"measure_{measure}"), threshold=shown)


def _unit(own: Sequence[Raised], write: Words, page: str, is_brief: bool) -> Item:
    texts = [_alert(one, write, is_brief) for one in own]
    place = own[0].place
    return Item(write.place(place), write.spaced("; ".join(texts)), href=of_unit(page, place))


def _alert(one: Raised, write: Words, is_brief: bool) -> str:
    given = {"month": write.month(one.target_month), "value": _value(one.measure, one.value, write)}
    if not is_brief:
        given["measure"] = write(f"measure_{one.measure}")
        given["threshold"] = _value(one.measure, one.threshold, write)
    text = write("alerts_brief" if is_brief else "alerts_text", **given)
    return write("alerts_extreme", text=text) if one.is_extreme else text


def _value(measure: str, value: float, write: Words) -> str:
    return write.points(round(100 * value)) if measure == "risk_change" else write.percent(value)
