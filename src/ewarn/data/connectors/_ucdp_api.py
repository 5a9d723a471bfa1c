"""The API of UCDP (https://ucdp.uu.se/apidocs/): pages of a version, and how many rows it has.

Pages are numbered from 0. Above 1,000 rows a page the API drops rows without a word. Its TotalCount
has been reported about 1,000 above what it serves: a promise in that range is accepted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ewarn.core.errors import BadInput
from ewarn.data.connectors import _download, _responses
from ewarn.data.connectors._download import FetchRequest
from ewarn.data.connectors._http import Web
from ewarn.data.connectors._page_checks import Page
from ewarn.data.connectors._responses import NotThere

BASE = "https://ucdpapi.pcr.uu.se/api"
TOKEN = "EWARN_UCDP_TOKEN"  # noqa: S105  its name
WHY = (
    "a token for the API, free of charge: write to the maintainer of the API, who is named at"
    " https://ucdp.uu.se/apidocs/"
)
OVER = (0, *range(900, 1101))


@dataclass(frozen=True)
class Api:
    """The API at an address, with a token for it."""

    web: Web
    base: str
    token: str

    @classmethod
    def of(cls, request: FetchRequest, web: Web) -> Self:
        """Return the API that a request names; raises BadInput where there is no token."""
        token = _download.secret(web, TOKEN, WHY)
        if not token.isascii():
            raise BadInput(f"environment variable {TOKEN}", "letters that no token has", WHY)
        return cls(web, (request.url or BASE).rstrip("/"), token)

    def url(self, version: str) -> str:
        """Return the address of a version."""
        return f"{self.base}/gedevents/{version}"

    def page(self, version: str, query: Mapping[str, Any], where: str) -> Page:
        """Return a page of a version; `where` names it in messages."""
        headers = {"x-ucdp-access-token": self.token}
        return self._read(where, self.web.json(self.url(version), query, where, headers=headers))

    def first_row(self, version: str, filters: Mapping[str, str]) -> Page:
        """Return the first row of a version under a filter, as a page of one row."""
        return self.page(version, {**filters, "pagesize": 1, "page": 0}, f"ucdp_ged {version}")

    def count(self, version: str, filters: Mapping[str, str]) -> int | None:
        """Return how many rows a version has under a filter; None where there is no such version.

        A source that is out of reach, refuses the token or limits the rate raises instead.
        """
        rows = self._count(version, filters)
        if not rows and filters:
            return 0 if self._count(version, {}) else None
        return rows or None

    def _count(self, version: str, filters: Mapping[str, str]) -> int:
        try:
            page = self.first_row(version, filters)
        except NotThere:
            return 0
        if not page.rows and page.total not in OVER:
            found = f"no rows, though it promises {page.total:,}"
            raise BadInput(f"ucdp_ged {version}", found, "the first of them")
        return (page.total or 0) if page.rows else 0

    def _read(self, where: str, tree: Mapping[str, object]) -> Page:
        match tree:
            case {"TotalCount": 0, "Result": None | []}:
                return Page([], 0, 0)
            case {"TotalCount": int(total), "TotalPages": int(pages), "Result": list(rows)}:
                return Page(rows, total, pages)
        found = f"JSON with the message {_responses.message(str(tree), self.web.secrets)!r}"
        raise BadInput(where, found, "TotalCount, TotalPages and Result")
