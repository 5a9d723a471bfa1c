"""Find the units that points lie in or near, given their stated countries."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

_KM_A_DEGREE = 111.195  # of a great circle, on a sphere of radius 6371 km
# Borders drawn for maps put riverside towns on the wrong bank: Bangui and Goma are abroad in the
# shipped ones, by up to 3 km. A point this near to its stated country is placed
# there; farther off, the stated one is more likely an old name of the country, as Sudan for Juba.
_BORDER_KM = 5.0


def in_or_near(
    geometry: NDArray[np.object_],
    countries: NDArray[np.object_],
    points: pd.DataFrame,
    within_km: float,
) -> NDArray[np.intp]:
    """Return position of each point's unit, (points,), -1 for none.

    `countries` are the units'; `points` has columns longitude, latitude and country ("" unknown).
    """
    keys = list(points.columns)
    number = points.groupby(keys, dropna=False, sort=False).ngroup().to_numpy()
    points = points.drop_duplicates()
    tree = shapely.STRtree(geometry)
    corners = points[["longitude", "latitude"]].to_numpy(np.float64)
    stated = points["country"].to_numpy(object)
    unit = _inside(tree, corners)
    is_settled = (unit >= 0) & ((stated == "") | (countries[unit] == stated))
    for row in np.flatnonzero(~is_settled & np.isfinite(corners).all(axis=1)):
        reach = within_km if unit[row] < 0 else min(_BORDER_KM, within_km)
        near, km = _near(tree, geometry, corners[row], reach)
        is_own = countries[near] == stated[row]
        if is_own.any():
            near, km = near[is_own], km[is_own]
        if len(near) and (is_own.any() or unit[row] < 0):
            unit[row] = near[km.argmin()]
    return unit[number]


def _inside(tree: shapely.STRtree, corners: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return position of the unit each point is in; on a border, the lowest of those that meet
    there.
    """
    known = np.isfinite(corners).all(axis=1)
    row, found = tree.query(shapely.points(corners[known]), predicate="intersects")
    first = np.full(int(known.sum()), len(tree.geometries), np.intp)
    np.minimum.at(first, row, found)
    unit = np.full(len(corners), -1, np.intp)
    unit[known] = np.where(first < len(tree.geometries), first, -1)
    return unit


def _near(
    tree: shapely.STRtree,
    geometry: NDArray[np.object_],
    point: NDArray[np.float64],
    within_km: float,
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Positions of the units near a point, ascending, and how far they are, in km.

    Distances are taken on a plane laid at the point, where a degree of longitude is as long as it
    is there: over 25 km that is within 0.2 % of the great circle anywhere in Africa.
    """
    shrink = max(float(np.cos(np.radians(point[1]))), 0.05)
    reach = within_km / _KM_A_DEGREE / shrink
    near = np.sort(tree.query(shapely.Point(point), predicate="dwithin", distance=reach))
    scale = np.array([shrink, 1.0]) * _KM_A_DEGREE
    plane = shapely.transform(geometry[near], lambda corners: (corners - point) * scale)
    km = shapely.distance(plane, shapely.Point(0, 0))
    return near[km <= within_km], km[km <= within_km]
