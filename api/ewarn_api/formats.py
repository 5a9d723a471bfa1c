"""Rows into bytes, as JSON or CSV, whichever the suffix, ?format= or Accept asks for."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from fastapi import Request

from ewarn.errors import BadInput, EwarnError
from ewarn_api.table import Page


class NotAcceptable(EwarnError):
    """The client accepts none of the formats there are."""


@dataclass(frozen=True)
class Format:
    """A way to write a page; `is_bare` when the bytes are the rows and nothing else."""

    name: str
    media_type: str
    is_bare: bool
    write: Callable[[Page, dict[str, Any]], bytes]


def _json(page: Page, about: dict[str, Any]) -> bytes:
    rows = [dict(zip(page.columns, row, strict=True)) for row in page.rows]
    return orjson.dumps({"data": rows} | about)


def _csv(page: Page, about: dict[str, Any]) -> bytes:  # noqa: ARG001
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(page.columns)
    writer.writerows([_cell(value) for value in row] for row in page.rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    """What a cell holds: nothing for None, JSON's words for truths, JSON for lists and objects."""
    return orjson.dumps(value).decode() if isinstance(value, bool | list | dict) else value


Name = Literal["json", "csv"]
FORMATS: dict[Name, Format] = {
    "json": Format("json", "application/json", False, _json),
    "csv": Format("csv", "text/csv; charset=utf-8", True, _csv),
}
SUFFIXES = {f".{name}": name for name in FORMATS}


def chosen(request: Request, parameter: Name | None) -> Format:
    """The format asked for; raises BadInput where two are, NotAcceptable where none will do."""
    suffix: Name | None = request.scope.get("ewarn.suffix")
    if suffix and parameter and suffix != parameter:
        raise BadInput("query parameter format", parameter, f"{suffix}, as the suffix says")
    name = suffix or parameter
    return FORMATS[name] if name else _accepted(request.headers.get("accept", "*/*"))


def _accepted(header: str) -> Format:
    """The format the header likes best, the first of equals (RFC 9110, 12.5.1)."""
    ranges = [_range(part) for part in header.split(",")]
    liked = {name: _liking(form, ranges) for name, form in FORMATS.items()}
    best = max(liked, key=lambda name: liked[name])
    if not liked[best]:
        known = ", ".join(form.media_type for form in FORMATS.values())
        raise NotAcceptable(f"Accept is {header!r}; there are {known}")
    return FORMATS[best]


def _range(part: str) -> tuple[str, float]:
    media, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weights = [piece[2:] for piece in parameters if piece.startswith("q=")]
    try:
        return media, float(weights[0]) if weights else 1.0
    except ValueError:
        return media, 0.0


def _liking(form: Format, ranges: list[tuple[str, float]]) -> float:
    """The weight of the most exact range the format falls under, 0 where there is none."""
    media = form.media_type.split(";")[0]
    for wanted in (media, f"{media.split('/')[0]}/*", "*/*"):
        weights = [weight for name, weight in ranges if name == wanted]
        if weights:
            return max(weights)
    return 0.0
