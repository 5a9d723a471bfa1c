"""Who may ask what: each route declares what it needs, and each request is checked."""

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
