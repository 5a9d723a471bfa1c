"""Any CSV file by its URL, packed by gzip or not, as it is."""

from ewarn.data.connectors import _body, _csv_rows, _download
from ewarn.data.connectors._download import Download, FetchRequest
from ewarn.data.connectors._http import Web
from ewarn.data.connectors._page_checks import Unsound
from ewarn.data.connectors._partial import PartialFile

KIND, ENDINGS = None, (".csv", ".csv.gz")
TAKES = ("url",)
QUERY = ()


def fetch(request: FetchRequest, web: Web, kept: PartialFile) -> Download:
    """Return the file, checked to be a table."""
    url = request.need_url()
    body = _body.download(url, web, kept)
    path = body.path.replace(kept.path(request.out.name))
    rows = _csv_rows.in_csv(path)
    if _csv_rows.starts(path, _csv_rows.GZIP) != (path.suffix == ".gz"):
        expected = "an --out that ends in .csv.gz if, and only if, the file is packed by gzip"
        raise Unsound("--out", path.name, expected)
    return _download.of_body(path, url, body, rows)
