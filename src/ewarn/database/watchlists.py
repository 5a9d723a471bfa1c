"""Watch lists: which units and leads a user watches, and by which rules alerts are raised."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ewarn.core.errors import BadInput, Unknown
from ewarn.database._base import Base, now
from ewarn.database.keys import Key


class Watchlist(Base):
    """A watch list of one key, for issues of one world, simulated or real.

    `thresholds`, by measure, are the owner's, or the one chosen to keep to `budget`, alerts a
    month; `past` then holds what it would have given in the past.
    """

    __tablename__ = "watchlists"
    __table_args__ = (UniqueConstraint("key_id", "name"),)
    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    key_id: Mapped[str] = mapped_column(ForeignKey(Key.id))
    name: Mapped[str] = mapped_column(String(100))
    units: Mapped[list[str]] = mapped_column(JSON)
    leads: Mapped[list[int]] = mapped_column(JSON)
    simulated: Mapped[bool]
    thresholds: Mapped[dict[str, float]] = mapped_column(JSON)
    budget: Mapped[float | None]
    past: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    extremes: Mapped[dict[str, float]] = mapped_column(JSON)
    ends_below: Mapped[float]
    cooldown: Mapped[int]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Evaluation(Base):
    """That an issue was evaluated for a list: once, whatever is done at the same time."""

    __tablename__ = "evaluations"
    watchlist_id: Mapped[str] = mapped_column(
        String(12), ForeignKey(Watchlist.id), primary_key=True
    )
    issue_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    simulated: Mapped[bool]
    as_of: Mapped[date]
    issued_at: Mapped[datetime]
    evaluated_at: Mapped[datetime]
    raised: Mapped[int]
    ended: Mapped[int]
    note: Mapped[str | None] = mapped_column(String(500))


def add(session: Session, key_id: str, said: Mapping[str, Any]) -> Watchlist:
    """Return a new list of that key; `said` are its columns from `name` on. Raises BadInput for a
    name that the key has given already.
    """
    _check_name(session, key_id, said["name"])
    at = now()
    built = Watchlist(id=_random(), key_id=key_id, created_at=at, changed_at=at, **said)
    session.add(built)
    session.flush()
    return built


def change(session: Session, kept: Watchlist, said: Mapping[str, Any]) -> None:
    """Replace all columns of a list; its alerts stay. Raises BadInput as `add` does."""
    if said["name"] != kept.name:
        _check_name(session, kept.key_id, said["name"])
    for name, value in said.items():
        setattr(kept, name, value)
    kept.changed_at = now()
    session.flush()


def of_key(session: Session, key_id: str) -> list[Watchlist]:
    """Return the lists of a key, by name."""
    chosen = select(Watchlist).where(Watchlist.key_id == key_id)
    return list(session.scalars(chosen.order_by(Watchlist.name)))


def every(session: Session, simulated: bool) -> list[Watchlist]:
    """Return all lists of one world whose key is good, the oldest first."""
    chosen = select(Watchlist, Key).join(Key).where(Watchlist.simulated == simulated)
    found = session.execute(chosen.order_by(Watchlist.created_at, Watchlist.id)).all()
    return [one for one, key in found if not key.ended(now())]


def find(session: Session, key_id: str, watchlist_id: str) -> Watchlist:
    """Return the list of that id, if it is the key's own; raises Unknown with those that are."""
    found = session.get(Watchlist, watchlist_id)
    if found is None or found.key_id != key_id:
        raise Unknown("watch list", watchlist_id, [one.id for one in of_key(session, key_id)])
    return found


def named(session: Session, name: str, simulated: bool) -> Watchlist:
    """Return the list of one world that has that id or name, of whatever key; raises Unknown, or
    BadInput where several have the name.
    """
    lists = every(session, simulated)
    found = [one for one in lists if one.id == name] or [one for one in lists if one.name == name]
    if not found:
        raise Unknown("watch list", name, [known for one in lists for known in (one.id, one.name)])
    if len(found) > 1:
        raise BadInput("watch list", f"{len(found)} named {name!r}", "an id: "
                       + ", ".join(one.id for one in found))  # fmt: skip
    return found[0]


def evaluated(session: Session, watchlist_id: str, issue_id: str) -> bool:
    """Return whether the alerts of a list were run on an issue."""
    return session.get(Evaluation, (watchlist_id, issue_id)) is not None


def latest(session: Session, ids: Sequence[str]) -> dict[str, Evaluation]:
    """Return the evaluation of the newest issue of its world, by list."""
    chosen = select(Evaluation).join(Watchlist).where(Watchlist.id.in_(ids))
    chosen = chosen.where(Evaluation.simulated == Watchlist.simulated)
    order = (Evaluation.as_of, Evaluation.issued_at)
    return {one.watchlist_id: one for one in session.scalars(chosen.order_by(*order))}


def remove(session: Session, kept: Watchlist) -> None:
    """End a list, and its evaluations; alerts and subscriptions must be gone."""
    session.execute(delete(Evaluation).where(Evaluation.watchlist_id == kept.id))
    session.delete(kept)
    session.flush()


def _check_name(session: Session, key_id: str, name: str) -> None:
    if session.scalar(
        select(Watchlist.id).where(Watchlist.key_id == key_id, Watchlist.name == name)
    ):
        raise BadInput("name", repr(name), "one that no other watch list of the key has")


def _random() -> str:
    return secrets.token_hex(6)
