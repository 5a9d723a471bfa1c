"""Write alerts as an Atom feed (RFC 4287)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET  # it only writes

from ewarn.publishing.issue import Card

MEDIA_TYPE = "application/atom+xml"
_SPACE = "http://www.w3.org/2005/Atom"


def feed(alerts: Sequence[Mapping[str, Any]], card: Card, owner: str, root: str) -> bytes:
    """Return the feed of these alerts, the newest first; `owner` is the id of the key whose they
    are, and links begin with `root`. An alert that has ended is updated, and marked as ended.
    """
    built = ET.Element("feed", {"xmlns": _SPACE, "xml:lang": "en"})
    _add(built, "id", f"urn:ewarn:alerts:{owner}")
    _add(built, "title", "ewarn: SIMULATED alerts" if card.simulated else "ewarn: alerts")
    _add(built, "updated", changed(alerts, card).isoformat())
    _add(_add(built, "author"), "name", "ewarn")
    _add(built, "link", rel="self", type=MEDIA_TYPE, href=f"{root}/v1/alerts.atom")
    for one in alerts:
        _entry(_add(built, "entry"), one, root, card.simulated)
    ET.indent(built)
    return bytes(ET.tostring(built, "utf-8", xml_declaration=True)) + b"\n"


def changed(alerts: Sequence[Mapping[str, Any]], card: Card) -> datetime:
    """Return when the last of these alerts was raised or ended; without one, when the issue was
    made.
    """
    times = [datetime.fromisoformat(_updated(one)) for one in alerts]
    return max(times, default=card.created_at)


def _entry(entry: ET.Element, one: Mapping[str, Any], root: str, simulated: bool) -> None:
    path = f"{root}/v1/alerts/{one['alert']}"
    _add(entry, "id", f"urn:ewarn:alert:{one['alert']}")
    _add(entry, "title", title(one, simulated))
    _add(entry, "published", one["raised_at"])
    _add(entry, "updated", _updated(one))
    _add(entry, "category", term=one["location_code"])
    _add(entry, "category", term=one["reason"])
    _add(entry, "link", rel="alternate", type="application/json", href=path)
    _add(entry, "link", rel="related", type="application/cap+xml", href=f"{path}.cap")
    _add(entry, "summary", one["summary_en"])


def title(one: Mapping[str, Any], simulated: bool) -> str:
    """Return the alert in a line, marked where it is simulated."""
    mark = "SIMULATED. " if simulated else ""
    state = "" if one["is_open"] else " (ended)"
    where = f"{one['admin1_name']}, {one['location_name']}"
    risk, month = f"{100 * one['risk']:.1f} %", one["target_month"]
    return f"{mark}{where}: {risk} risk of escalation in {month}{state}"


def _updated(one: Mapping[str, Any]) -> str:
    return str(one["ended_at"] or one["raised_at"])


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    built = ET.SubElement(parent, tag, attributes)
    built.text = text
    return built
