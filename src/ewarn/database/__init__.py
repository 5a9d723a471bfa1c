"""Tables of keys, watch lists, alerts, subscriptions, digests, judgements and logs, in SQL.

SQLite or PostgreSQL; one file a subject. It may import `core` only. Entry points: `Database` opens
sessions, the modules `keys`, `watchlists`, `alerts`, `subscriptions`, `digests`, `judgements`,
`ledger` and `audit` use them.
"""

import sys

from ewarn.core import plugins
from ewarn.database._base import Base, Moment, now
from ewarn.database._sessions import Database, Unreachable

__all__ = ["Base", "Database", "Moment", "Unreachable", "now"]

for _name in plugins.names(sys.modules[__name__]):  # so that Base has every table
    plugins.load(sys.modules[__name__], _name)
