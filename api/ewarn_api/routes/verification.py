"""How good the issued forecasts proved to be, and what the models would have said before."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from ewarn import fields, hindcasts
from ewarn.errors import BadInput, Unknown
from ewarn.hindcasts import About
from ewarn.records import Records, ledger
from ewarn_api import access, answers, documents, params, store, table
from ewarn_api.params import Paged
from ewarn_api.store import Unavailable

router = APIRouter(tags=["verification"], dependencies=[access.needs("read")])
COLUMNS = fields.TABLES["verification"]
_FILTERS = ("kind", "model", "issue", "lead", "stratum", "vintage")


class Verified(Paged):
    """Which scores to answer."""

    kind: list[Literal["issued", "hindcast"]] = params.several("kind", "", "verification")
    model: list[str] = params.several("model")
    issue: list[str] = params.several("issue", "", "verification")
    lead: list[int] = params.several("lead")
    stratum: list[Literal["all", "quiet", "active", "transition"]] = params.several("stratum")
    vintage: list[Literal["first", "latest"]] = Field(
        ["latest"], description=fields.of("vintage").sentence, examples=[["latest"]]
    )


@router.get("/v1/verification", **documents.rows("Verification", COLUMNS, "verification"))
async def verification(request: Request, query: Annotated[Verified, Query()]) -> Response:
    """Scores of issued forecasts whose months have come, by issue, lead and stratum, beside those
    of the last twelve months as draws. Rows of kind `hindcast` are not of issued forecasts: they
    are what a model would have said of the last 24 months, fitted on what was known before. Rows
    with `void` say why forecasts do not count, and have no numbers. All rows are of the world of
    the newest issue, simulated or real.
    """
    card = store.newest(await answers.store_of(request).view()).card
    state = request.app.state
    rows = await state.access.in_thread(_rows, state.records, state.hindcasts, card.simulated)
    rows = _chosen(rows, query)
    canonical = [hashlib.sha256(orjson.dumps(rows)).hexdigest()]
    return answers.answer(
        request, query, card, canonical, lambda: table.of_rows(COLUMNS, rows, query.page())
    )


def _rows(records: Records, folder: Path, simulated: bool) -> list[dict[str, Any]]:
    """All rows of one world: what was issued, then the newest hindcast of each model."""
    with records.reading() as session:
        issued = ledger.rows(ledger.read(session, simulated))
    try:
        kept = [one.about for one in hindcasts.every(folder) if one.about.simulated == simulated]
    except BadInput as error:
        raise Unavailable("a hindcast cannot be read") from error
    newest = {about.model: about for about in reversed(kept)}
    return [*issued, *(row for about in newest.values() for row in _of_hindcast(about))]


def _of_hindcast(about: About) -> Iterable[dict[str, Any]]:
    said = {
        "kind": "hindcast",
        "model": about.model,
        "as_of": about.as_of.isoformat(),
        "reference_month": about.reference_month,
        "vintage": "latest",
        "vintages": 1,
        "told_as_of": about.as_of.isoformat(),
        "is_ahead": False,
    }
    return (dict.fromkeys(COLUMNS) | said | line for line in about.scores)


def _chosen(rows: list[dict[str, Any]], query: Verified) -> list[dict[str, Any]]:
    """The rows that pass all filters; raises Unknown for a name that no row has."""
    for name in ("model", "issue", "lead"):
        known = {row[name] for row in rows} - {None}
        for value in getattr(query, name):
            if value not in known:
                raise Unknown(name, value, map(str, known))
    wanted = {name: set(getattr(query, name)) for name in _FILTERS if getattr(query, name)}
    return [row for row in rows if all(row[name] in wanted[name] for name in wanted)]
