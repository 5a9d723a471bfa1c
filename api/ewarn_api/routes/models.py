"""The models that issues were made with, how they scored, and their cards."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from ewarn.core import columns
from ewarn.core.errors import Unknown
from ewarn.publishing.issue import Card
from ewarn_api import access
from ewarn_api.http import security_headers
from ewarn_api.issues import store, table
from ewarn_api.requests.parameters import Listed, Nothing, One
from ewarn_api.responses import envelope, openapi

router = APIRouter(tags=["models"], dependencies=[access.needs("read")])
COLUMNS = ("model", "model_version", "run_id", "target", "spec", "scores", "issues", "card")
CARD = (
    *("model", "model_version", "registered_name", "run_id", "target", "leads", "simulated"),
    *("as_of", "reference_month", "code_version", "summary", "spec", "coverage", "sources"),
    *("features", "missing_features", "compared_with", "origins", "scores", "differences"),
    *("calibration", "importance", "limits"),
)
_JSON, _HTML = "model_card.json", "model_card.html"
Name = Annotated[str, Path(description=columns.of("model").sentence)]
Version = Annotated[str, Path(description=columns.of("model_version").sentence)]


@router.get("/v1/models", **openapi.rows("Model", COLUMNS))
async def models(request: Request, query: Annotated[Listed, Query()]) -> Response:
    """Return the models that issues were made with, the latest first; with `issue`, up to
    that one.
    """
    envelope.may_keep(request)
    cards = store.until(await envelope.store_of(request).view(), query.issue)
    names = [card.issue for card in cards]
    rows = _rows(cards, request.scope.get("root_path", ""))
    return envelope.answer(
        request, query, cards[0], names, lambda page: table.of_rows(COLUMNS, rows, page)
    )


@router.get("/v1/models/{name}/{version}.html", include_in_schema=False)
async def model_page(
    request: Request,
    name: Name,
    version: Version,
    query: Annotated[Nothing, Query()],  # noqa: ARG001
) -> Response:
    """Return the same as a page to read."""
    envelope.may_keep(request)
    stored = envelope.store_of(request)
    card = _of(store.until(await stored.view(), None), name, version)
    content = await stored.file(card, _HTML)
    page = envelope.document(request, card, content, "text/html; charset=utf-8")
    page.headers["Content-Security-Policy"] = security_headers.PAGE_POLICY
    return page


@router.get("/v1/models/{name}/{version}", **openapi.rows("ModelCard", CARD, "model_card"))
async def model(
    request: Request, name: Name, version: Version, query: Annotated[One, Query()]
) -> Response:
    """Return the card of a model that issues were made with: what it learned from, scores, what
    matters to it, known limits. With the suffix `.html` it is a page to read.
    """
    envelope.may_keep(request)
    stored = envelope.store_of(request)
    card = _of(store.until(await stored.view(), query.issue), name, version)
    facts = dict.fromkeys(CARD) | orjson.loads(await stored.file(card, _JSON))
    facts["run_id"] = card.model.run_id  # a card has no run: it is the same wherever it is made
    return envelope.answer(
        request,
        query,
        card,
        [card.files[_JSON]],
        lambda page: table.of_rows(CARD, [facts], page),
    )


def _of(cards: tuple[Card, ...], name: str, version: str) -> Card:
    """Return the newest issue made with that model; raises Unknown with those that have a card."""
    known = {_key(card): card for card in reversed(cards) if _JSON in card.files}
    if f"{name}/{version}" not in known:
        raise Unknown("model", f"{name}/{version}", known)
    return known[f"{name}/{version}"]


def _key(card: Card) -> str:
    return f"{card.model.name}/{card.model.version}"


def _rows(cards: tuple[Card, ...], root: str) -> list[dict[str, Any]]:
    """Return one row a version of a model, with the issues made with it."""
    found: dict[tuple[str | None, ...], dict[str, Any]] = {}
    for card in cards:
        model = card.model
        row: dict[str, Any] = {
            "model": model.name,
            "model_version": model.version,
            "run_id": model.run_id,
        }
        row |= {"target": card.target, "spec": model.spec, "scores": model.scores, "issues": []}
        row |= {"card": f"{root}/v1/models/{_key(card)}" if _JSON in card.files else None}
        key = (model.name, model.version, model.run_id)
        found.setdefault(key, row)["issues"].append(card.issue)
    return list(found.values())
