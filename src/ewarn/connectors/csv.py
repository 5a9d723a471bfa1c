"""Any CSV file by its URL, packed by gzip or not, as it is."""

from ewarn.connectors import _body, _rows, _taken
from ewarn.connectors._kept import Kept
from ewarn.connectors._rules import Unsound
from ewarn.connectors._taken import Ask, Taken
from ewarn.connectors._web import Web

KIND, ENDINGS = None, (".csv", ".csv.gz")
TAKES = ("url",)
QUERY = ()


def fetch(ask: Ask, web: Web, kept: Kept) -> Taken:
    """The file, proved to be a table."""
    url = ask.need_url()
    body = _body.download(url, web, kept)
    path = body.path.replace(kept.path(ask.out.name))
    rows = _rows.in_csv(path)
    if _rows.starts(path, _rows.GZIP) != (path.suffix == ".gz"):
        expected = "an --out that ends in .csv.gz if, and only if, the file is packed by gzip"
        raise Unsound("--out", path.name, expected)
    return _taken.of_body(path, url, body, rows)
