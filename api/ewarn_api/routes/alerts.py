"""The alerts of a key's watch lists, explained: as rows, a feed, and messages of CAP."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from ewarn.core import columns
from ewarn.core.errors import Unknown
from ewarn.database import Database, alerts, watchlists
from ewarn_api import access
from ewarn_api.access import Caller
from ewarn_api.issues.snapshot import Snapshot
from ewarn_api.requests import parameters
from ewarn_api.requests.parameters import Label, Nothing, Paged, Whole
from ewarn_api.responses import envelope, openapi, private
from ewarn_api.responses.feeds import atom, cap

router = APIRouter(tags=["alerts"])
Owner = Annotated[Caller, access.needs("watchlists")]
Id = Annotated[str, Path(description=columns.of("alert").sentence)]
COLUMNS = columns.TABLES["alerts"]
_DOCUMENT = openapi.rows("Alert", COLUMNS, "alerts")
_FILTERS = ("watchlist", "issue", "location_code", "admin1_code", "target_month", "lead")


class Parameters(Paged):
    """Which alerts to return."""

    watchlist: list[str] = parameters.several("watchlist")
    issue: list[str] = parameters.several("issue", "", "alerts")
    location_code: list[str] = parameters.several("location_code")
    admin1_code: list[str] = parameters.several("admin1_code")
    target_month: list[Label] = parameters.several("target_month")
    lead: list[int] = parameters.several("lead")
    is_open: bool | None = Field(
        None,
        description="Only those that have not ended, or only those that have.",
        examples=[True],
    )


@router.get("/v1/alerts.atom", include_in_schema=False)
async def alerts_feed(
    request: Request, query: Annotated[Parameters, Query()], caller: Owner
) -> Response:
    """Return the same as an Atom feed."""
    known = await envelope.store_of(request).at(None)
    some = (await _rows(request, query, caller, known))[query.page()]
    root = request.scope.get("root_path", "")
    content = atom.feed(some, known.card, caller.key_id, root)
    changed = atom.changed(some, known.card)
    return private.owned(envelope.document(request, known.card, content, atom.MEDIA_TYPE, changed))


@router.get("/v1/alerts", **_DOCUMENT)
async def every_alert(
    request: Request, query: Annotated[Parameters, Query()], caller: Owner
) -> Response:
    """Alerts of the key's watch lists, the newest first: the risk now and in the last issue, what
    changed, and the leading drivers. All are of the world of the newest issue, simulated or real.
    With the suffix `.atom` they are a feed.
    """
    known = await envelope.store_of(request).at(None)
    some = await _rows(request, query, caller, known)
    return private.rows(request, query, known.card, caller, COLUMNS, some, "alerts")


@router.get("/v1/alerts/{alert_id}.cap", include_in_schema=False)
async def alert_message(
    request: Request,
    alert_id: Id,
    query: Annotated[Nothing, Query()],  # noqa: ARG001
    caller: Owner,
) -> Response:
    """Return the same as a message of CAP 1.2."""
    row, simulated = await _one(request, caller, alert_id)
    content = cap.message(row, request.app.state.sender, simulated)
    card = await private.newest(request)
    return private.owned(envelope.document(request, card, content, cap.MEDIA_TYPE))


@router.get("/v1/alerts/{alert_id}", **_DOCUMENT)
async def alert(
    request: Request, alert_id: Id, query: Annotated[Whole, Query()], caller: Owner
) -> Response:
    """Return one alert; with the suffix `.cap` it is a message of the Common Alerting
    Protocol 1.2.
    """
    row, _ = await _one(request, caller, alert_id)
    card = await private.newest(request)
    return private.rows(request, query, card, caller, COLUMNS, [row], "alerts")


async def _rows(
    request: Request, query: Parameters, caller: Caller, known: Snapshot
) -> list[dict[str, Any]]:
    """Return the alerts of the key, of the world of the issue, that pass the filters; raises
    Unknown.
    """

    def read(database: Database) -> list[dict[str, Any]]:
        with database.reading() as session:
            found = alerts.of_key(session, caller.key_id, known.card.simulated)
            own = {one.id for one in watchlists.of_key(session, caller.key_id)}
        for requested in query.watchlist:
            if requested not in own:
                raise Unknown("watchlist", requested, own)
        return _chosen([alerts.row(one, kept) for one, kept in found], query, known)

    some: list[dict[str, Any]] = await private.query(request, read)
    return some


async def _one(request: Request, caller: Caller, alert_id: str) -> tuple[dict[str, Any], bool]:
    """Return an alert, and whether it is of the simulated world."""

    def read(database: Database) -> tuple[dict[str, Any], bool]:
        with database.reading() as session:
            one, stored = alerts.find(session, caller.key_id, alert_id)
            return alerts.row(one, stored), one.simulated

    found: tuple[dict[str, Any], bool] = await private.query(request, read)
    return found


def _chosen(rows: list[dict[str, Any]], query: Parameters, known: Snapshot) -> list[dict[str, Any]]:
    """Return the rows that pass all filters; raises Unknown for a name that neither a row nor the
    newest issue has.
    """
    names = {
        "issue": {known.card.issue},
        "location_code": set(known.countries),
        "admin1_code": set(known.units),
        "target_month": known.target_months,
        "lead": set(known.card.leads),
    }
    for name, others in names.items():
        there = others | {row[name] for row in rows}
        for value in getattr(query, name):
            if value not in there:
                raise Unknown(name, value, map(str, there))
    wanted = {name: set(getattr(query, name)) for name in _FILTERS if getattr(query, name)}
    wanted |= {"is_open": {query.is_open}} if query.is_open is not None else {}
    return [row for row in rows if all(row[name] in wanted[name] for name in wanted)]
