"""A workbook of monthly counts by its URL, as the Humanitarian Data Exchange publishes them."""

from ewarn.data.connectors import _body, _csv_rows, _download
from ewarn.data.connectors._download import Download, FetchRequest
from ewarn.data.connectors._http import Web
from ewarn.data.connectors._partial import PartialFile

KIND, ENDINGS = "events", (".xlsx",)
TAKES = ("url",)
QUERY = ()


def fetch(request: FetchRequest, web: Web, kept: PartialFile) -> Download:
    """Return the workbook, as it is."""
    url = request.need_url()
    body = _body.download(url, web, kept)
    path = body.path.replace(kept.path(request.out.name))
    return _download.of_body(path, url, body, _csv_rows.in_workbook(path))
