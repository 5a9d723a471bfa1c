"""A request to a connector, and the download that answers it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from ewarn.core.errors import BadInput
from ewarn.data.connectors._body import Body
from ewarn.data.connectors._http import Web
from ewarn.data.connectors._pagination import Whole
from ewarn.data.connectors._redaction import shown

MOST = 1000  # rows a page


@dataclass(frozen=True)
class FetchRequest:
    """A download requested by a user: the file to write, and the options that were named."""

    out: Path
    url: str | None = None
    version: str | None = None
    first: date | None = None
    last: date | None = None
    page_size: int | None = None
    where: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a page size that loses rows, and a URL that is none, without quoting it."""
        if self.page_size is not None and not 1 <= self.page_size <= MOST:
            expected = f"from 1 to {MOST:,}: above that a source may drop rows without a word"
            raise BadInput("--page-size", f"{self.page_size:,}", expected)
        if self.url is not None and not _is_web(self.url):
            raise BadInput("--url", "no such address", "one that begins with https:// or http://")

    @property
    def named(self) -> dict[str, str]:
        """What was named beside the file, as text, the URL without its secrets."""
        given = {name: value for name, value in vars(self).items() if value and name != "out"}
        given |= {"url": shown(self.url)} if self.url else {}
        given |= {"where": filter_words(self.where)}
        return {name: str(value) for name, value in given.items() if value}

    def need_url(self) -> str:
        """Return the URL; raises BadInput where none was named."""
        if not self.url:
            raise BadInput("--url", "none", "the address of the file")
        return self.url

    @property
    def size(self) -> int:
        """Rows a page: the largest number allowed, unless fewer were requested."""
        return self.page_size or MOST


def filter_words(where: Mapping[str, str]) -> str:
    """Return a filter as manifests have it.

    >>> filter_words({"Country": "432", "TypeOfViolence": "3"})
    'Country=432&TypeOfViolence=3'
    """
    return "&".join(f"{name}={value}" for name, value in where.items())


@dataclass(frozen=True)
class Download:
    """A whole file, not yet in its place, and the facts for its manifest."""

    path: Path
    url: str
    rows: int
    promised: Mapping[str, int | None]
    version: str | None
    pages: int | None = None
    notes: tuple[str, ...] = ()


def of_body(path: Path, url: str, body: Body, rows: int) -> Download:
    """Return a file that was download as it is."""
    return Download(path, shown(url), rows, {"bytes": body.promised}, body.state)


def of_pages(path: Path, url: str, whole: Whole, rows: int, version: str | None = None) -> Download:
    """Return a file of rows that came in pages."""
    total, served = whole.promised.total, whole.count
    notes = ["the data changed during the download, and were fetched again"] if whole.again else []
    if total is not None and total != served:
        notes.append(
            f"{total:,} rows were promised and {served:,} are there: every page is full to the"
            " last, and the source has been reported to count about 1,000 too much"
        )
    promised = {"rows": total, "pages": whole.promised.pages}
    return Download(path, shown(url), rows, promised, version, len(whole.sizes), tuple(notes))


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def secret(web: Web, name: str, why: str) -> str:
    """Return a secret of the environment, never to be shown; raises BadInput where it is
    not set.
    """
    value = os.environ.get(name, "").strip()
    if not value:
        raise BadInput(f"environment variable {name}", "nothing", why)
    web.secrets.add(value)
    return value
