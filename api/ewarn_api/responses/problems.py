"""Every failure in one shape: RFC 9457 problem details."""

import json
import logging
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from ewarn.alerting.runs import NoHindcast
from ewarn.core.errors import BadInput, EwarnError, Unknown
from ewarn.database import Unreachable
from ewarn.database.judgements import MonthOver
from ewarn_api.access import NoKey, NoScope
from ewarn_api.issues.scenario_process import Busy, Lost, Overdue
from ewarn_api.issues.store import Unavailable
from ewarn_api.requests import context
from ewarn_api.responses.formats import NotAcceptable

MEDIA_TYPE = "application/problem+json"
_KINDS: dict[type[EwarnError], tuple[int, str]] = {
    Unknown: (404, "unknown-name"),
    BadInput: (422, "bad-parameter"),
    NotAcceptable: (406, "not-acceptable"),
    Unavailable: (503, "no-issue"),
    NoKey: (401, "no-key"),
    NoScope: (403, "no-scope"),
    Busy: (503, "busy"),
    Lost: (503, "worker-lost"),
    Overdue: (504, "time-over"),
    NoHindcast: (409, "no-hindcast"),
    MonthOver: (409, "month-over"),
}
_RETRY_SECONDS = 30
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_SHOWN = 200  # characters of a wrong value that are shown
_log = logging.getLogger(__name__)


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(
        description="Which kind of problem.", examples=["urn:ewarn:problem:unknown-name"]
    )
    title: str = Field(description="The status, in words.", examples=["Not Found"])
    status: int = Field(description="The HTTP status.", examples=[404])
    detail: str = Field(
        description="This case, in a sentence.",
        examples=["unknown location_code 'MLA'; known: MLI"],
    )
    instance: str = Field(description="The requested path.", examples=["/v1/risk-scores"])
    known: list[str] = Field([], description="Known names, the nearest.", examples=[["MLI"]])
    request_id: str = Field(
        description="The request, as X-Request-ID and the service's log name it.",
        examples=["1f0c9a7e00000001"],
    )


def add_to(app: FastAPI) -> None:
    """Have the app answer all that can be raised as a problem."""
    for error, (status, kind) in _KINDS.items():
        app.add_exception_handler(error, _handler(status, kind))
    app.add_exception_handler(Unreachable, _away)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _broken)


def _handler(status: int, kind: str) -> Any:
    async def handle(request: Request, error: Exception) -> Response:
        known = (error.nearest or error.known[:12]) if isinstance(error, Unknown) else []
        return problem(request, status, kind, str(error), known, getattr(error, "headers", None))

    return handle


async def _away(request: Request, error: Exception) -> Response:
    """Return the database is away: where it lies is for the log alone."""
    _log.info("%s %s: %s", request.method, request.url.path, error)
    detail = "the database cannot be used now; issued forecasts are served where reading is open"
    return problem(request, 503, "database-away", detail)


async def _invalid(request: Request, error: Exception) -> Response:
    """Parameters of a wrong name, or a wrong value."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    known = sorted(_parameters(request))
    facts = [_sentence(one, known) for one in error.errors()]
    return problem(request, 422, "bad-parameter", "; ".join(facts), known)


def _sentence(error: Mapping[str, Any], known: list[str]) -> str:
    where, *name = (str(part) for part in error["loc"])
    what = f"{where} {'field' if where == 'body' else 'parameter'} {'.'.join(name)}".strip()
    if error["type"] == "extra_forbidden":
        return f"unknown {what}; known: {', '.join(known) or 'none'}"
    return f"{what}: found {repr(error['input'])[:_SHOWN]}; {error['msg']}"


def _parameters(request: Request) -> list[str]:
    """Return names of the query parameters, and of the fields of a body, of the route that was
    requested.
    """
    requested = request.scope["route"].dependant
    models = (
        param.field_info.annotation for param in requested.query_params + requested.body_params
    )
    return [name for model in models if model for name in getattr(model, "model_fields", ())]


async def _refused(request: Request, error: Exception) -> Response:
    """Return a path there is not, or a method it does not take."""
    assert isinstance(error, HTTPException)  # noqa: S101
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join([*_methods(request), "OPTIONS"])
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
    if error.status_code == HTTPStatus.BAD_REQUEST:  # FastAPI's word for a body that is no text
        return problem(request, 422, "bad-parameter", "body: found no UTF-8; expected JSON")
    if error.status_code != HTTPStatus.NOT_FOUND:
        status, detail = error.status_code, f"{request.method}: {error.detail}"
        return problem(request, status, "refused", detail, headers=headers)
    paths = sorted(request.app.openapi()["paths"])
    near = get_close_matches(request.url.path, paths, n=3)
    known = ", ".join(near or paths)
    return problem(request, 404, "no-such-path", f"no such path; known: {known}", near or paths)


def _methods(request: Request) -> list[str]:
    """Return the methods of the requested path, by all its routes."""
    requested = [(method, {**request.scope, "method": method}) for method in _METHODS]
    found = [
        method
        for method, scope in requested
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
    ]
    return ["GET", "HEAD", *found[1:]] if "GET" in found else found


async def _broken(request: Request, error: Exception) -> Response:
    """Return a fault of ours, without details, which are in the log."""
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    detail = "the service failed to answer; the reason is in its log"
    return problem(request, 500, "internal", detail)


def problem(
    request: Request,
    status: int,
    kind: str,
    detail: str,
    known: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the response for a problem."""
    body = Problem(
        type=f"urn:ewarn:problem:{kind}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=request.scope.get("ewarn.path", request.url.path),
        known=list(known),
        request_id=context.entry(request.scope).id,
    )
    facts = {"Cache-Control": "no-store", "Vary": "Accept", **(headers or {})}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        facts["Retry-After"] = str(_RETRY_SECONDS)
    return Response(json.dumps(body.model_dump()), status, facts, MEDIA_TYPE)
