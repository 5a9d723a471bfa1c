"""Who is sent the alerts of a watch list, and each message: due, sent, or given up."""

import secrets
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from ewarn.core.errors import BadInput, Unknown
from ewarn.database._base import Base
from ewarn.database.keys import Key
from ewarn.database.watchlists import Watchlist

# Seconds until the next try, after each; the message is given up when the last has failed.
WAITS = (30, 300, 1800, 7200, 18000, 36000, 86400)
TRIES = len(WAITS) + 1
MOST = 20  # subscriptions a list


class Subscription(Base):
    """Where the alerts of a list are sent. The secret is kept as it is: it signs each message."""

    __tablename__ = "subscriptions"
    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    watchlist_id: Mapped[str] = mapped_column(ForeignKey(Watchlist.id), index=True)
    url: Mapped[str] = mapped_column(String(2000))
    secret: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]


class Delivery(Base):
    """One message to one subscription about one issue; its id is the same at each try.

    It is due from `next_attempt_at`, is done at `delivered_at`, and given up at `dead_at`.
    """

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("subscription_id", "issue_id"),)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    subscription_id: Mapped[str] = mapped_column(ForeignKey(Subscription.id))
    issue_id: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None] = mapped_column(index=True)
    delivered_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    result: Mapped[str | None] = mapped_column(String(200))


def add(session: Session, kept: Watchlist, url: str, at: datetime) -> Subscription:
    """Return a new subscription, with a secret of its own (Standard Webhooks: whsec_, then base64).

    Raises BadInput where the list has as many as may be.
    """
    if len(of_lists(session, [kept.id])) >= MOST:
        raise BadInput("subscriptions", f"{MOST} of the watch list", f"fewer than {MOST}")
    secret = f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"
    built = Subscription(
        id=secrets.token_hex(6), watchlist_id=kept.id, url=url, secret=secret, created_at=at
    )
    session.add(built)
    session.flush()
    return built


def of_lists(session: Session, watchlist_ids: Sequence[str]) -> list[Subscription]:
    """Return the subscriptions of lists, the oldest first."""
    chosen = select(Subscription).where(Subscription.watchlist_id.in_(watchlist_ids))
    return list(session.scalars(chosen.order_by(Subscription.created_at, Subscription.id)))


def find(session: Session, key_id: str, subscription_id: str) -> Subscription:
    """Return the subscription of that id, if its list is the key's own; raises Unknown."""
    own = select(Subscription).join(Watchlist).where(Watchlist.key_id == key_id)
    found = session.scalar(own.where(Subscription.id == subscription_id))
    if found is None:
        raise Unknown("subscription", subscription_id, [one.id for one in session.scalars(own)])
    return found


def remove(session: Session, ids: Sequence[str]) -> None:
    """End subscriptions, and all messages to them."""
    session.execute(delete(Delivery).where(Delivery.subscription_id.in_(ids)))
    session.execute(delete(Subscription).where(Subscription.id.in_(ids)))


def send(session: Session, to: Subscription, issue_id: str, body: str, at: datetime) -> Delivery:
    """Return a message that is due now."""
    built = Delivery(
        id=f"msg_{secrets.token_hex(12)}",
        subscription_id=to.id,
        issue_id=issue_id,
        body=body,
        created_at=at,
        attempts=0,
        next_attempt_at=at,
    )
    session.add(built)
    session.flush()
    return built


def deliveries(session: Session, subscription_id: str) -> list[Delivery]:
    """Return the messages to a subscription, the newest first."""
    chosen = select(Delivery).where(Delivery.subscription_id == subscription_id)
    return list(session.scalars(chosen.order_by(Delivery.created_at.desc(), Delivery.id)))


def find_delivery(session: Session, subscription_id: str, delivery_id: str) -> Delivery:
    """Return the message of that id to the subscription; raises Unknown."""
    found = session.get(Delivery, delivery_id)
    if found is None or found.subscription_id != subscription_id:
        known = [one.id for one in deliveries(session, subscription_id)]
        raise Unknown("delivery", delivery_id, known)
    return found


def find_message(session: Session, delivery_id: str) -> Delivery:
    """Return the message of that id, to whomever; raises Unknown with those that have not
    arrived.
    """
    found = session.get(Delivery, delivery_id)
    if found is None:
        raise Unknown("message", delivery_id, [one.id for one, _ in undelivered(session)])
    return found


def undelivered(session: Session) -> list[tuple[Delivery, Subscription]]:
    """Return all messages that have not arrived, those given up first."""
    chosen = select(Delivery, Subscription).join(Subscription)
    chosen = chosen.where(Delivery.delivered_at.is_(None))
    order = (Delivery.dead_at.is_(None), Delivery.created_at, Delivery.id)
    return [(one, to) for one, to in session.execute(chosen.order_by(*order))]


def send_again(session: Session, delivery: Delivery, at: datetime) -> None:
    """Make a message due now, with all its attempts again and the same id."""
    delivery.attempts, delivery.next_attempt_at = 0, at
    delivery.delivered_at = delivery.dead_at = None
    session.flush()


def due(session: Session, at: datetime, count: int) -> list[tuple[Delivery, Subscription]]:
    """Return the messages that are due, those that wait longest first, whose owner's key is
    good.
    """
    chosen = select(Delivery, Subscription).join(Subscription).join(Watchlist).join(Key)
    is_good = (Key.revoked_at.is_(None), Key.expires_at.is_(None) | (Key.expires_at > at))
    chosen = chosen.where(Delivery.next_attempt_at <= at, *is_good)
    order = (Delivery.next_attempt_at, Delivery.id)
    return [(one, to) for one, to in session.execute(chosen.order_by(*order).limit(count))]


def claim(session: Session, delivery: Delivery, at: datetime) -> bool:
    """Return whether the message is ours to send now. It counts as a try, and is due again after
    the wait, so that one who dies before `settle` loses nothing; False where another was first.
    """
    tries = delivery.attempts + 1
    wait = WAITS[min(tries, len(WAITS)) - 1]
    own = (Delivery.id == delivery.id, Delivery.next_attempt_at == delivery.next_attempt_at)
    again = at + timedelta(seconds=wait)
    chosen = update(Delivery).where(*own, Delivery.attempts == delivery.attempts)
    done = session.execute(
        chosen.values(attempts=tries, next_attempt_at=again).execution_options(
            synchronize_session=False
        )
    )
    return bool(getattr(done, "rowcount", 0))


def settle(session: Session, delivery_id: str, is_taken: bool, result: str, at: datetime) -> None:
    """Record the outcome of an attempt; after the last failure the message is given up."""
    stored = session.get(Delivery, delivery_id)
    if stored is None or stored.delivered_at is not None:  # its subscription ended meanwhile
        return
    stored.result = result[:200]
    if is_taken:
        stored.delivered_at, stored.next_attempt_at = at, None
    elif stored.attempts >= TRIES:
        stored.dead_at, stored.next_attempt_at = at, None
