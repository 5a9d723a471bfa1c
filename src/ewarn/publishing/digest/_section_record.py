"""The section on how the forecast of the newest month did."""

from ewarn.publishing.digest._document import Item, Section
from ewarn.publishing.digest._facts import TOP, Facts, Place, Record
from ewarn.publishing.digest._words import Words

_NAMED = 5  # units of a kind


def record(facts: Facts, write: Words) -> Section:
    """Return hits, false alarms and misses in one sentence with their number, and by name."""
    title, found = write("record"), facts.record
    if found is None:
        return Section(title, (write(facts.no_record or "record_first"),))
    kinds = {"hits": found.hits, "false_alarms": found.false_alarms, "misses": found.misses}
    counts = {name: write.count(len(places)) for name, places in kinds.items()}
    flagged = write.count(len(found.hits) + len(found.false_alarms))
    notes = [_lead(found, write), write("record_text", flagged=flagged, **counts)]
    notes += [] if found.is_ahead else [write("record_replay")]
    items = tuple(
        Item(write(f"record_{name}"), _names(places, write)) for name, places in kinds.items()
    )
    size = write("record_size", units=write.many("units", found.scored))
    return Section(title, tuple(notes), items, (size,))


def _lead(found: Record, write: Words) -> str:
    level = found.threshold
    rule = (
        write("record_top", n=write.count(TOP))
        if level is None
        else write("record_from", threshold=write.percent(level))
    )
    ahead = write.many("months", found.lead)
    month = write.month(found.target_month)
    return write("record_lead", month=month, months=ahead, issue=found.issue, rule=rule)


def _names(places: tuple[Place, ...], write: Words) -> str:
    if not places:
        return write("record_none")
    named = [write.place(one) for one in places]
    rest = len(named) - _NAMED
    if rest <= 1:
        return write.spaced("; ".join(named))
    return write("record_more", names="; ".join(named[:_NAMED]), n=write.count(rest))
