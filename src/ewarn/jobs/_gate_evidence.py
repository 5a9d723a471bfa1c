"""Store the evidence for the gate with a training run, and read it."""

import io
import json
from dataclasses import asdict
from typing import Any

import pandas as pd

from ewarn.core.specs import ModelSpec
from ewarn.data.ingest import Loaded
from ewarn.evaluation.gate import KEYS, METRICS, Evidence
from ewarn.evaluation.leakage import Checked, Finding
from ewarn.tracking import Registry

_COLUMNS = ["model", *KEYS, "outcome", *METRICS, "is_covered", "pit"]
_TEXT = ["model", "origin", "unit"]


def documents(spec: ModelSpec, loaded: Loaded, checked: Checked) -> dict[str, Any]:
    """Return the JSON documents: the spec, the inputs with their digests, and the leakage test."""
    return {
        "spec.json": spec.model_dump(),
        "sources.json": loaded.sources,
        "leak.json": asdict(checked),
    }


def files(rows: pd.DataFrame) -> dict[str, bytes]:
    """Return the scored rows of the held-out origins, as Parquet."""
    stored = rows[_COLUMNS].astype(dict.fromkeys(_TEXT, "category"))
    return {"evidence.parquet": stored.to_parquet(index=False)}


def read(registry: Registry, run_id: str) -> Evidence:
    """Return the evidence of a run; raises BadInput where a part of it is missing."""
    rows = pd.read_parquet(io.BytesIO(registry.file(run_id, "evidence.parquet")))
    spec, sources, checked = (
        json.loads(registry.file(run_id, f"{name}.json")) for name in ("spec", "sources", "leak")
    )
    return Evidence(
        ModelSpec.model_validate(spec),
        {one["kind"]: one["digest"] for one in sources},
        rows.astype(dict.fromkeys(_TEXT, str)),
        _checked(checked),
    )


def _checked(document: dict[str, Any]) -> Checked:
    findings = tuple(Finding(**one) for one in document["findings"])
    tuples = {name: tuple(document.get(name, ())) for name in ("months", "leads")}
    return Checked(**document | tuples | {"findings": findings})
