"""Read CSV, GeoJSON and xlsx content as tables of text cells."""

import csv
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile

import pandas as pd

from ewarn.core import geojson
from ewarn.core.errors import BadInput
from ewarn.data.sources._table import Record, Table

# What openpyxl lets through from the zip, the compression and the XML of a damaged workbook.
_BROKEN_BOOK = (
    BadZipFile, zlib.error, EOFError, KeyError, ValueError, SyntaxError, NotImplementedError,
)  # fmt: skip

_STATED = re.compile(r"sep=(.)\r?\n")  # the line by which a spreadsheet program states it


def from_csv(name: str, text: str) -> Table:
    """Yield the table in CSV text; a row's number is the line it begins on. Raises BadInput if
    empty.
    """
    stated = _STATED.match(text)
    separator = stated[1] if stated else _separator(text)

    def records() -> Iterator[Record]:
        reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
        line = 1
        if stated:
            next(reader)
            line = 2
        try:
            for cells in reader:
                if not _is_blank(cells):
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            where = f"{name}, row {line}"
            raise BadInput(
                where, f"no CSV record ({error})", "cells, with quotes closed"
            ) from error

    _, header = next(records(), (0, []))
    if not header:
        raise BadInput(name, "only blank lines", "a header and at least one row of data")
    return Table(name, [cell.strip() for cell in header], records, separator=separator)


def _separator(text: str) -> str:
    """Return the separator that the first line has most often: comma, semicolon, tab or bar."""
    first = text.lstrip().partition("\n")[0]
    return max(",;\t|", key=first.count)


def from_xlsx(name: str, data: bytes) -> list[Table]:
    """Return the tables in a workbook: one a sheet that has any cell filled, its header the first
    row.
    """
    sheets = _sheets(name, data)
    tables = []
    for sheet, cells in sheets.items():
        filled = [record for record in _numbered(cells) if not _is_blank(record[1])]
        if filled:
            noun = f"sheet {sheet}, row" if len(sheets) > 1 else "row"
            header = [cell.strip() for cell in filled[0][1]]
            tables.append(Table(name, header, partial(iter, filled), noun))
    if not tables:
        raise BadInput(name, "only blank sheets", "a header and at least one row of data")
    return tables


def _sheets(name: str, data: bytes) -> dict[str, pd.DataFrame]:
    try:
        return pd.read_excel(
            BytesIO(data), sheet_name=None, header=None, dtype=str, engine="openpyxl",
            keep_default_na=False,
        )  # fmt: skip
    except _BROKEN_BOOK as error:
        raise BadInput(name, f"no workbook ({error})", "a whole xlsx workbook") from error


def _numbered(cells: pd.DataFrame) -> Iterator[Record]:
    return enumerate(cells.fillna("").to_numpy().tolist(), start=1)


def _is_blank(cells: Sequence[str]) -> bool:
    return not any(cell and not cell.isspace() for cell in cells)


def from_geojson(name: str, text: str) -> Table:
    """Yield the table of a FeatureCollection of points: its properties, and latitude and longitude.

    Raises BadInput for text that is cut short, has no features, or is in other coordinates.
    """
    features = _features(name, text)
    properties = [feature.get("properties") or {} for feature in features]
    columns = list(dict.fromkeys(key for cells in properties for key in cells))
    own = [column for column in ("latitude", "longitude") if column not in columns]

    def records() -> Iterator[Record]:
        yield 0, columns + own
        for number, (feature, cells) in enumerate(zip(features, properties, strict=True), start=1):
            point = _point(feature.get("geometry"))
            yield number, [_text(cells.get(key)) for key in columns] + [point[key] for key in own]

    return Table(name, columns + own, records, noun="feature")


def tree(name: str, text: str) -> Any:
    """Return JSON text as objects, numbers as written, so that messages quote the file; raises
    BadInput.
    """
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        where = f"{name}, line {error.lineno}"
        raise BadInput(
            where, f"no JSON ({error.msg}); is the file cut short?", "GeoJSON"
        ) from error


def _features(name: str, text: str) -> list[dict[str, Any]]:
    found = tree(name, text)
    if system := geojson.other_system(found):
        raise BadInput(name, f"the coordinate system {system}", geojson.CONVERTED)
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not all(map(_is_feature, features)):
        raise BadInput(name, "JSON without features", "a GeoJSON FeatureCollection")
    if not features:
        raise BadInput(name, "no features", "a FeatureCollection with at least one feature")
    return features


def _is_feature(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("properties"), dict | None)


def _point(geometry: Any) -> dict[str, str]:
    """Return the coordinates of a point, or of several that are one; words that are no coordinates
    for any other geometry, which so is a fault of its row.
    """
    if geometry is None:
        return {"latitude": "", "longitude": ""}
    match geometry:
        case {"type": "Point", "coordinates": [str(longitude), str(latitude), *_]}:
            return {"latitude": latitude, "longitude": longitude}
        case {"type": "MultiPoint", "coordinates": [[str(longitude), str(latitude), *_]]}:
            return {"latitude": latitude, "longitude": longitude}
        case {"type": kind} if kind != "Point":
            return dict.fromkeys(("latitude", "longitude"), f"a {kind}")
    return dict.fromkeys(("latitude", "longitude"), repr(geometry))


def _text(value: Any) -> str:
    return "" if value is None else str(value)
