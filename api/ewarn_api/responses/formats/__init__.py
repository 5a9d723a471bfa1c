"""Write pages of rows in the format that the suffix, ?format= or Accept requests."""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from fastapi import Request

from ewarn.core.errors import BadInput, EwarnError
from ewarn_api.issues.table import Page
from ewarn_api.requests.parameters import FormatName, Whole
from ewarn_api.responses.formats import _accept, _csv, _geojson, _json, _parquet

Borders = Mapping[str, str]
Write = Callable[[Page, dict[str, Any], Borders], Iterator[bytes]]
WHOLE = 10_000  # rows up to which an answer is made whole; longer ones are streamed


class NotAcceptable(EwarnError):
    """The client accepts none of the formats there are, or one that cannot carry these rows."""


@dataclass(frozen=True)
class Format:
    """A way to write a page: `write` gives its bytes bit by bit, from the page, what stands beside
    its rows, and the borders of units as GeoJSON. `is_bare` when the bytes are the same for good,
    without ages; `is_table` when a reader cannot see in it that there are more rows.
    """

    name: str
    media_type: str
    is_bare: bool
    is_table: bool
    write: Write


FORMATS: dict[FormatName, Format] = {
    "json": Format("json", "application/json", False, False, _json.write),
    "csv": Format("csv", "text/csv; charset=utf-8", True, True, _csv.write),
    "geojson": Format("geojson", "application/geo+json", False, False, _geojson.write),
    "parquet": Format("parquet", "application/vnd.apache.parquet", True, True, _parquet.write),
}
OF_PLACES: FormatName = "geojson"
has_places = _geojson.has_places
SUFFIXES = {f".{name}": name for name in FORMATS}


def chosen(request: Request, query: Whole, has_places: bool) -> Format:
    """Return the requested format; raises BadInput for two of them, NotAcceptable where
    none fits.
    """
    parameter = query.format
    suffix: FormatName | None = request.scope.get("ewarn.suffix")
    if suffix and parameter and suffix != parameter:
        raise BadInput("query parameter format", parameter, f"{suffix}, as in the suffix")
    there = {name: form for name, form in FORMATS.items() if has_places or name != OF_PLACES}
    name = suffix or parameter or _accepted(request.headers.get("accept", "*/*"), there)
    if name not in there:
        raise NotAcceptable(f"{name} is for rows that have a place; there are {', '.join(there)}")
    return _marked(there[name]) if query.bom and name == "csv" else there[name]


def _marked(form: Format) -> Format:
    """Return the format with a byte order mark at its start."""

    def write(page: Page, about: dict[str, Any], borders: Borders) -> Iterator[bytes]:
        return chain([BOM_UTF8], form.write(page, about, borders))

    return replace(form, name=f"{form.name} with a mark", write=write)


def _accepted(header: str, there: Mapping[FormatName, Format]) -> FormatName:
    """Return the format the header likes best, the first of equals."""
    ranges = _accept.ranges(header)
    liked = {name: _accept.weight(form.media_type, ranges) for name, form in there.items()}
    best = max(liked, key=lambda name: liked[name])
    if not liked[best]:
        known = ", ".join(form.media_type for form in there.values())
        raise NotAcceptable(f"Accept is {header!r}; there are {known}")
    return best
