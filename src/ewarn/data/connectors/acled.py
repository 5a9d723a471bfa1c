"""ACLED events of a range of days as CSV, without those that ACLED has deleted since.

The API (https://acleddata.com/api-documentation) promises no number of rows: pages are requested
until one is empty. An account that may not read the newest events gets an error, not fewer rows.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ewarn.core.errors import BadInput
from ewarn.data.connectors import _csv_rows, _download, _pagination, _responses
from ewarn.data.connectors._download import Download, FetchRequest
from ewarn.data.connectors._http import Web
from ewarn.data.connectors._login import Login
from ewarn.data.connectors._page_checks import Page, Row, Table, Unsound
from ewarn.data.connectors._partial import PartialFile

KIND, ENDINGS = "events", (".csv",)
TAKES = ("first", "last", "url", "page_size", "where")
QUERY = ("_format", "event_date", "event_date_where", "limit", "page", "fields")
BASE = "https://acleddata.com"
USER, PASSWORD = "EWARN_ACLED_USER", "EWARN_ACLED_PASSWORD"
WHY = (
    "user and password of a myACLED account, free of charge for many: register at"
    " https://acleddata.com/ and accept the terms"
)
ID = "event_id_cnty"


def fetch(request: FetchRequest, web: Web, kept: PartialFile) -> Download:
    """Return the events from `first` to `last`, or to today, less the deleted ones."""
    if request.first is None:
        raise BadInput("acled", "no --first", "the first day, such as --first 2018-01-01")
    first, last = str(request.first), str(request.last or datetime.now(UTC).date())
    base = (request.url or BASE).rstrip("/")
    user = _download.secret(web, USER, WHY)
    login = Login(web, f"{base}/oauth/token", user, _download.secret(web, PASSWORD, WHY))

    def table(name: str, path: str, key: tuple[str, ...], query: dict[str, str]) -> Table:
        def page(number: int, where: str) -> Page:
            whole = {"_format": "json", **query, "limit": request.size, "page": number}
            tree = web.json(f"{base}/api/{path}/read", whole, where, auth=login)
            return _page(where, web, tree, query)

        return Table(name, page, request.size, 1, key)

    days = {"event_date": f"{first}|{last}", "event_date_where": "BETWEEN"}
    events = table(f"acled {first} to {last}", "acled", (ID,), {**request.where, **days})
    deleted = table("acled deleted", "deleted", (ID, "deleted_timestamp"), {})
    whole = _pagination.whole(events, kept, web.progress)
    gone = {row[ID] for row in _pagination.whole(deleted, kept, web.progress).rows()}
    path = kept.path(request.out.name)
    rows = _csv_rows.write_csv(path, partial(_remaining, whole, gone, first, last))
    download = _download.of_pages(path, f"{base}/api/acled/read", whole, rows)
    left_out = f"{whole.count - rows:,} events that ACLED has deleted are left out"
    return replace(download, notes=(*download.notes, left_out)) if rows < whole.count else download


def _remaining(whole: _pagination.Whole, gone: set[str], first: str, last: str) -> Iterator[Row]:
    for row in whole.rows():
        if not first <= str(row.get("event_date")) <= last:
            found = f"the day {row.get('event_date')!r} of {row[ID]}"
            raise Unsound("acled", found, f"days from {first} to {last}, as requested")
        if row[ID] not in gone:
            yield row


def _page(where: str, web: Web, tree: dict[str, Any], query: dict[str, str]) -> Page:
    rows, facts = tree.get("data"), _responses.message(_words(tree), web.secrets)
    if tree.get("success") is False or not isinstance(rows, list):
        raise BadInput(
            where, f"no data ({facts or _responses.message(str(tree), web.secrets)})", "data"
        )
    if str(tree.get("count", len(rows))) != str(len(rows)):
        raise BadInput(where, f"{len(rows):,} rows", f"as many as its count, {tree['count']}")
    last, until = query.get("event_date", "")[-10:], _readable_until(tree)
    if until and until < last:
        found = f"an account that may read events to {until} only"
        raise BadInput(where, found, f"--last {until} or before, or another account")
    return Page(rows, said=facts)


def _words(tree: dict[str, Any]) -> str:
    """Return the message in an answer."""
    words = tree.get("messages") or tree.get("message") or tree.get("error") or ""
    return " ".join(map(str, words)) if isinstance(words, list) else str(words)


def _readable_until(tree: dict[str, Any]) -> str | None:
    """Return the last day that the account may read, where the answer names one."""
    match tree:
        case {"data_query_restrictions": {"date_recency": {"date": str(day)}}}:
            return day[:10]
    return None
