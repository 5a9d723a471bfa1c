"""Report a backtest, and log it as a run in MLflow."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from ewarn.core import specs
from ewarn.core.specs import ModelSpec, Protocol
from ewarn.data.ingest import Loaded
from ewarn.evaluation import backtest, report
from ewarn.evaluation.report import Numbers, Subject
from ewarn.jobs import _run_tags
from ewarn.tracking import Registry

BACKTESTS = "backtests"  # below mlruns


@dataclass(frozen=True)
class Reported:
    """Where a backtest's report lies, its run in MLflow, and its numbers."""

    page: Path
    run_id: str
    numbers: Numbers


def log_backtest(
    rows: pd.DataFrame,
    protocol: Protocol,
    chosen: Sequence[ModelSpec],
    loaded: Loaded,
    as_of: date,
    mlruns: Path,
) -> Reported:
    """Return the report and the numbers of a backtest, below mlruns/backtests and in a run of
    MLflow.
    """
    numbers = report.numbers(rows, protocol)
    subject = _subject(numbers, protocol, chosen, loaded, as_of)
    document = numbers.document(subject)
    files = {
        "report.html": report.page(rows, numbers, subject).encode(),
        "numbers.json": json.dumps(document, indent=1, allow_nan=False).encode(),
    }
    registry = Registry(mlruns)
    name = f"{protocol.name}: {', '.join(subject.rivals or subject.baselines)}"
    with registry.run("backtest", name, _params(subject, numbers)) as run_id:
        registry.log(run_id, _metrics(numbers), {}, files)
    folder = _write(mlruns / BACKTESTS / subject.key, files)
    return Reported(folder / "report.html", run_id, numbers)


def _subject(
    numbers: Numbers, protocol: Protocol, chosen: Sequence[ModelSpec], loaded: Loaded, as_of: date
) -> Subject:
    key = backtest.digest(
        backtest.key(loaded.inputs, as_of),
        *numbers.origins,
        protocol.model_dump_json(exclude=set(specs.FILES)),
        *(backtest.spec_text(spec) for spec in chosen),
    )
    code = _run_tags.code_version()
    return Subject(key[:16], protocol, list(chosen), loaded.sources, loaded.simulated, as_of, code)


def _params(subject: Subject, numbers: Numbers) -> dict[str, object]:
    digests = {f"input.{one['kind']}": one["digest"] for one in subject.sources}
    return digests | {
        "key": subject.key,
        "protocol": subject.protocol.name,
        "models": ",".join(spec.name for spec in subject.specs),
        "origins": len(numbers.origins),
        "first": numbers.origins[0],
        "last": numbers.origins[-1],
        "as_of": subject.as_of,
        "simulated": subject.simulated,
        "code_version": subject.code_version,
    }


def _metrics(numbers: Numbers) -> dict[tuple[str, int], float]:
    """Return every metric by ("model.metric", lead), and ("mean.model.metric", 0) over leads."""
    return _run_tags.by_lead(numbers.by_lead) | {
        (f"mean.{row['model']}.{name}", 0): float(value)
        for row in numbers.average.to_dict("records")
        for name, value in row.items()
        if name != "model"
    }


def _write(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f".{name}").write_bytes(content)
        (folder / f".{name}").replace(folder / name)
    return folder
