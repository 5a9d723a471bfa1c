"""UCDP GED as CSV: a version from the API page by page, or an archive (ZIP, CSV) by its URL."""

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import date

from ewarn.core.errors import BadInput
from ewarn.data.connectors import _body, _countries, _csv_rows, _download, _listing, _pagination
from ewarn.data.connectors._download import Download, FetchRequest
from ewarn.data.connectors._http import Web
from ewarn.data.connectors._listing import Listing
from ewarn.data.connectors._page_checks import Page, Table
from ewarn.data.connectors._partial import PartialFile
from ewarn.data.connectors._ucdp_api import OVER, Api
from ewarn.data.versions import Version

KIND, ENDINGS = "events", (".csv",)
TAKES = ("version", "url", "page_size", "where")
QUERY = ("page", "pagesize")  # what `where` may not set
DELAY_DAYS = 20  # from a month's end until its candidates are due (Hegre et al. 2020)
_COUNTRY = "Country"


def fetch(request: FetchRequest, web: Web, kept: PartialFile) -> Download:
    """Return a version from the API; without a version, the archive at a URL."""
    if request.version is not None:
        return _from_api(request, request.version, web, kept)
    if request.url is None:
        raise BadInput("ucdp_ged", "neither", "--version for the API, or --url of an archive")
    if request.where:
        words = _download.filter_words(request.where)
        raise BadInput("--where", words, "--version with it: an archive is not filtered")
    body = _body.download(request.url, web, kept)
    path = kept.path(request.out.name)
    if _csv_rows.starts(body.path, _csv_rows.ZIP):
        _csv_rows.unzip(body.path, path)
    else:
        body.path.replace(path)
    return _download.of_body(path, request.url, body, _csv_rows.in_csv(path))


def versions(request: FetchRequest, web: Web, day: date) -> Listing:
    """Return the versions there are on a day, with their rows under the filter of the request.

    The API lists none, so each version that may be there is requested, a row of it.
    """
    api = Api.of(request, web)

    def count(version: Version) -> int | None:
        return api.count(str(version), request.where)

    return _listing.yearly_and_monthly("ucdp_ged", count, day, DELAY_DAYS)


def of_countries(codes: Iterable[str]) -> dict[str, str]:
    """Return the filter for some countries, by their ISO 3166 codes.

    >>> of_countries(["NER", "MLI"])
    {'Country': '432,436'}
    """
    return {_COUNTRY: ",".join(map(str, _countries.numbers(codes)))}


def _from_api(request: FetchRequest, version: str, web: Web, kept: PartialFile) -> Download:
    if not re.fullmatch(r"\d+(\.\d+)+", version):
        raise BadInput("--version", repr(version), "a version such as 26.1 or 26.0.10")
    api = Api.of(request, web)

    def page(number: int, where: str) -> Page:
        found = api.page(
            version, {**request.where, "pagesize": request.size, "page": number}, where
        )
        if number == 0 and not found.rows and _may_be_empty(version, request.where):
            raise _NoRows(where, "no rows", "at least one")
        return found

    table = Table(f"ucdp_ged {version}", page, request.size, 0, ("id",), OVER)
    try:
        whole = _pagination.whole(table, kept, web.progress)
    except _NoRows:
        return _empty(request, version, api, kept)
    path, url = kept.path(request.out.name), api.url(version)
    return _download.of_pages(path, url, whole, _csv_rows.write_csv(path, whole.rows), version)


class _NoRows(BadInput):
    """A version of which no row passes the filter."""


def _may_be_empty(version: str, where: Mapping[str, str]) -> bool:
    """Return whether no rows may be right: of candidates, in countries that there are."""
    filters = {name.lower(): value for name, value in where.items()}
    codes = filters.get(_COUNTRY.lower(), "").split(",")
    return len(filters) == 1 and len(version.split(".")) > 2 and _countries.are_numbers(codes)


def _empty(request: FetchRequest, version: str, api: Api, kept: PartialFile) -> Download:
    """Return the columns of a version without a row."""
    row = next(iter(api.first_row(version, {}).rows), None)
    if row is None:
        raise BadInput(f"ucdp_ged {version}", "no rows", "at least one")
    path = kept.path(request.out.name)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerow(row)
    note = f"the version has no event with {_download.filter_words(request.where)}"
    promised = {"rows": 0, "pages": 0}
    return Download(path, api.url(version), 0, promised, version, 0, (note,))
