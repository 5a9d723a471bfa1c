"""Alerts: each stored once, for a watch list, unit, target month and issue."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ewarn.core import columns
from ewarn.core.errors import Unknown
from ewarn.database._base import Base
from ewarn.database.watchlists import Watchlist


class Alert(Base):
    """An alert: where, for which month, why; `said` is what was known of it then, and stays so."""

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("watchlist_id", "unit", "target_month", "issue_id"),)
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    watchlist_id: Mapped[str] = mapped_column(ForeignKey(Watchlist.id))
    unit: Mapped[str] = mapped_column(String(100))
    target_month: Mapped[str] = mapped_column(String(7))
    issue_id: Mapped[str] = mapped_column(String(40))
    simulated: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(10))
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    raised_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(40))
    ended_why: Mapped[str | None] = mapped_column(String(10))


def identity(watchlist_id: str, unit: str, target_month: str, issue_id: str) -> str:
    """Return the id of an alert: the same however often it is worked out."""
    text = "\n".join((watchlist_id, unit, target_month, issue_id))
    return sha256(text.encode()).hexdigest()[:16]


def add(
    session: Session,
    kept: Watchlist,
    issue_id: str,
    reason: str,
    said: Mapping[str, Any],
    at: datetime,
) -> Alert:
    """Return a new alert; `said` has its `admin1_code` and `target_month`."""
    unit, month = said["admin1_code"], said["target_month"]
    built = Alert(
        id=identity(kept.id, unit, month, issue_id),
        watchlist_id=kept.id,
        unit=unit,
        target_month=month,
        issue_id=issue_id,
        simulated=kept.simulated,
        reason=reason,
        said=dict(said),
        raised_at=at,
    )
    session.add(built)
    session.flush()
    return built


def of_list(session: Session, kept: Watchlist) -> list[Alert]:
    """Return the alerts of a list, of its world, the newest first."""
    chosen = select(Alert).where(Alert.watchlist_id == kept.id, Alert.simulated == kept.simulated)
    return list(session.scalars(chosen.order_by(*_order())))


def of_issue(session: Session, kept: Watchlist, issue_id: str) -> list[dict[str, Any]]:
    """Return the rows of the alerts of a list that an issue raised or ended, the newest first."""
    chosen = select(Alert).where(Alert.watchlist_id == kept.id)
    chosen = chosen.where(or_(Alert.issue_id == issue_id, Alert.ended_by == issue_id))
    return [row(one, kept) for one in session.scalars(chosen.order_by(*_order()))]


def of_key(session: Session, key_id: str, simulated: bool) -> list[tuple[Alert, Watchlist]]:
    """Return the alerts of one world of all lists of a key, the newest first."""
    chosen = select(Alert, Watchlist).join(Watchlist)
    chosen = chosen.where(Watchlist.key_id == key_id, Alert.simulated == simulated)
    return [(alert, kept) for alert, kept in session.execute(chosen.order_by(*_order()))]


def find(session: Session, key_id: str, alert_id: str) -> tuple[Alert, Watchlist]:
    """Return the alert of that id, and its list, if it is the key's own; raises Unknown."""
    chosen = select(Alert, Watchlist).join(Watchlist)
    chosen = chosen.where(Alert.id == alert_id, Watchlist.key_id == key_id)
    found = session.execute(chosen).one_or_none()
    if found is None:
        own = select(Alert.id).join(Watchlist).where(Watchlist.key_id == key_id)
        raise Unknown("alert", alert_id, session.scalars(own))
    return found[0], found[1]


def row(one: Alert, kept: Watchlist) -> dict[str, Any]:
    """Return an alert as readers see it (`columns.TABLES["alerts"]`)."""
    facts = one.said | {
        "alert": one.id,
        "watchlist": kept.id,
        "watchlist_name": kept.name,
        "issue": one.issue_id,
        "reason": one.reason,
        "is_open": one.ended_at is None,
        "raised_at": one.raised_at.isoformat(),
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "ended_by": one.ended_by,
        "ended_why": one.ended_why,
    }
    return {name: facts.get(name) for name in columns.TABLES["alerts"]}


def end(session: Session, ids: Mapping[str, str], issue_id: str, at: datetime) -> list[Alert]:
    """End alerts, by id with the reason, on behalf of an issue."""
    some = list(session.scalars(select(Alert).where(Alert.id.in_(ids)).order_by(Alert.id)))
    for one in some:
        one.ended_at, one.ended_by, one.ended_why = at, issue_id, ids[one.id]
    return some


def remove(session: Session, watchlist_ids: Iterable[str]) -> None:
    """Remove all alerts of lists."""
    session.execute(delete(Alert).where(Alert.watchlist_id.in_(list(watchlist_ids))))


def _order() -> tuple[Any, ...]:
    return Alert.raised_at.desc(), Alert.target_month, Alert.unit, Alert.id
