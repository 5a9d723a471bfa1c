"""Describe responses in OpenAPI from declared columns: schema, example, formats, problems."""

from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field, create_model

from ewarn.core import columns
from ewarn_api import access
from ewarn_api.issues import table as tables
from ewarn_api.responses import formats, problems

_GEOJSON = formats.FORMATS[formats.OF_PLACES].media_type
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_FAILURES = {
    401: "There is no such key, or it has ended; or one is needed and none was sent.",
    403: "The key does not have the scope that this needs.",
    404: "A name, or a path, that is not known; with the nearest known ones.",
    406: "No format there is will do.",
    409: "There is no hindcast to choose a budget's threshold on; or the target month is over.",
    411: "A body without Content-Length.",
    413: "A body that is too long.",
    414: "A query that is too long.",
    422: "A parameter that is not known, or has a wrong value.",
    429: "Too many requests in a minute; ask again after the seconds of Retry-After.",
    503: "There is no issue to answer from, or the database of keys cannot be used now.",
    504: "The time limit came before the answer.",
}
_OF_ROWS = (404, 406, 422, 503)
_OF_ALL = (401, 414, 429)
_OF_BODIES = (411, 413)
_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A key, from `ewarn keys`."},
    "header": {
        **{"type": "apiKey", "in": "header", "name": "X-Api-Key"},
        "description": "The same, for clients that cannot send Authorization.",
    },
}
ABOUT = (
    *("issue", "as_of", "reference_month", "age_days", "as_of_age_days", "months_behind"),
    *("preliminary_months", "overdue_days", "simulated"),
)  # what every response states of its issue
DESCRIPTION = """
Forecasts of political violence for administrative units, as issued: each issue is fixed for good.

* **Clocks**: `target_month` is the month forecast, `reference_month` the last month observed,
  `as_of` the day whose knowledge was used. `lead` is the months from the second to the first.
* **Formats**: JSON, CSV, Parquet and, where rows have a place, GeoJSON: by the suffix `.csv`,
  `?format=csv` or `Accept: text/csv`, and so on. Answers of more than 10,000 rows are streamed.
* **Filters** are exact; repeat a key for several values. A name that is not known is refused
  with the nearest ones that are: it never gives an empty answer.
* **Pages**: follow `links.next` (relative to the address of the service) until there is none.
* **Polling**: send back the `ETag` in `If-None-Match`; 304 means that nothing is new.
* **Every response** states its issue, its `as_of`, the age of the data (days since the end of the
  reference month) and of `as_of`, the months that were due by then and not covered, the days for
  which the next issue has been overdue, and whether the world is simulated, in the headers
  `X-Ewarn-Issue`, `X-Ewarn-As-Of`, `X-Ewarn-Age-Days`, `X-Ewarn-As-Of-Age-Days`,
  `X-Ewarn-Months-Behind`, `X-Ewarn-Overdue-Days` and `X-Ewarn-Simulated`.
* **Keys** are sent as `Authorization: Bearer KEY` or `X-Api-Key: KEY`. Writing always
  needs one, reading where the service is set so. `RateLimit` and `RateLimit-Policy` state how
  many requests are left this minute for the key, or for the address where there is none.
* **Failures** are `application/problem+json` (RFC 9457).
"""


def model(name: str, names: Sequence[str], table: str = "") -> type[BaseModel]:
    """Return a schema whose properties are declared fields."""
    parts: dict[str, Any] = {column: _property(column, table) for column in names}
    return create_model(name, **parts)


