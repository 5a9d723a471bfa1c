"""Write an alert as a message of the Common Alerting Protocol (OASIS CAP 1.2)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET  # it only writes

from ewarn.core import months
from ewarn_api.issues import store
from ewarn_api.responses.feeds.atom import title

MEDIA_TYPE = "application/cap+xml"
_SPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_EVENT = {"en": "Escalation of political violence", "fr": "Escalade de violence politique"}
_LIKELY = 0.5  # CAP's own bound between Likely and Possible
_TOLD = ("risk", "last_risk", "risk_change", "threshold", "p_ge_25", "p_ge_100", "expected")


def message(one: Mapping[str, Any], sender: str, simulated: bool) -> bytes:
    """Return the message of an alert; of one that has ended, the one that cancels it.

    A simulated one is an exercise, and so is one about a month that is over. It is a forecast: its
    urgency is in the future, its certainty by the risk, and its severity that of what is forecast,
    not of what is known to happen.
    """
    built = ET.Element("alert", {"xmlns": _SPACE})
    raised = _time(one["raised_at"])
    first = f"ewarn-{one['alert']}"
    _add(built, "identifier", first if one["is_open"] else f"{first}-ended")
    _add(built, "sender", sender)
    _add(built, "sent", raised if one["is_open"] else _time(one["ended_at"]))
    is_over = store.today() > months.last_day(months.parse(one["target_month"]))
    _add(built, "status", "Exercise" if simulated or is_over else "Actual")
    _add(built, "msgType", "Alert" if one["is_open"] else "Cancel")
    _add(built, "scope", "Restricted")
    _add(built, "restriction", "For those who were given access to the watch list.")
    if not one["is_open"]:
        _add(built, "note", f"ended: {one['ended_why']}")
        _add(built, "references", f"{sender},{first},{raised}")
    for language in _EVENT:
        _info(_add(built, "info"), one, language, simulated)
    ET.indent(built)
    return bytes(ET.tostring(built, "utf-8", xml_declaration=True)) + b"\n"


def _info(info: ET.Element, one: Mapping[str, Any], language: str, simulated: bool) -> None:
    month = months.parse(one["target_month"])
    _add(info, "language", language)
    _add(info, "category", "Security")
    _add(info, "event", _EVENT[language])
    _add(info, "urgency", "Future")
    _add(info, "severity", "Extreme" if one["reason"] == "extreme" else "Severe")
    _add(info, "certainty", "Likely" if one["risk"] > _LIKELY else "Possible")
    _add(info, "onset", f"{one['target_month']}-01T00:00:00-00:00")
    _add(info, "expires", f"{months.last_day(month)}T23:59:59-00:00")
    _add(info, "senderName", "ewarn")
    if language == "en":
        _add(info, "headline", title(one, simulated))
    _add(info, "description", one[f"summary_{language}"])
    for name in _TOLD:
        if one[name] is not None:
            _pair(_add(info, "parameter"), name, f"{one[name]:.6g}")
    area = _add(info, "area")
    _add(area, "areaDesc", f"{one['admin1_name']}, {one['location_name']}")
    _pair(_add(area, "geocode"), "admin1_code", one["admin1_code"])
    _pair(_add(area, "geocode"), "ISO 3166-1", one["location_code"])


def _time(moment: str) -> str:
    """Return the moment as CAP has it: whole seconds, and -00:00 for UTC."""
    return f"{datetime.fromisoformat(moment).astimezone(UTC):%Y-%m-%dT%H:%M:%S}-00:00"


def _pair(parent: ET.Element, name: str, value: str) -> None:
    _add(parent, "valueName", name)
    _add(parent, "value", value)


def _add(parent: ET.Element, tag: str, text: str | None = None) -> ET.Element:
    built = ET.SubElement(parent, tag)
    built.text = text
    return built
