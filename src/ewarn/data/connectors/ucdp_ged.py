"""UCDP GED as CSV: a version from the API page by page, or an archive (ZIP, CSV) by its URL.

The API (https://ucdp.uu.se/apidocs/) numbers pages from 0. Above 1,000 rows a page it drops rows
without a word. Its TotalCount has been reported about 1,000 above what it serves: a promise in that
range is accepted, with a note, where the pages are otherwise as they must be.
"""

import re

from ewarn.core.errors import BadInput
from ewarn.data.connectors import _body, _csv_rows, _download, _pagination, _responses
from ewarn.data.connectors._download import Download, FetchRequest
from ewarn.data.connectors._http import Web
from ewarn.data.connectors._page_checks import Page, Table
from ewarn.data.connectors._partial import PartialFile

KIND, ENDINGS = "events", (".csv",)
TAKES = ("version", "url", "page_size", "where")
QUERY = ("page", "pagesize")  # what `where` may not set
BASE = "https://ucdpapi.pcr.uu.se/api"
TOKEN = "EWARN_UCDP_TOKEN"  # noqa: S105  its name
WHY = "a token for the API, free of charge: https://ucdp.uu.se/apidocs/"
OVER = (0, *range(900, 1101))


def fetch(request: FetchRequest, web: Web, kept: PartialFile) -> Download:
    """Return a version from the API; without a version, the archive at a URL."""
    if request.version is not None:
        return _from_api(request, request.version, web, kept)
    if request.url is None:
        raise BadInput("ucdp_ged", "neither", "--version for the API, or --url of an archive")
    body = _body.download(request.url, web, kept)
    path = kept.path(request.out.name)
    if _csv_rows.starts(body.path, _csv_rows.ZIP):
        _csv_rows.unzip(body.path, path)
    else:
        body.path.replace(path)
    return _download.of_body(path, request.url, body, _csv_rows.in_csv(path))


def _from_api(request: FetchRequest, version: str, web: Web, kept: PartialFile) -> Download:
    if not re.fullmatch(r"\d+(\.\d+)+", version):
        raise BadInput("--version", repr(version), "a version such as 26.1 or 26.0.10")
    url = f"{(request.url or BASE).rstrip('/')}/gedevents/{version}"
    token = _download.secret(web, TOKEN, WHY)
    if not token.isascii():
        raise BadInput(f"environment variable {TOKEN}", "letters that no token has", WHY)
    headers = {"x-ucdp-access-token": token}

    def page(number: int, where: str) -> Page:
        query = {**request.where, "pagesize": request.size, "page": number}
        return _page(where, web, web.json(url, query, where, headers=headers))

    table = Table(f"ucdp_ged {version}", page, request.size, 0, ("id",), OVER)
    whole = _pagination.whole(table, kept, web.progress)
    path = kept.path(request.out.name)
    return _download.of_pages(path, url, whole, _csv_rows.write_csv(path, whole.rows), version)


def _page(where: str, web: Web, tree: dict[str, object]) -> Page:
    match tree:
        case {"TotalCount": int(total), "TotalPages": int(pages), "Result": list(rows)}:
            return Page(rows, total, pages)
    found = f"JSON with the message {_responses.message(str(tree), web.secrets)!r}"
    raise BadInput(where, found, "TotalCount, TotalPages and Result")
