"""Write rows as CSV (RFC 4180), with a header and nothing else."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from ewarn_api.issues.table import Page

_SIZE = 5_000  # rows a chunk
_TOLD_AS_JSON = {bool, list, dict}


def write(page: Page, about: dict[str, Any], borders: Mapping[str, str]) -> Iterator[bytes]:  # noqa: ARG001
    """Yield the bytes, a chunk of rows at a time."""
    header: list[tuple[str, ...]] = [page.columns]
    for part in page.parts(_SIZE):
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows(header + _cells(part))
        yield text.getvalue().encode()
        header = []


def _cells(part: Page) -> list[tuple[Any, ...]]:
    """Return the text of cells: nothing for None, JSON's words for truths, JSON for lists and
    objects.
    """
    places = part.places
    columns = [column.at(places) for column in part.kept.values()]
    return list(zip(*map(_texts, columns), strict=True))


def _texts(values: list[Any]) -> list[Any]:
    if not _TOLD_AS_JSON & set(map(type, values)):
        return values
    return [None if value is None else orjson.dumps(value).decode() for value in values]
