"""Compose the digest in a language from its facts."""

from ewarn.publishing.digest import _section_alerts, _section_moves, _section_new, _section_record
from ewarn.publishing.digest._document import Document
from ewarn.publishing.digest._facts import Facts
from ewarn.publishing.digest._words import Words, words


def compose(facts: Facts, language: str, public_url: str = "") -> Document:
    """Return the digest in a language; with the address of the page, links to it.

    Raises Unknown for a language there are no words of.
    """
    write = words(language)
    card, root = facts.card, public_url.rstrip("/")
    page = f"{root}/?issue={card.issue}&lang={language}" if root else ""
    return Document(
        language=language,
        subject=_subject(facts, write),
        title=write("title", reference=write.month(card.reference_month)),
        subtitle=write(
            "subtitle", list=_list(facts, write), units=write.many("units", facts.units)
        ),
        banner=write("banner") if card.simulated else "",
        warnings=tuple(_warnings(facts, write)),
        sections=(
            _section_new.new(facts, write),
            _section_moves.moved(facts, write, page),
            _section_alerts.alerts(facts, write, page),
            _section_new.milestones(facts, write),
            _section_record.record(facts, write),
            _section_moves.highest(facts, write, page),
        ),
        map_title=write("map"),
        map_text=write("map_text", month=write.month(facts.nearest_month)),
        link=page,
        link_text=write("link"),
        foot=(
            write("foot_risk"),
            write("foot_uncertain"),
            write("foot_issue", issue=card.issue, as_of=write.day(card.as_of)),
        ),
    )


def _list(facts: Facts, write: Words) -> str:
    return facts.scope.name or write("all_units")


def _subject(facts: Facts, write: Words) -> str:
    raised = len(facts.alerts.raised) if facts.alerts else 0
    mark = f"{write('subject_mark')} " if facts.card.simulated else ""
    return mark + write(
        "subject" if facts.scope.name else "subject_all",
        list=_list(facts, write),
        reference=write.month(facts.card.reference_month),
        rises=write.many("rises", len(facts.rises)),
        falls=write.many("falls", len(facts.falls)),
        alerts=", " + write.many("alerts", raised) if raised else "",
    )


def _warnings(facts: Facts, write: Words) -> list[str]:
    card, found = facts.card, []
    if facts.overdue_days:
        days = write.many("days", facts.overdue_days)
        found.append(write("overdue", due=write.day(facts.due), days=days))
    if card.months_behind:
        found.append(write.counted("behind", card.months_behind, as_of=write.day(card.as_of)))
    if facts.not_in_issue:
        found.append(write("not_in_issue", units=", ".join(facts.not_in_issue)))
    return found
