"""The sections on rises and falls, and on the highest risks."""

from ewarn.publishing.digest._document import Item, Section
from ewarn.publishing.digest._facts import SHOWN, Facts, Move
from ewarn.publishing.digest._links import of_unit
from ewarn.publishing.digest._words import Words

_PARTS = 2  # of a change, that are named


def moved(facts: Facts, write: Words, page: str) -> Section:
    """Return the largest rises and falls, each with its parts and the leading drivers."""
    title, last = write("moved"), facts.card.last_issue
    if last is None:
        return Section(title, (write("moved_first"),))
    counts = _counts(write, len(facts.rises), len(facts.falls))
    shown = [*facts.rises[:SHOWN], *facts.falls[:SHOWN]]
    if not shown:
        return Section(title, (write("moved_none"),))
    notes = [write("moved_lead", last=last, **counts)]
    if not any(one.parts for one in shown):
        notes.append(write("moved_untold"))
    rest = [max(0, len(some) - SHOWN) for some in (facts.rises, facts.falls)]
    after = (write("moved_more", **_counts(write, *rest)),) if any(rest) else ()
    return Section(title, tuple(notes), tuple(_move(one, write, page) for one in shown), after)


def _counts(write: Words, rises: int, falls: int) -> dict[str, str]:
    return {"rises": write.many("rises", rises), "falls": write.many("falls", falls)}


def _move(one: Move, write: Words, page: str) -> Item:
    month, is_rise = write.month(one.target_month), one.points > 0
    risk, last = write.percent(one.risk), write.percent(one.last_risk or 0.0)
    key = "moved_up" if is_rise else "moved_down"
    return Item(
        head=write.place(one.place),
        text=write(key, month=month, risk=risk, last=last),
        lines=(*_through(one, write), *_why(one, write)),
        badge=write.points(one.points),
        tone="rise" if is_rise else "fall",
        href=of_unit(page, one.place),
    )


def _through(one: Move, write: Words) -> list[str]:
    """Return the largest parts of a change, of those that round to a point at least."""
    points = [(name, round(100 * value)) for name, value in one.parts.items()]
    named = [f"{write('part_' + name)} {write.points(n)}" for name, n in points if n][:_PARTS]
    return [write("moved_parts", parts="; ".join(named))] if named else []


def _why(one: Move, write: Words) -> list[str]:
    """Return what is known of the leading driver, and, of a rise, the first about the next one."""
    every = [driver[write.language] for driver in one.drivers[: 2 if one.points > 0 else 1]]
    sentences = [*every[:1], *(other.partition(";")[0] for other in every[1:])]
    return [write("moved_why", sentences="; ".join(sentences))] if sentences else []


def highest(facts: Facts, write: Words, page: str) -> Section:
    """Return the units of highest risk at the nearest lead."""
    month = write.month(facts.nearest_month)
    items = tuple(_high(facts, one, write, page) for one in facts.highest)
    return Section(write("highest"), (write("highest_lead", month=month),), items)


def _high(facts: Facts, one: Move, write: Words, page: str) -> Item:
    known = one.last_risk is not None
    last = write.percent(one.last_risk or 0.0)
    return Item(
        head=write.place(one.place),
        text=write("highest_text", last=last) if known else write("highest_new"),
        lines=() if facts.card.last_issue else tuple(_why(one, write)),
        badge=write.percent(one.risk),
        href=of_unit(page, one.place),
    )
