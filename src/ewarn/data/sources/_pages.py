"""Read JSON as APIs of sources answer: a page of rows, a list of pages, or a list of rows."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from ewarn.core.errors import BadInput
from ewarn.data.sources import _formats
from ewarn.data.sources._table import Record, Table

ROWS = ("Result", "data")  # where the APIs of UCDP and of ACLED have the rows of a page
_EXPECTED = "GeoJSON, rows, or all pages of an API's answer"


def from_json(name: str, text: str) -> Table:
    """Return the table in JSON text: GeoJSON, or rows as objects, in pages or not.

    A row's number is its place among all. Raises BadInput for text that is cut short, for other
    JSON, and for fewer rows than the pages count (`TotalCount`).
    """
    tree = _formats.tree(name, text)
    if isinstance(tree, dict) and "features" in tree:
        return _formats.from_geojson(name, text)
    pages = tree if isinstance(tree, list) and _is_paged(tree) else [tree]
    rows = [row for page in pages for row in _rows(name, page)]
    total = max(
        (int(page.get("TotalCount") or 0) for page in pages if isinstance(page, dict)), default=0
    )
    if len(rows) < total:
        raise BadInput(name, f"{len(rows):,} of {total:,} rows", "all pages, in a list")
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return Table(name, columns, partial(_records, columns, rows))


def _is_paged(tree: list[Any]) -> bool:
    return all(isinstance(page, dict) and any(key in page for key in ROWS) for page in tree)


def _rows(name: str, page: Any) -> list[dict[str, Any]]:
    key = next((key for key in ROWS if isinstance(page, dict) and key in page), None)
    rows = page[key] if key else page
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInput(name, "JSON without features or rows", _EXPECTED)
    if not rows:
        raise BadInput(name, "no rows", "at least one row of data")
    return rows


def _records(columns: list[str], rows: list[dict[str, Any]]) -> Iterator[Record]:
    yield 0, columns
    for number, row in enumerate(rows, start=1):
        yield number, [_text(row.get(key)) for key in columns]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)
