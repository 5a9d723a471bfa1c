"""Write milestones as a calendar (iCalendar, RFC 5545)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from icalendar import Calendar, Event

from ewarn.publishing.issue import Card

MEDIA_TYPE = "text/calendar; charset=utf-8"


def calendar(milestones: Sequence[Mapping[str, Any]], card: Card, name: str) -> bytes:
    """Return a day's event for each of the milestones to come after the issue's `as_of`; `name` is
    the calendar's.
    """
    built = Calendar()
    built.add("prodid", "-//ewarn//milestones//EN")
    built.add("version", "2.0")
    built.add("x-wr-calname", name)
    for one in milestones:
        day = date.fromisoformat(one["effective_on"]) if one["effective_on"] else None
        if day and day > card.as_of:
            built.add_component(_event(one, day, card))
    return bytes(built.to_ical())


def _event(one: Mapping[str, Any], day: date, card: Card) -> Event:
    built = Event()
    built.add("uid", f"{one['milestone_id']}@milestones.ewarn")
    built.add("dtstamp", card.created_at)
    built.add("dtstart", day)
    built.add("dtend", day + timedelta(days=1))
    built.add("transp", "TRANSPARENT")  # it does not block time
    where = ", ".join(filter(None, (one["admin1_name"], one["location_code"])))
    built.add("location", where)
    built.add("summary", f"{one['mission']}: {one['kind'].replace('_', ' ')}, {where}")
    reported = [
        "Planned." if one["is_planned"] else "Recorded.",
        f"Known on {one['known_on']}." if one["known_on"] else "",
        f"Confidence: {one['confidence']}." if one["confidence"] else "",
        f"Source: {one['source']}." if one["source"] else "",
        f"As known on {card.as_of}, issue {card.issue}.",
    ]
    built.add("description", " ".join(filter(None, reported)))
    return built
