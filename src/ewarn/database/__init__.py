"""What the service remembers, in SQL: one file a subject, found here; SQLite or PostgreSQL."""

import sys

from ewarn.core import plugins
from ewarn.database._base import Base, Moment, now
from ewarn.database._sessions import Records, Unreachable

__all__ = ["Base", "Moment", "Records", "Unreachable", "now"]

for _name in plugins.names(sys.modules[__name__]):  # so that Base knows every table there is
    plugins.load(sys.modules[__name__], _name)
