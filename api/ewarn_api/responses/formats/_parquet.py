"""Write rows as Parquet: columns of the declared types, and the issue in the file's metadata."""

import io
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ewarn.core import columns
from ewarn_api.issues.table import Page

_SIZE = 50_000  # rows a row group
_TYPES = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
_SAID = ("issue", "as_of", "reference_month", "simulated")  # a file lies about without its headers


def write(page: Page, about: dict[str, Any], borders: Mapping[str, str]) -> Iterator[bytes]:  # noqa: ARG001
    """Yield the bytes, a row group at a time. Lists and objects are JSON text, as in CSV."""
    kinds = {name: _TYPES.get(type(columns.of(name, page.of).example)) for name in page.columns}
    facts = {f"ewarn.{name}": orjson.dumps(about[name]) for name in _SAID if name in about}
    schema = pa.schema([(name, kind or pa.string()) for name, kind in kinds.items()])
    sink = io.BytesIO()
    with pq.ParquetWriter(sink, schema, compression="zstd", store_schema=False) as file:
        file.add_key_value_metadata(facts)
        for part in page.parts(_SIZE):
            file.write_batch(pa.record_batch(_arrays(part, kinds), schema=schema))
            yield _taken(sink)
    yield _taken(sink)


def _arrays(part: Page, kinds: Mapping[str, pa.DataType | None]) -> list[pa.Array]:
    places = part.places
    return [
        column.array(places, kinds[name]) if kinds[name] else _texts(column.at(places))
        for name, column in part.kept.items()
    ]


def _texts(values: list[Any]) -> pa.Array:
    texts = [None if value is None else orjson.dumps(value).decode() for value in values]
    return pa.array(texts, pa.string())


def _taken(sink: io.BytesIO) -> bytes:
    """Return the bytes written since the last call; the writer counts them itself."""
    content = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return content
