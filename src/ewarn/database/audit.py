"""Who did what, when, from where and with what result: writes, refused writes, events of keys."""

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ewarn.database._base import Base, now


class Entry(Base):
    """One line of the audit log; it never holds a secret."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    key_id: Mapped[str | None] = mapped_column(String(12))
    origin: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(500))
    result: Mapped[str] = mapped_column(String(200))


def note(
    session: Session,
    action: str,
    subject: str,
    result: str = "done",
    *,
    origin: str = "command line",
    key_id: str | None = None,
) -> None:
    """Add a line: `action` such as "POST" or "rotate key", `subject` the path or id that it was
    done to, `origin` the client's address, `key_id` the key of the request.
    """
    session.add(
        Entry(
            at=now(),
            key_id=key_id,
            origin=origin[:100],
            action=action[:100],
            subject=subject[:500],
            result=result[:200],
        )
    )


def latest(session: Session, count: int, key_id: str | None = None) -> list[Entry]:
    """Return the last lines, of one key or of all, the newest first."""
    chosen = select(Entry).order_by(Entry.id.desc()).limit(count)
    if key_id is not None:
        chosen = chosen.where((Entry.key_id == key_id) | (Entry.subject == key_id))
    return list(session.scalars(chosen))
