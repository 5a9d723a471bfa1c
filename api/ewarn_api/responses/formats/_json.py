"""Write rows as JSON: an object with the rows as `data`, and the facts beside them."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from ewarn_api.issues.table import Page

_SIZE = 5_000  # rows a chunk


def write(page: Page, about: dict[str, Any], borders: Mapping[str, str]) -> Iterator[bytes]:  # noqa: ARG001
    """Yield the bytes, a chunk of rows at a time."""
    yield from enveloped({"data": []}, (part.dicts for part in page.parts(_SIZE)), about)


def enveloped(
    head: dict[str, Any], items: Iterator[list[Any]], tail: dict[str, Any]
) -> Iterator[bytes]:
    """Yield an object: the head, whose last value is an empty list that takes the items, and the
    tail.
    """
    before = orjson.dumps(head).removesuffix(b"]}")
    for some in items:
        yield before + orjson.dumps(some)[1:-1]
        before = b","
    yield b"]" + orjson.dumps(tail).replace(b"{", b"," if tail else b"", 1)
