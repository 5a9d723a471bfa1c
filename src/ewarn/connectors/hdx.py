"""A workbook of monthly counts by its URL, as the Humanitarian Data Exchange publishes them."""

from ewarn.connectors import _body, _rows, _taken
from ewarn.connectors._kept import Kept
from ewarn.connectors._taken import Ask, Taken
from ewarn.connectors._web import Web

KIND, ENDINGS = "events", (".xlsx",)
TAKES = ("url",)
QUERY = ()


def fetch(ask: Ask, web: Web, kept: Kept) -> Taken:
    """The workbook, as it is."""
    url = ask.need_url()
    body = _body.download(url, web, kept)
    path = body.path.replace(kept.path(ask.out.name))
    return _taken.of_body(path, url, body, _rows.in_workbook(path))
