"""The issues there are: what each was made of, when, and by which model."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from ewarn.core import columns
from ewarn.publishing.issue import Card
from ewarn_api import access
from ewarn_api.issues import store, table
from ewarn_api.requests.parameters import Listed, Whole
from ewarn_api.responses import envelope, openapi

router = APIRouter(tags=["issues"], dependencies=[access.needs("read")])
Id = Annotated[str, Path(description=columns.of("issue").sentence)]
COLUMNS = (
    *("issue", "created_at", "as_of", "reference_month", "target", "leads", "units"),
    *(
        "months_behind",
        "preliminary_months",
        "simulated",
        "model",
        "model_version",
        "run_id",
        "sources",
        "accepted",
    ),
    *("last_issue", "changes_untold", "files"),
)
_DOCUMENT = openapi.rows("Issue", COLUMNS)


@router.get("/v1/issues", **_DOCUMENT)
async def issues(request: Request, query: Annotated[Listed, Query()]) -> Response:
    """Return the issues there are, newest first; with `issue`, those up to that one."""
    cards = store.until(await envelope.store_of(request).view(), query.issue)
    return _answer(request, query, cards)


@router.get("/v1/issues/{issue_id}", **_DOCUMENT)
async def issue(request: Request, issue_id: Id, query: Annotated[Whole, Query()]) -> Response:
    """Return one issue."""
    view = await envelope.store_of(request).view()
    return _answer(request, query, (view.card(issue_id),))


def _answer(request: Request, query: Whole, cards: tuple[Card, ...]) -> Response:
    envelope.may_keep(request)
    rows = [_row(card) for card in cards]
    names = [card.issue for card in cards]
    return envelope.answer(
        request, query, cards[0], names, lambda page: table.of_rows(COLUMNS, rows, page)
    )


def _row(card: Card) -> dict[str, Any]:
    model = card.model
    return card.model_dump(mode="json") | {
        "model": model.name,
        "model_version": model.version,
        "run_id": model.run_id,
    }
