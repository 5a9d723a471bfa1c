"""Administrative units: codes, names, neighbours, and the unit that a point or a name lies in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from ewarn.core.errors import Unknown
from ewarn.data.places import _fields, _read
from ewarn.data.places._countries import country_code, country_name
from ewarn.data.places._locate import in_or_near
from ewarn.data.places._names import fold, lookup, other_names
from ewarn.data.places._neighbours import neighbours

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = [
    "SHIPPED",
    "WITHIN_KM",
    "Units",
    "country_code",
    "country_name",
    "fold",
    "geojson",
    "locate",
    "of_countries",
    "of_table",
    "other_names",
    "read",
    "resolve",
    "shipped",
]

SHIPPED = Path(__file__).parents[2] / "_data" / "units.geojson.gz"
# Points in no unit are off a simplified coast or on a lake: of 36,546 georeferenced events in
# Africa the farthest is 12 km out. Twice that leaves room for other users' data, and is less than
# the error of a coordinate with a wrong or missing digit before the point.
WITHIN_KM = 25.0
_NAMES = ("code", "name", "country", "country_name")
_MAP_TOLERANCE = 0.04  # degrees, about 4 km: what a map of a continent can show


@dataclass(frozen=True)
class Units:
    """Administrative units in the order of their codes.

    `table`: code, name, country (ISO 3166 alpha-3), country_name, latitude and longitude of a point
    inside; `geometry`: their shapes, WGS84; `aliases`: (country, folded name) -> position; `level`:
    the administrative level, of border files that state it.
    """

    table: pd.DataFrame
    geometry: NDArray[np.object_]
    aliases: dict[tuple[str, str], int]
    notes: tuple[str, ...] = ()
    level: int = 1

    @cached_property
    def neighbours(self) -> "csr_array":
        """Which share a border, float32 (n, n): 1 where two do."""
        return neighbours(self.geometry)


@cache
def shipped() -> Units:
    """Return the 860 first-level units of Africa that come with the package, read once."""
    return read(SHIPPED)


def read(path: Path, fields: str = "") -> Units:
    """Return the units of a GeoJSON file whose features have code, name, country and a
    (multi)polygon.

    Raises BadInput for a file that is missing, damaged or no such GeoJSON, and, with the number of
    the feature, for a field missing, a code twice, an unknown country or an invalid shape.
    """
    found = _read.read(Path(path), _fields.stated(fields) if fields else None)
    points = shapely.point_on_surface(found.shapes)
    table = found.table.assign(latitude=shapely.get_y(points), longitude=shapely.get_x(points))
    notes = (*found.notes, *_overlaps(Path(path).name, table["name"], found.shapes, points))
    return Units(table, found.shapes, lookup(table), notes, found.level)


def _overlaps(
    file: str, names: "pd.Series[str]", shapes: NDArray[np.object_], points: NDArray[np.object_]
) -> Iterator[str]:
    """Yield a note where a point inside one unit is in an earlier one too, which takes it."""
    later, earlier = shapely.STRtree(shapes).query(points, predicate="intersects")
    covered = np.flatnonzero(earlier < later)
    if len(covered):
        first, other = names[later[covered[0]]], names[earlier[covered[0]]]
        yield (
            f"{file}: {len(covered)} units lie in others, as {first} does in {other}: what is in"
            " both counts in the first by code"
        )


def of_table(table: pd.DataFrame) -> Units:
    """Return the units of an issue's table, with the borders it has, which are simplified.

    `table` has the columns of `Units.table` and `geometry`, GeoJSON text.
    """
    shapes = np.asarray(shapely.from_geojson(table["geometry"].astype(object)), object)
    plain = table.drop(columns="geometry").astype(dict.fromkeys(_NAMES, object))
    return Units(plain, shapes, lookup(plain))


def of_countries(units: Units, countries: Iterable[str]) -> Units:
    """Return those of the units that are in the countries, named or by alpha-3 code.

    Raises Unknown for a country that no unit is in.
    """
    known = set(units.table["country"])
    codes = {name: country_code(name) for name in countries}
    for name, code in codes.items():
        if code not in known:
            raise Unknown("country", name, known)
    stored = np.flatnonzero(units.table["country"].isin(set(codes.values())))
    table = units.table.iloc[stored].reset_index(drop=True)
    return Units(table, units.geometry[stored], lookup(table))


def locate(
    units: Units,
    latitude: ArrayLike,
    longitude: ArrayLike,
    *,
    country: ArrayLike = "",
    within_km: float = WITHIN_KM,
) -> NDArray[np.intp]:
    """Return position of each point's unit, (points,): the one it is in, else the nearest within so
    many km, else -1, as where a coordinate is missing. A point on a border is in the lower
    position.

    `country` is the alpha-3 code that is stated for each point, "" where unknown: beside a border,
    and outside every unit, that country's units go first.
    """
    points = {"longitude": longitude, "latitude": latitude, "country": country}
    columns = np.broadcast_arrays(*(np.atleast_1d(np.asarray(some)) for some in points.values()))
    table = pd.DataFrame(dict(zip(points, columns, strict=True)))
    return in_or_near(units.geometry, units.table["country"].to_numpy(object), table, within_km)


def resolve(units: Units, country: str, name: str) -> int:
    """Return position of the unit of that country with that name, code or alias; -1 if there is
    none.

    >>> units = shipped()
    >>> units.table["name"][resolve(units, "MLI", "Région de Tombouctou")]
    'Timbuktu'
    """
    return units.aliases.get((country, fold(name)), -1)


def geojson(units: Units) -> list[str]:
    """Return the shape of each unit as GeoJSON text, simplified for maps, without gaps between
    units.
    """
    simple = shapely.coverage_simplify(units.geometry, _MAP_TOLERANCE)
    simple = shapely.orient_polygons(simple)  # outer rings go left, as RFC 7946 has them
    return list(shapely.to_geojson(shapely.transform(simple, lambda xy: np.round(xy, 3))))
