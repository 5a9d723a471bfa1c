"""Read a GeoJSON file of units, plain or gzipped, and check all of it."""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from ewarn.core.errors import BadInput
from ewarn.data.places._countries import country_name, is_country

_KINDS = ("Polygon", "MultiPolygon")


def read(path: Path) -> tuple[pd.DataFrame, NDArray[np.object_]]:
    """Return table (code, name, country, country_name) and shapes of the units in a file, by code.

    Raises BadInput, with file, feature number and field, for anything that is not as it should be.
    """
    features = _features(path)
    rows = [_properties(f"{path}, feature {n}", feature) for n, feature in enumerate(features, 1)]
    _refuse_twice(path, [row["code"] for row in rows])
    shapes = _shapes(path, features)
    order = sorted(range(len(rows)), key=lambda n: rows[n]["code"])
    return pd.DataFrame([rows[n] for n in order]), shapes[order]


def _features(path: Path) -> list[Any]:
    if not path.is_file():
        raise BadInput(path, "no such file", "a GeoJSON file of units")
    try:
        data = path.read_bytes()
        found = json.loads(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(path, f"a damaged file ({error})", "a readable file") from error
    except (ValueError, RecursionError) as error:
        raise BadInput(path, f"no JSON ({error})", "a GeoJSON FeatureCollection") from error
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not features:
        raise BadInput(path, "no features", "a GeoJSON FeatureCollection with a feature a unit")
    return features


def _properties(where: str, feature: Any) -> dict[str, str]:
    given = feature.get("properties") if isinstance(feature, dict) else None
    given = given if isinstance(given, dict) else {}
    for field in ("code", "name", "country"):
        value = given.get(field)
        if not isinstance(value, str) or not value.strip():
            found = "nothing" if value is None else repr(value)
            raise BadInput(f"{where}, {field}", found, "a text that is not empty")
    row = {field: given[field].strip() for field in ("code", "name", "country")}
    if not is_country(row["country"]):
        expected = "an ISO 3166 alpha-3 code, such as MLI"
        raise BadInput(f"{where}, country", repr(row["country"]), expected)
    return row | {"country_name": country_name(row["country"])}


def _refuse_twice(path: Path, codes: list[str]) -> None:
    first: dict[str, int] = {}
    for number, code in enumerate(codes, 1):
        if first.setdefault(code, number) != number:
            found = f"{code!r}, which is also feature {first[code]}"
            raise BadInput(f"{path}, feature {number}, code", found, "a code of its own")


def _shapes(path: Path, features: list[Any]) -> NDArray[np.object_]:
    texts = [json.dumps(feature.get("geometry")) for feature in features]
    shapes = shapely.force_2d(shapely.from_geojson(texts, on_invalid="ignore"))
    for number, shape in enumerate(shapes, 1):
        if fault := _fault(shape):
            where, expected = f"{path}, feature {number}, geometry", "a valid (Multi)Polygon, WGS84"
            raise BadInput(where, fault, expected)
    return np.asarray(shapes, object)


def _fault(shape: BaseGeometry | None) -> str:
    if shape is None or shape.is_empty:
        return "no shape that can be read"
    if shape.geom_type not in _KINDS:
        return f"a {shape.geom_type}"
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return "coordinates that are no longitude and latitude"
    return "" if shape.is_valid else str(shapely.is_valid_reason(shape))
