"""Write rows as GeoJSON (RFC 7946): a feature a row, with the border of its unit."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from ewarn_api.issues.table import Page
from ewarn_api.responses.formats import _json

_SIZE = 1_000  # rows a chunk: a border is longer than a row
_CODES = ("admin1_code", "unit")  # columns that name the unit of a row


def write(page: Page, about: dict[str, Any], borders: Mapping[str, str]) -> Iterator[bytes]:
    """Yield the bytes, a chunk of rows at a time; what stands beside rows are members of their
    own.
    """
    code = page.columns.index(next(name for name in _CODES if name in page.columns))
    shapes = {key: orjson.Fragment(text) for key, text in borders.items()}

    def features(part: Page) -> list[dict[str, Any]]:
        return [
            {
                "type": "Feature",
                "geometry": shapes.get(row[code]),  # none for a row about a whole country
                "properties": dict(zip(page.columns, row, strict=True)),
            }
            for row in part.rows
        ]

    head = {"type": "FeatureCollection", "features": []}
    yield from _json.enveloped(head, map(features, page.parts(_SIZE)), about)


def has_places(columns: tuple[str, ...]) -> bool:
    """Return whether rows of these columns can be put on a map."""
    return any(name in columns for name in _CODES)
