"""Download published data whole or not at all, with a manifest; one module a connector.

May import core, and the versions of releases. A source that is out of reach raises `Again`, which
is also a BadInput: the same call goes on later from what was received.
"""

from ewarn.data.connectors._connector import Connector, Fetched, fetch, load, names
from ewarn.data.connectors._download import FetchRequest
from ewarn.data.connectors._http import Web
from ewarn.data.connectors._listing import Listed, Listing
from ewarn.data.connectors._releases import country_filter, fetch_missing, missing, versions
from ewarn.data.connectors._responses import Again

__all__ = [
    "Again",
    "Connector",
    "FetchRequest",
    "Fetched",
    "Listed",
    "Listing",
    "Web",
    "country_filter",
    "fetch",
    "fetch_missing",
    "load",
    "missing",
    "names",
    "versions",
]
