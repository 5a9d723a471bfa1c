"""The models that issues were made with, and how they scored."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ewarn.issue import Card
from ewarn_api import answers, documents, store, table
from ewarn_api.params import Listed

router = APIRouter(tags=["models"])
COLUMNS = ("model", "model_version", "run_id", "target", "spec", "scores", "issues")


@router.get("/v1/models", **documents.rows("Model", COLUMNS))
async def models(request: Request, query: Annotated[Listed, Query()]) -> Response:
    """The models that issues were made with, the latest first; with `issue`, up to that one."""
    cards = store.until(await answers.store_of(request).view(), query.issue)
    names = [card.issue for card in cards]
    return answers.answer(
        request, query, cards[0], names, lambda: table.of_rows(COLUMNS, _rows(cards), query.page())
    )


def _rows(cards: tuple[Card, ...]) -> list[dict[str, Any]]:
    """One row a version of a model, with the issues made with it."""
    found: dict[tuple[str | None, ...], dict[str, Any]] = {}
    for card in cards:
        model = card.model
        row: dict[str, Any] = {
            "model": model.name,
            "model_version": model.version,
            "run_id": model.run_id,
        }
        row |= {"target": card.target, "spec": model.spec, "scores": model.scores, "issues": []}
        key = (model.name, model.version, model.run_id)
        found.setdefault(key, row)["issues"].append(card.issue)
    return list(found.values())
