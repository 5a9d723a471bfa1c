"""Print keys, the audit log and undelivered messages."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rich.markup import escape
from rich.table import Table

from ewarn.cli._output._console import moment, out

if TYPE_CHECKING:
    from ewarn.database.audit import Entry
    from ewarn.database.keys import Key
    from ewarn.database.subscriptions import Delivery, Subscription


def keys(some: Sequence["Key"], prefixes: dict[str, list[str]]) -> None:
    """A line a key: what it is good for, how its secrets begin, and how long it lasts."""
    names = ["key", "id", "team", "scopes", "secrets begin with", "created", "last used", "state"]
    table = Table(*names, title="Keys of the service")
    for key in some:
        ended = key.ended(datetime.now(UTC))
        until = f"until {moment(key.expires_at)}" if key.expires_at else "good"
        begins = "\n".join(prefixes.get(key.id, []))
        moments = moment(key.created_at), moment(key.last_used_at)
        scopes = ", ".join(key.scopes)
        table.add_row(
            escape(key.name), key.id, escape(key.own_team), scopes, begins, *moments, ended or until
        )
    out.print(table if some else "there are no keys; `ewarn keys create` makes one")


def audit(lines: Sequence["Entry"]) -> None:
    """The audit log, a row a line."""
    table = Table("when (UTC)", "key", "from", "what", "to", "result", title="Audit log")
    for one in lines:
        cells = (one.key_id or "", one.origin, one.action, one.subject, one.result)
        table.add_row(moment(one.at), *map(escape, cells))
    out.print(table if lines else "the audit log is empty")


def undelivered(some: Sequence[tuple["Delivery", "Subscription"]]) -> None:
    """A row a message that has not arrived; of an address only the host is shown."""
    table = Table("message", "to", "issue", "tries", "last try", "state", title="Not arrived")
    for one, to in some:
        state = f"due {moment(one.next_attempt_at)}" if one.next_attempt_at else "given up"
        host = urlsplit(to.url).hostname or ""
        table.add_row(one.id, host, one.issue_id, str(one.attempts), one.result or "", state)
    out.print(table if some else "every message has arrived")
