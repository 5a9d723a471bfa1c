"""Write the body of a message about an alert run."""

import json
from collections.abc import Sequence
from datetime import datetime

from ewarn.database import alerts
from ewarn.database.alerts import Alert
from ewarn.database.watchlists import Watchlist
from ewarn.publishing.issue import Card


def body(
    kept: Watchlist, card: Card, raised: Sequence[Alert], ended: Sequence[Alert], at: datetime
) -> str:
    """Return the message, JSON: type, timestamp and data, as in the Standard Webhooks
    specification.
    """
    data = {
        "watchlist": kept.id,
        "watchlist_name": kept.name,
        "issue": card.issue,
        "as_of": card.as_of.isoformat(),
        "reference_month": card.reference_month,
        "simulated": card.simulated,
        "raised": [alerts.row(one, kept) for one in raised],
        "ended": [alerts.row(one, kept) for one in ended],
    }
    reported = {"type": "alerts.changed", "timestamp": at.isoformat(), "data": data}
    return json.dumps(reported, ensure_ascii=False, allow_nan=False)
