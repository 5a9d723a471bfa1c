"""The sections on what is new and on milestones."""

from ewarn.publishing.digest._document import Item, Section
from ewarn.publishing.digest._facts import DAYS_AHEAD, Coming, Facts
from ewarn.publishing.digest._words import Words

_MOST = 15  # milestones that are listed


def new(facts: Facts, write: Words) -> Section:
    """Return what is new: the issue, its data, when the next is due, findings accepted."""
    card = facts.card
    ended = write.many("days", facts.age_days)
    return Section(
        write("new"),
        items=(
            _fact(write, "new_issue", issue=card.issue, as_of=write.day(card.as_of)),
            _fact(write, "new_month", month=write.month(card.reference_month), age=ended),
            Item(write("new_data"), _data(facts, write)),
            Item(write("new_status"), _status(facts, write)),
            _fact(write, "new_due", due=write.day(facts.due)),
            Item(write("new_accepted"), _accepted(facts, write)),
        ),
    )


def _status(facts: Facts, write: Words) -> str:
    card = facts.card
    status = write("new_status_simulated" if card.simulated else "new_status_reported")
    if not card.preliminary_months:
        return status
    months = write.many("months", card.preliminary_months)
    return write("new_status_preliminary", status=status, months=months)


def _fact(write: Words, key: str, **given: object) -> Item:
    return Item(write(key), write(f"{key}_text", **given))


def _data(facts: Facts, write: Words) -> str:
    if facts.card.last_issue is None:
        return write("new_data_first")
    if not facts.new_months:
        return write("new_data_none")
    named = [write.month(one) for one in facts.new_months]
    shown = [named[0]] if len(named) == 1 else [f"{named[0]} – {named[-1]}"]
    return write("new_data_text", months=write.many("months", len(named)), names=shown[0])


def _accepted(facts: Facts, write: Words) -> str:
    found = [
        write("finding_with", what=_finding(one.name, write), evidence=one.evidence)
        for one in facts.card.accepted
    ]
    return write.spaced("; ".join(found)) if found else write("new_accepted_none")


def _finding(name: str, write: Words) -> str:
    """Return a finding in words: by its whole name, or by its start, and what it is about."""
    if f"finding_{name}" in write.phrases:
        return write(f"finding_{name}")
    start, _, of = name.partition("-")
    if f"finding_{start}" not in write.phrases:
        return name
    return write(f"finding_{start}", of=write.country(of, of))


def milestones(facts: Facts, write: Words) -> Section:
    """Return the milestones to come."""
    given = {"days": write.many("days", DAYS_AHEAD), "start": write.day(facts.milestones_from)}
    key = "milestones_lead" if facts.milestones else "milestones_none"
    rest = len(facts.milestones) - _MOST
    return Section(
        write("milestones"),
        (write(key, **given),),
        tuple(_milestone(one, write) for one in facts.milestones[:_MOST]),
        (write.many("milestones_more", rest),) if rest > 0 else (),
    )


def _milestone(one: Coming, write: Words) -> Item:
    kind = f"kind_{one.kind}" if f"kind_{one.kind}" in write.phrases else "kind_other"
    text = write("milestones_text", mission=one.mission, kind=write(kind))
    shown = write("milestones_unsure", text=text) if one.confidence == "low" else text
    return Item(write.day(one.effective_on), write("pair", a=write.place(one.place), b=shown))
