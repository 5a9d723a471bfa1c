"""Columns of places and of the three clocks."""

from ewarn.core.columns._field import Field

PLACES = (
    Field("unit", "code", "Code of the administrative unit.", "MLI-MO"),
    Field("code", "code", "Stable code of the administrative unit.", "MLI-MO"),
    Field("name", "text", "Name of the administrative unit.", "Mopti"),
    Field("country", "ISO 3166-1 alpha-3", "Country the unit lies in.", "MLI"),
    Field("country_name", "text", "Name of the country, in English.", "Mali"),
    Field("latitude", "degrees north, WGS84", "Latitude of a point inside the unit.", 14.6),
    Field("longitude", "degrees east, WGS84", "Longitude of a point inside the unit.", -3.4),
    Field("geometry", "GeoJSON, WGS84", "Simplified border of the unit.", '{"type": "Polygon"}'),
    Field("location_code", "ISO 3166-1 alpha-3", "Country the unit lies in.", "MLI"),
    Field("location_name", "text", "Name of the country, in English.", "Mali"),
    Field("admin1_code", "code", "Code of the administrative unit.", "MLI-MO"),
    Field("admin1_name", "text", "Name of the administrative unit.", "Mopti"),
)

CLOCKS = (
    Field("as_of", "date", "The day whose knowledge was used.", "2021-01-15"),
    Field("reference_month", "YYYY-MM", "The last month observed.", "2020-12"),
    Field("target_month", "YYYY-MM", "The month forecast.", "2021-03"),
    Field("month", "YYYY-MM", "The month observed.", "2020-12"),
    Field("lead", "months", "Months from the reference month to the target month.", 3),
    Field("month_id", "months", "The month forecast, as VIEWS counts: 1 is January 1980.", 495),
)
