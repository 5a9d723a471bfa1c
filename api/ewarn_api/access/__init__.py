"""Who may read and write: keys, scopes, and what each route needs.

It may import nothing else of the service. Entry points: `needs` for routes, `Access` for the app.
"""

from ewarn_api.access._access import WRITES, Access, Need
from ewarn_api.access._callers import Caller, NoKey, NoScope, sent
from ewarn_api.access._needs import Needs, need_of, needs

__all__ = [
    "WRITES",
    "Access",
    "Caller",
    "Need",
    "Needs",
    "NoKey",
    "NoScope",
    "need_of",
    "needs",
    "sent",
]
