"""Write the card of a model, stored with its run and its issues."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ewarn.data.panel import Panel
from ewarn.evaluation.report import card as cards
from ewarn.evaluation.report.card import Learned
from ewarn.explain import importance
from ewarn.forecasting.model import Forecast
from ewarn.jobs import _run_tags
from ewarn.tracking import Registry, Version

NAMES = ("card.json", "card.html")


@dataclass(frozen=True)
class Seen:
    """The importance of feature groups for one model, gathered while a backtest runs."""

    model: str
    tables: list[pd.DataFrame] = field(default_factory=list)

    def look(self, forecast: Forecast, truth: Panel) -> None:
        """Take the forecast in, if it is that model's."""
        if forecast.model.spec.name == self.model:
            self.tables.append(importance.of(forecast, truth))


def files(
    learned: Learned, rows: pd.DataFrame, seen: Seen, registered: Mapping[str, str]
) -> dict[str, bytes]:
    """Return the card as JSON and as a page; `registered` is what the registry calls the model."""
    facts = {**registered, **cards.document(learned, rows, pd.concat(seen.tables))}
    document = json.dumps(facts, indent=1, allow_nan=False, default=str)
    return dict(zip(NAMES, (document.encode(), cards.page(facts).encode()), strict=True))


def card(mlruns: Path, name: str | None, version: int | None) -> tuple[Version, list[Path]]:
    """Return a registered version (by default the newest of the name last trained) and where its
    card lies, as JSON and as a page; raises Unknown without such a version, BadInput without a
    card.
    """
    registry = _run_tags.existing(mlruns)
    chosen = registry.version(name or registry.newest(), version)
    return chosen, [registry.place(chosen.run_id, one) for one in NAMES]


def kept(registry: Registry, run_id: str) -> dict[str, bytes]:
    """Return the card that a run holds; nothing where it is of a version that made none."""
    has = registry.names(run_id)
    return {name: registry.file(run_id, name) for name in NAMES if name in has}
