"""Store finished forecasts of a backtest, whole or not at all, for a later run to pick up."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import metadata
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from ewarn.core import months, specs
from ewarn.core.specs import ModelSpec
from ewarn.data.panel import Inputs

_SOURCE = Path(__file__).parents[2]
# Packages and modules that no scored row depends on; one that is not named here counts.
_BESIDE = {
    *("cli", "jobs", "database", "alerting", "explain", "publishing", "tracking.py"),
    *("core/files.py", "data/connectors", "data/quality.py", "evaluation/leakage"),
    *("evaluation/report", "evaluation/budgets.py", "evaluation/gate.py"),
    *("evaluation/hindcasts.py", "evaluation/verification.py"),
}
_LIBRARIES = ("lightgbm", "numpy", "scikit-learn", "scipy", "scoringrules", "statsmodels")
_TEXT = pa.dictionary(pa.int32(), pa.string())
_FORECASTS = pa.schema(
    [
        *((name, _TEXT) for name in ("model", "target", "unit", "reference_month")),
        ("lead", pa.int16()),
        *((name, _TEXT) for name in ("target_month", "output_type", "output_type_id")),
        ("value", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Store:
    """Scored rows by origin and model, in a folder of the same inputs, day and code alone.

    `with_forecasts` keeps every forecast too, and then only what has them counts as finished.
    """

    folder: Path
    with_forecasts: bool = False

    def has(self, origin: int, spec: ModelSpec) -> bool:
        """Return whether that model is finished at that origin."""
        wanted = [self._path(origin, spec)]
        wanted += [self._path(origin, spec, "forecasts")] if self.with_forecasts else []
        return all(path.exists() for path in wanted)

    def read(self, origin: int, spec: ModelSpec) -> pa.Table:
        """Return the scored rows that `write` kept."""
        return parquet.read_table(self._path(origin, spec))

    def write(
        self, origin: int, spec: ModelSpec, rows: pa.Table, forecasts: pd.DataFrame | None
    ) -> None:
        """Keep the scored rows, and the forecasts where there are some."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if forecasts is not None:
            long = pa.Table.from_pandas(forecasts, _FORECASTS, preserve_index=False)
            _whole(long, self._path(origin, spec, "forecasts"))
        _whole(rows, self._path(origin, spec))

    def export(self, at: Sequence[int], chosen: Sequence[ModelSpec], path: Path) -> None:
        """Write the forecasts of those origins and models into one Parquet file, in hubverse's
        columns.
        """
        unfinished = path.with_name(f".{path.name}")
        with parquet.ParquetWriter(unfinished, _FORECASTS) as writer:
            for origin in at:
                for spec in chosen:
                    writer.write_table(parquet.read_table(self._path(origin, spec, "forecasts")))
        unfinished.replace(path)

    def _path(self, origin: int, spec: ModelSpec, kind: str = "rows") -> Path:
        name = f"{months.label(origin)}-{spec.name}-{digest(spec_text(spec))[:12]}"
        return self.folder / f"{name}.{kind}.parquet"


def store(folder: Path, inputs: Inputs, as_of: date, with_forecasts: bool = False) -> Store:
    """Return the store below that folder of backtests on those inputs, by this code."""
    return Store(folder / key(inputs, as_of)[:16], with_forecasts)


def key(inputs: Inputs, as_of: date) -> str:
    """Return a digest of all that scored rows depend on, but for model and origin."""
    clocks = as_of.isoformat(), months.label(inputs.reference_month(as_of))
    return digest(*_contents(inputs), *clocks, code_version())


def spec_text(spec: ModelSpec) -> str:
    """Return a spec and the feature sets it names, as text."""
    sets = (specs.feature_set(name).model_dump_json() for name in spec.feature_sets)
    return "\n".join([spec.model_dump_json(), *sets])


@cache
def code_version() -> str:
    """Return a digest of the code that scored rows depend on, and the versions of the libraries."""
    own = [path for path in sorted(_SOURCE.rglob("*.py")) if _counts(path)]
    texts = [path.read_text(encoding="utf-8") for path in own]
    versions = [f"{name} {metadata.version(name)}" for name in _LIBRARIES]
    return digest(*texts, *versions)


def digest(*texts: str) -> str:
    """Return the SHA-256 of those texts, in hex; where one ends and the next begins counts."""
    total = hashlib.sha256()
    for text in texts:
        total.update(hashlib.sha256(text.encode()).digest())
    return total.hexdigest()


def _counts(path: Path) -> bool:
    inner = path.relative_to(_SOURCE)
    return not _BESIDE & {inner.as_posix(), *(part.as_posix() for part in inner.parents)}


def _contents(inputs: Inputs) -> Iterator[str]:
    """Yield the content of a panel's inputs as text: what was read, not the files it was
    read from.
    """
    yield f"{inputs.first_month} {inputs.last_month} {inputs.delay}"
    yield f"{inputs.final_through} {inputs.again_through} {[one[2:] for one in inputs.fetched]}"
    matrix = inputs.neighbours
    yield f"{matrix.indptr.tolist()} {matrix.indices.tolist()} {matrix.data.tolist()}"
    for name in ("units", "events", "counts", "deployments", "milestones", "reports"):
        table = getattr(inputs, name)
        yield name if table is None else f"{name} {_cells(table)}"


def _cells(table: pd.DataFrame) -> str:
    rows = pd.util.hash_pandas_object(table.drop(columns="row", errors="ignore"), index=False)
    return f"{list(table)} {hashlib.sha256(rows.to_numpy().tobytes()).hexdigest()}"


def _whole(table: pa.Table, path: Path) -> None:
    unfinished = path.with_name(f".{os.getpid()}.{path.name}")
    parquet.write_table(table, unfinished)
    unfinished.replace(path)
