"""Load again what an issue was made from: inputs from their vintages, panel, and model."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ewarn.core.errors import BadInput
from ewarn.core.specs import ModelSpec
from ewarn.data import ingest, panel
from ewarn.data.ingest import Files, Loaded
from ewarn.data.panel import Panel
from ewarn.data.vintages import Store
from ewarn.forecasting import model
from ewarn.forecasting.model import Model
from ewarn.publishing import issue
from ewarn.publishing.issue import Card, Issue
from ewarn.tracking import Registry


@dataclass(frozen=True)
class Recalled:
    """What an issue was made from: inputs, panel and model, and where that was found."""

    loaded: Loaded
    known: Panel
    model: Model
    model_from: str


READ_BY = (
    "encoding",
    "dates",
    "long_events",
    "country_events",
    "place_fields",
)  # rules of a source that decide how it is read


def named(name: str, mlruns: Path) -> Issue:
    """Return the issue of that id, or in that folder."""
    return issue.read(Path(name) if Path(name).is_dir() else mlruns / "issues" / name)


def recall(was: Issue, mlruns: Path) -> Recalled:
    """Return the inputs, panel and model of an issue; raises BadInput where a vintage or the model
    is gone.
    """
    if was.card.model.digest is None:
        raise BadInput(was.folder, "no digest of its model", "an issue of this version of ewarn")
    loaded = _loaded(was.card, mlruns)
    known = panel.build(loaded.as_known, loaded.day)
    return Recalled(loaded, known, *_model(was.card, loaded, known, mlruns))


def _loaded(card: Card, mlruns: Path) -> Loaded:
    """Return the inputs from the vintages that the card names, and no others."""
    named = {digest for source in card.sources for digest in source.vintages}
    store = Store(mlruns / "vintages", only=named)
    by_kind = {one.kind: one for one in card.sources}
    paths: dict[str, Any] = {
        kind: store.path(one.digest, one.file) for kind, one in by_kind.items() if one.vintages
    }
    events = by_kind["events"]
    stated: dict[str, Any] = {name: events.rules[name] for name in READ_BY if name in events.rules}
    paths |= {"countries": card.countries, "max_set_aside": 1.0, "delay": events.delay_days}
    files = Files(**paths, **stated)
    loaded = ingest.load(files, store, card.as_of)
    found = {digest for source in loaded.sources for digest in source["vintages"]}
    for gone in sorted(named - found):
        file = next(one.file for one in card.sources if gone in one.vintages)
        raise BadInput(store.folder, f"the vintage {gone} of {file} is gone", "it as it was read")
    return loaded


def _model(card: Card, loaded: Loaded, known: Panel, mlruns: Path) -> tuple[Model, str]:
    """Return the model from the registry, or else fitted again on the panel; BadInput if neither is
    it.
    """
    has_runs = card.model.run_id and (mlruns / "mlflow.db").exists()
    stored = Registry(mlruns).model(card.model.run_id) if has_runs and card.model.run_id else None
    if stored and model.digest(stored) == card.model.digest:
        return stored, f"MLflow run {card.model.run_id}"
    spec = ModelSpec.model_validate(card.model.spec)
    fitted = model.fit(spec, known, loaded.simulated)
    if model.digest(fitted) == card.model.digest:
        return fitted, "fitted again, with the same text"
    what = f"not in MLflow (run {card.model.run_id}), and fitted again it is another"
    raise BadInput(f"model {card.model.name} {card.model.digest}", what, "the model of the issue")
