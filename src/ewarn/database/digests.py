"""The log of digests: a row an issue, watch list, recipient and language."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import String, UniqueConstraint, and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from ewarn.database._base import Base

QUEUED, SENDING, SENT, FAILED = "queued", "sending", "sent", "failed"
INTERRUPTED = timedelta(minutes=15)  # after which a message under way counts as interrupted
_MOST = 300  # characters of an error


class Digest(Base):
    """One message to one recipient: queued, sending, sent or failed.

    `watchlist_id` is empty for a digest of all units, and refers to no row: the log outlives lists.
    """

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("issue_id", "watchlist_id", "recipient", "language"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    issue_id: Mapped[str] = mapped_column(String(40), index=True)
    watchlist_id: Mapped[str] = mapped_column(String(12))
    recipient: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(5))
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int]
    last_error: Mapped[str | None] = mapped_column(String(_MOST))
    queued_at: Mapped[datetime]
    attempted_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]


def identity(issue_id: str, watchlist_id: str, recipient: str, language: str) -> str:
    """Return the id of a message: the same however often it is worked out."""
    text = "\n".join((issue_id, watchlist_id, recipient, language))
    return sha256(text.encode()).hexdigest()[:32]


def queue(
    session: Session,
    issue_id: str,
    watchlist_id: str,
    recipient: str,
    language: str,
    at: datetime,
) -> Digest:
    """Return the row of a message, added if it is new."""
    own = identity(issue_id, watchlist_id, recipient, language)
    stored = session.get(Digest, own)
    if stored:
        return stored
    built = Digest(
        id=own,
        issue_id=issue_id,
        watchlist_id=watchlist_id,
        recipient=recipient,
        language=language,
        state=QUEUED,
        attempts=0,
        queued_at=at,
    )
    try:
        with session.begin_nested():
            session.add(built)
    except IntegrityError:  # another process has queued it meanwhile
        return session.get_one(Digest, own)
    return built


def claim(session: Session, digest_id: str, at: datetime) -> bool:
    """Mark a message as being sent; False where it was sent, or another process is sending it.

    One that has been under way for INTERRUPTED or longer can be claimed again.
    """
    stale = and_(Digest.state == SENDING, Digest.attempted_at <= at - INTERRUPTED)
    free = or_(Digest.state.in_((QUEUED, FAILED)), stale)
    change = update(Digest).where(Digest.id == digest_id, free)
    new = {"state": SENDING, "attempts": Digest.attempts + 1, "attempted_at": at}
    done = session.execute(change.values(**new).returning(Digest.id))
    return done.one_or_none() is not None


def settle(session: Session, digest_id: str, error: str | None, at: datetime) -> None:
    """Record how a message went: sent, or failed with the reason."""
    stored = session.get_one(Digest, digest_id)
    stored.state = FAILED if error else SENT
    stored.last_error = error[:_MOST] if error else None
    stored.sent_at = None if error else at


def of_issue(session: Session, issue_id: str) -> Sequence[Digest]:
    """Return the log of an issue, by recipient."""
    order = (Digest.recipient, Digest.watchlist_id, Digest.language)
    return session.scalars(select(Digest).where(Digest.issue_id == issue_id).order_by(*order)).all()