def failures(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the problems a route may answer, by status; those of a route of rows where none is
    named.
    """
    content = {problems.MEDIA_TYPE: {"schema": _PROBLEM}}
    chosen = statuses or _OF_ROWS
    return {status: {"description": _FAILURES[status], "content": content} for status in chosen}


def rows(
    name: str, names: Sequence[str], table: str = "", more: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the description for FastAPI of a route that returns rows of these columns; `more` are
    fields that its envelope has beside those of every other.
    """
    row_model: Any = model(f"{name}Row", names, table)
    parts: dict[str, Any] = {"data": (list[row_model], Field(description=_text("data")))}
    parts |= {column: _property(column) for column in (*more, "totalCount", "links", *ABOUT)}
    envelope = create_model(f"{name}Page", **parts)
    row = {column: columns.of(column, table).example for column in names}
    content = _content(tables.of_rows(names, [row], slice(None)))
    unchanged = {304: {"description": "The client has it already (If-None-Match)."}}
    return {
        "response_model": envelope,
        "responses": {200: {"description": "The rows.", "content": content}}
        | unchanged
        | failures(),
    }


def computed(
    name: str, names: Sequence[str], table: str = "", more: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the same of a route whose rows are computed on request, and never cached."""
    facts = rows(name, names, table, more)
    del facts["responses"][304]
    return facts


def _content(page: tables.Page) -> dict[str, Any]:
    """Return examples of the formats beside JSON, of which GeoJSON is only for rows with a
    place.
    """
    text = b"".join(formats.FORMATS["csv"].write(page, {}, {})).decode()
    content: dict[str, Any] = {"text/csv": {"schema": {"type": "string"}, "example": text}}
    binary = {"schema": {"type": "string", "format": "binary"}}
    content[formats.FORMATS["parquet"].media_type] = binary
    if formats.has_places(page.columns):
        map_ = b"".join(formats.FORMATS["geojson"].write(page, {}, {}))
        schema = {"type": "object", "description": "A FeatureCollection, as RFC 7946 has it."}
        content[_GEOJSON] = {"schema": schema, "example": orjson.loads(map_)}
    return content


def _offered(operation: dict[str, Any]) -> None:
    """Leave GeoJSON out of the formats of an operation whose rows have no place."""
    answer = operation["responses"].get("200", {}).get("content", {})
    for parameter in operation.get("parameters", []) if _GEOJSON not in answer else []:
        if parameter["name"] == "format":
            names = parameter["schema"]["anyOf"][0]["enum"]
            names.remove(formats.OF_PLACES)


def written(
    name: str, names: Sequence[str], table: str = "", status: int = 201, more: Sequence[int] = ()
) -> dict[str, Any]:
    """Return the description of a route that writes: it returns the row it wrote, which no client
    keeps.
    """
    row_model: Any = model(f"{name}Row", names, table)
    parts: dict[str, Any] = {"data": (list[row_model], Field(description=_text("data")))}
    parts |= {column: _property(column) for column in ("totalCount", "links", *ABOUT)}
    return {
        "response_model": create_model(f"{name}Page", **parts),
        "status_code": status,
        "responses": failures(404, 422, 503, *more),
    }


def add_to(app: FastAPI) -> None:
    """Have the app describe itself with the problem's schema among its own."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
            )
            schema["components"]["schemas"]["Problem"] = problems.Problem.model_json_schema()
            for item in schema["paths"].values():
                for operation in item.values():
                    _offered(operation)
            schema["components"]["securitySchemes"] = _SCHEMES
            _describe_access(app, schema["paths"])
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _describe_access(app: FastAPI, paths: dict[str, Any]) -> None:
    """Record of each operation what key it needs, and how the edge of the service may refuse it."""
    for route in iter_route_contexts(app.routes):
        operations = paths.get(route.path or "", {})
        for method in {name.lower() for name in route.methods or ()} & set(operations):
            need = access.need_of(route.dependant)
            _describe_need(operations[method], need, app.state.access.asks(need))


def _describe_need(operation: dict[str, Any], need: access.Need | None, is_keyed: bool) -> None:
    refusals = [*_OF_ALL, *(_OF_BODIES if "requestBody" in operation else ())]
    if need == "nothing":
        refusals.remove(401)
    if is_keyed:
        operation["security"] = [{name: []} for name in _SCHEMES]
        refusals += [403, 503]
    facts = {str(status): answer for status, answer in failures(*refusals).items()}
    operation["responses"] = dict(sorted((facts | operation["responses"]).items()))


def _text(name: str, table: str = "") -> str:
    field = columns.of(name, table)
    return f"{field.sentence} Unit: {field.unit}."


def _property(name: str, table: str = "") -> tuple[Any, Any]:
    field = columns.of(name, table)
    kind: Any = type(field.example)
    info = Field(description=_text(name, table), examples=[field.example])
    return (kind | None if field.is_optional else kind), info
