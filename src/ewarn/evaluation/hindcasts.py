"""Hindcasts: what a model would have forecast at past origins, beside the outcomes; stored and
found.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import parquet
from pydantic import BaseModel, ConfigDict, ValidationError

from ewarn.core import columns, files
from ewarn.core.errors import BadInput

FOLDER = "hindcasts"  # below mlruns
_TYPES = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
_SCHEMA = pa.schema(
    [(name, _TYPES[type(columns.of(name).example)]) for name in columns.TABLES["hindcasts"]]
)


class About(BaseModel):
    """The card of a hindcast: spec, data, day, and the digest of its table.

    `reference_month` is the last month of outcomes, and `first_target` the first; `fitted_at` are
    the months on whose knowledge models were fitted, the earliest first. `scores` is a line a lead
    and stratum (`verification.lines`).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    model: str
    target: str
    leads: list[int]
    simulated: bool
    as_of: date
    reference_month: str
    first_target: str
    fitted_at: list[str]
    spec: dict[str, Any]
    sources: list[dict[str, Any]]
    scores: list[dict[str, Any]]
    countries: list[str]
    code_version: str
    digest: str


@dataclass(frozen=True)
class Hindcast:
    """A stored hindcast: its folder and its card."""

    folder: Path
    about: About

    @property
    def path(self) -> Path:
        """The Parquet file of its rows."""
        return self.folder / f"{self.about.id}.parquet"

    def rows(self) -> pd.DataFrame:
        """Return its rows (`columns.TABLES`), text as categories; BadInput if the file was
        changed.
        """
        content = files.content(self.path, "the rows of a hindcast")
        if files.digest(content) != self.about.digest:
            raise BadInput(self.path, files.digest(content), self.about.digest)
        text = [field.name for field in _SCHEMA if field.type == pa.string()]
        table = parquet.read_table(pa.BufferReader(content), read_dictionary=text)
        found: pd.DataFrame = table.to_pandas()
        return found


def write(folder: Path, rows: pd.DataFrame, said: Mapping[str, Any]) -> Hindcast:
    """Return the hindcast of those rows, on the disk whole or not at all: its JSON comes last, and
    without it there is none. `said` is all of `About` but the digest.
    """
    table = pa.Table.from_pandas(rows[list(_SCHEMA.names)], _SCHEMA, preserve_index=False)
    sink = io.BytesIO()
    parquet.write_table(table, sink, compression="zstd", store_schema=False)
    about = About.model_validate(dict(said) | {"digest": files.digest(sink.getvalue())})
    built = Hindcast(folder, about)
    with files.alone(folder):
        files.put_whole(built.path, sink.getvalue())
        files.put_whole(built.path.with_suffix(".json"), about.model_dump_json(indent=1).encode())
    return built


def every(folder: Path) -> list[Hindcast]:
    """Return the hindcasts kept in a folder, that of the latest reference month first; BadInput,
    naming the file, for one that is none.
    """
    found = [_read(path) for path in sorted(folder.glob("[!.]*.json"))]
    return sorted(found, key=lambda one: (one.about.reference_month, one.about.as_of), reverse=True)


def of_model(
    folder: Path, spec: Mapping[str, Any], simulated: bool, countries: Sequence[str] = ()
) -> Hindcast | None:
    """Return the newest hindcast of just that spec, of made-up events or of real ones, in just
    those countries, all where none is named; None if there is none.
    """
    wanted = dict(spec), simulated, list(countries)
    for one in every(folder):
        if (one.about.spec, one.about.simulated, one.about.countries) == wanted:
            return one
    return None


def _read(path: Path) -> Hindcast:
    try:
        about = About.model_validate_json(files.content(path, "a hindcast"))
    except ValidationError as error:
        first = error.errors()[0]
        where = f"{path}, {'.'.join(map(str, first['loc']))}"
        raise BadInput(where, repr(first["input"])[:80], first["msg"]) from error
    return Hindcast(path.parent, about)
