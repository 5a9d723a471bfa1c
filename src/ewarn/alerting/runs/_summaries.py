"""Summarise an alert in a few sentences, in English and in French."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ewarn.core import columns, months

_PARTS = {
    "new_events": ("new events", "nouveaux événements"),
    "revised_events": ("older events revised", "événements révisés"),
    "deployments_and_milestones": ("deployments and milestones", "déploiements et échéances"),
    "calendar_and_lead": (
        "the shorter lead and the calendar",
        "l'horizon plus court, le calendrier",
    ),
    "corrections": ("corrected preliminary counts", "la correction des chiffres provisoires"),
    "new_model": ("a new model", "un nouveau modèle"),
}
_WORDS = {
    "en": {
        "now": "{place}: {risk} risk of escalation in {month}{last}.",
        "last": " ({last} in the last issue)",
        "new": " (not in the last issue)",
        "risk": "The threshold is {level}.",
        "other": "The reason is {measure}, {value}; the threshold is {level}.",
        "extreme": "This is an extreme. ",
        "changed": "What changed, in points: {parts}.",
        "unknown": "The parts of the change are not known.",
        "drivers": "Why: {sentences}.",
        "age": "Data to {month}, {days} days old.",
        "between": "; ",
        "point": ".",
        "simulated": "SIMULATED. ",
    },
    "fr": {
        "now": "{place} : risque d'escalade de {risk} en {month}{last}.",
        "last": " ({last} dans l'édition précédente)",
        "new": " (absent de l'édition précédente)",
        "risk": "Le seuil est de {level}.",
        "other": "La raison est {measure}, {value} ; le seuil est de {level}.",
        "extreme": "C'est un extrême. ",
        "changed": "Ce qui a changé, en points : {parts}.",
        "unknown": "Les parts du changement ne sont pas connues.",
        "drivers": "Pourquoi : {sentences}.",
        "age": "Données jusqu'à {month}, vieilles de {days} jours.",
        "between": " ; ",
        "point": ",",
        "simulated": "SIMULÉ. ",
    },
}


def summary(said: Mapping[str, Any], day: date, language: str, simulated: bool) -> str:
    """Return the text of an alert: whether it is simulated, the risk now and in the last issue, why
    it was raised, what changed, the sentences of the leading drivers, and the age of the data.
    """
    words = _WORDS[language]
    parts = [_now(said, words), _why(said, words), *_changed(said, words, language)]
    sentences = words["between"].join(one[f"sentence_{language}"] for one in said["drivers"])
    mark = words["simulated"] if simulated else ""
    last = said["reference_month"]
    days = (day - months.last_day(months.parse(last))).days
    age = words["age"].format(month=last, days=days)
    return mark + " ".join([*parts, words["drivers"].format(sentences=sentences), age])


def _now(said: Mapping[str, Any], words: Mapping[str, str]) -> str:
    known = said["last_risk"] is not None
    last = words["last"].format(last=_percent(said["last_risk"], words)) if known else words["new"]
    place = f"{said['admin1_name']}, {said['location_name']}"
    risk, month = _percent(said["risk"], words), said["target_month"]
    return words["now"].format(place=place, risk=risk, month=month, last=last)


def _why(said: Mapping[str, Any], words: Mapping[str, str]) -> str:
    name = "risk" if said["measure"] == "risk" else "other"
    reported = {"measure": said["measure"], "value": _percent(said["measured"], words)}
    start = words["extreme"] if said["reason"] == "extreme" else ""
    return start + words[name].format(level=_percent(said["threshold"], words), **reported)


def _changed(said: Mapping[str, Any], words: Mapping[str, str], language: str) -> list[str]:
    if said["risk_change"] is None:
        return []
    if said[columns.PARTS_OF_A_CHANGE[0]] is None:
        return [words["unknown"]]
    place = list(_WORDS).index(language)
    parts = sorted(columns.PARTS_OF_A_CHANGE, key=lambda name: -abs(said[name]))
    points = {name: _points(said[name], words) for name in parts}
    reported = [f"{_PARTS[name][place]} {points[name]}" for name in parts if points[name]]
    return [words["changed"].format(parts=", ".join(reported))] if reported else []


def _percent(value: float, words: Mapping[str, str]) -> str:
    return f"{100 * value:.1f} %".replace(".", words["point"])


def _points(value: float, words: Mapping[str, str]) -> str:
    """Percentage points with their sign; nothing for what rounds to none."""
    text = f"{100 * value:+.1f}"
    return "" if text in ("+0.0", "-0.0") else text.replace(".", words["point"])
