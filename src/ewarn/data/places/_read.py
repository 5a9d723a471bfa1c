"""Read a GeoJSON file of units, plain or gzipped, and check all of it."""

import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from ewarn.core import geojson
from ewarn.core.errors import BadInput
from ewarn.data.places._countries import country_name, is_country
from ewarn.data.places._fields import Fields, alpha3, recognised, value

_KINDS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class Borders:
    """The units of a file: `table` (code, name, country, country_name) and shapes, by code, notes
    on what was repaired or left out, and the administrative level.
    """

    table: pd.DataFrame
    shapes: NDArray[np.object_]
    notes: tuple[str, ...]
    level: int


def read(path: Path, fields: Fields | None = None) -> Borders:
    """Return the units of a file whose fields are those stated, or of a known publisher.

    A feature without a geometry is left out, an invalid ring repaired, each with a note. Raises
    BadInput, with file, feature number and field, for anything else that is not as it should be.
    """
    features = _features(path)
    used = fields or recognised(_given(features[0]))
    rows = [_properties(f"{path}, feature {n}", one, used) for n, one in enumerate(features, 1)]
    _refuse_twice(path, [row["code"] for row in rows])
    shapes, notes = _shapes(path, features, [row["name"] for row in rows])
    stored = [n for n, shape in enumerate(shapes) if shape is not None]
    order = sorted(stored, key=lambda n: rows[n]["code"])
    if not order:
        raise BadInput(path, "no feature with a geometry", "a (Multi)Polygon a unit")
    return Borders(pd.DataFrame([rows[n] for n in order]), shapes[order], notes, used.level)


def _features(path: Path) -> list[Any]:
    if not path.is_file():
        raise BadInput(path, "no such file", "a GeoJSON file of units")
    try:
        data = path.read_bytes()
        found = json.loads(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(path, f"a damaged file ({error})", "a readable file") from error
    except (ValueError, RecursionError) as error:
        if path.suffix.lower() in (".shp", ".gpkg", ".zip", ".gdb", ".kml"):
            raise BadInput(path, f"the ending {path.suffix}", geojson.CONVERTED) from error
        raise BadInput(path, f"no JSON ({error})", "a GeoJSON FeatureCollection") from error
    _refuse_other_format(path, found)
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not features:
        raise BadInput(path, "no features", "a GeoJSON FeatureCollection with a feature a unit")
    return features


def _refuse_other_format(path: Path, found: Any) -> None:
    """Raise BadInput for TopoJSON, and where other coordinates than WGS84 are named."""
    if not isinstance(found, dict):
        return
    if found.get("type") == "Topology":
        raise BadInput(path, "TopoJSON", geojson.CONVERTED)
    if name := geojson.other_system(found):
        raise BadInput(path, f"the coordinate system {name}", geojson.CONVERTED)


def _given(feature: Any) -> dict[str, Any]:
    given = feature.get("properties") if isinstance(feature, dict) else None
    return given if isinstance(given, dict) else {}


def _properties(where: str, feature: Any, fields: Fields) -> dict[str, str]:
    given, row = _given(feature), {}
    for field in ("code", "name", "country"):
        names = getattr(fields, field)
        found = value(given, names)
        if not isinstance(found, str) or not found.strip():
            what = "nothing" if found is None else repr(found)
            raise BadInput(f"{where}, {names[0]}", what, "a text that is not empty")
        row[field] = found.strip()
    code = alpha3(row["country"])
    if not is_country(code):
        expected = "an ISO 3166 alpha-3 code, such as MLI"
        raise BadInput(f"{where}, {fields.country[0]}", repr(row["country"]), expected)
    return row | {"country": code, "country_name": country_name(code)}


def _refuse_twice(path: Path, codes: list[str]) -> None:
    first: dict[str, int] = {}
    for number, code in enumerate(codes, 1):
        if first.setdefault(code, number) != number:
            found = f"{code!r}, which is also feature {first[code]}"
            raise BadInput(f"{path}, feature {number}, code", found, "a code of its own")


def _shapes(
    path: Path, features: list[Any], names: list[str]
) -> tuple[NDArray[np.object_], tuple[str, ...]]:
    texts = [json.dumps(feature.get("geometry")) for feature in features]
    shapes = np.asarray(shapely.force_2d(shapely.from_geojson(texts, on_invalid="ignore")), object)
    notes = []
    for place, name in enumerate(names):
        where = f"{path.name}, feature {place + 1} ({name})"
        shape = shapes[place]
        if features[place].get("geometry") is None or (shape is not None and shape.is_empty):
            shapes[place] = None
            notes.append(f"{where} has no geometry: left out")
            continue
        if shape is not None and _may_be_mended(shape):
            shapes[place] = _polygons(shapely.make_valid(shape))
            notes.append(f"{where} is not valid ({_reason(shape)}): repaired")
        if fault := _fault(shapes[place]):
            raise BadInput(f"{path}, feature {place + 1}, geometry", fault, VALID)
    return shapes, tuple(notes)


def _may_be_mended(shape: BaseGeometry) -> bool:
    return shape.geom_type in _KINDS and not shape.is_valid


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    parts = [one for one in shapely.get_parts(shape) if one.geom_type in _KINDS]
    return shapely.union_all(parts) if parts else shape


def _reason(shape: BaseGeometry) -> str:
    return str(shapely.is_valid_reason(shape))


def _fault(shape: BaseGeometry | None) -> str:
    if shape is None or shape.is_empty:
        return "no shape that can be read"
    if shape.geom_type not in _KINDS:
        return f"a {shape.geom_type}"
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return "coordinates that are no longitude and latitude"
    return "" if shape.is_valid else _reason(shape)


VALID = "a valid (Multi)Polygon in longitude and latitude (WGS84, EPSG:4326)"
