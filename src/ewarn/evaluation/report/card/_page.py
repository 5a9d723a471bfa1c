"""Render a model card as one HTML page that needs no other file."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ewarn.evaluation.backtest import Curve
from ewarn.evaluation.report import _figures, _sentences
from ewarn.evaluation.report._numbers import frame
from ewarn.evaluation.report._templates import embedded, render
from ewarn.evaluation.report.card import _tables


def page(card: Mapping[str, Any]) -> str:
    """Return the card as HTML: what it forecasts, from what, how well, from which features, and
    limits.

    Pictures are within it, and it loads nothing from other hosts and runs no script.
    """
    base, name = card["compared_with"], card["model"]
    palette = _figures.colours([base], [name] if name != base else [])
    differences = frame(card["differences"]["by_lead"])
    return render(
        "card",
        card=card,
        leads=_sentences.leads(card["leads"]),
        skill=embedded(_figures.skill(differences, base, palette)) if len(differences) else "",
        reliability=embedded(_figures.diagrams(_curves(card), palette)),
        fewest=_figures.FEWEST,
        average=_tables.average(card),
        by_lead=_tables.parts(card, "by_lead", "lead"),
        by_stratum=_tables.parts(card, "by_stratum", "stratum"),
        importance=_tables.importance(card),
    )


def _curves(card: Mapping[str, Any]) -> dict[str, dict[str, Curve]]:
    """Return the points of the reliability diagrams, by model and event."""
    found: dict[str, dict[str, Curve]] = {}
    for one in card["calibration"]:
        points = np.array(one["forecast"], float), np.array(one["observed"], float)
        found.setdefault(one["model"], {})[one["event"]] = points
    return found
