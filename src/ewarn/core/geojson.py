"""What GeoJSON files of other programs have that RFC 7946 does not."""

import re
from typing import Any

_WGS84 = re.compile(r"(CRS:?84|EPSG:[0-9.]*:?4326|WGS ?_?(19)?84)$", re.IGNORECASE)
CONVERTED = (
    "GeoJSON in longitude and latitude (WGS84, EPSG:4326), as"
    " `ogr2ogr -t_srs EPSG:4326 new.geojson FILE` makes it"
)


def other_system(tree: Any) -> str:
    """Return the coordinate system that parsed GeoJSON names (`crs`), "" where it is WGS84.

    >>> other_system({"crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}})
    'urn:ogc:def:crs:EPSG::3857'
    >>> other_system({"crs": {"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}})
    ''
    """
    crs = tree.get("crs") if isinstance(tree, dict) else None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) and not _WGS84.search(name) else ""
