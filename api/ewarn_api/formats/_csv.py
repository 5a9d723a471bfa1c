"""Rows into CSV (RFC 4180), with a header and nothing else."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from ewarn_api.table import Page

_SIZE = 5_000  # rows a chunk


def write(page: Page, about: dict[str, Any], borders: Mapping[str, str]) -> Iterator[bytes]:  # noqa: ARG001
    """The bytes, a chunk of rows at a time."""
    header: list[tuple[str, ...]] = [page.columns]
    for part in page.parts(_SIZE):
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows(header + _cells(part))
        yield text.getvalue().encode()
        header = []


def _cells(part: Page) -> list[tuple[Any, ...]]:
    return [tuple(map(_cell, row)) for row in part.rows]


def _cell(value: Any) -> Any:
    """What a cell holds: nothing for None, JSON's words for truths, JSON for lists and objects."""
    return orjson.dumps(value).decode() if isinstance(value, bool | list | dict) else value
