"""Keys of the service's users: made, recognised, rotated and revoked; of a secret only the hash."""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from sqlalchemy import JSON, ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from ewarn.core.errors import BadInput, Unknown
from ewarn.database import audit
from ewarn.database._base import Base, now

SCOPES = ("read", "watchlists", "admin")
_USED_EVERY = timedelta(minutes=1)
_SHAPE = re.compile(r"ewarn_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
_NAME = re.compile(r"[\w.@ -]{1,100}")


class Key(Base):
    """A key: who may do what, until when. It outlives its secrets."""

    __tablename__ = "keys"
    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    team: Mapped[str | None] = mapped_column(String(100))

    @property
    def own_team(self) -> str:
        """The team it belongs to; without one, it is a team of its own, of its name."""
        return self.team or self.name

    def may(self, scope: str) -> bool:
        """Return whether the key has the scope; admin has all."""
        return scope in self.scopes or "admin" in self.scopes

    def ended(self, at: datetime) -> str | None:
        """Return why the key is no longer good at that moment; None while it is."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at and self.expires_at <= at else None


class Secret(Base):
    """The SHA-256 of a key's secret, found by the part of it that may be seen."""

    __tablename__ = "secrets"
    prefix: Mapped[str] = mapped_column(String(12), primary_key=True)
    key_id: Mapped[str] = mapped_column(ForeignKey(Key.id), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Shown:
    """A key with the one chance to see its secret, which no text of this object gives away."""

    key: Key
    secret: str

    def __repr__(self) -> str:
        return f"Shown({self.key.id})"


class Refused(Exception):
    """A secret that is not valid: `key_id` names the key it belonged to, if any."""

    def __init__(self, why: str, key_id: str | None = None) -> None:
        self.key_id = key_id
        super().__init__(why)


def create(
    session: Session,
    name: str,
    scopes: Collection[str],
    expires_at: datetime | None = None,
    team: str | None = None,
) -> Shown:
    """Return a new key, in a team of its own where none is named; raises BadInput for a name that
    is taken or a moment that has passed, Unknown for a scope there is not.
    """
    _check_name(session, name, team)
    for scope in scopes:
        if scope not in SCOPES:
            raise Unknown("scope", scope, SCOPES)
    if not scopes:
        raise BadInput("scopes", "none", f"one or more of {', '.join(SCOPES)}")
    if expires_at and expires_at <= now():
        raise BadInput("expiry", expires_at.isoformat(), "a moment to come")
    chosen = [scope for scope in SCOPES if scope in scopes]
    facts = {"created_at": now(), "expires_at": expires_at, "team": team}
    key = Key(id=_random(), name=name, scopes=chosen, **facts)
    session.add(key)
    session.flush()
    audit.note(session, "create key", key.id, f"scopes {', '.join(chosen)}")
    return Shown(key, _secret(session, key))


def rotate(session: Session, name: str, grace: timedelta = timedelta(0)) -> Shown:
    """Return a new secret of a key; those it had end after the grace. Raises Unknown, or BadInput
    where the key has ended.
    """
    key = find(session, name)
    ended = key.ended(now())
    if ended:
        raise BadInput(f"key {key.name}", ended, "a key in use; make a new one")
    end = now() + grace
    for old in session.scalars(select(Secret).where(Secret.key_id == key.id)):
        old.ends_at = min(old.ends_at or end, end)
    audit.note(session, "rotate key", key.id, f"old secret good until {end:%Y-%m-%d %H:%M}")
    return Shown(key, _secret(session, key))


def revoke(session: Session, name: str) -> Key:
    """Return the key, ended now; revoking it again changes nothing. Raises Unknown."""
    key = find(session, name)
    if key.revoked_at is None:
        key.revoked_at = now()
        audit.note(session, "revoke key", key.id)
    return key


def everyone(session: Session) -> list[Key]:
    """Return all keys there ever were, the oldest first."""
    return list(session.scalars(select(Key).order_by(Key.created_at, Key.id)))


def prefixes(session: Session) -> dict[str, list[str]]:
    """Return how the secrets that are still good begin, by key id."""
    found: dict[str, list[str]] = {}
    chosen = select(Secret).where((Secret.ends_at.is_(None)) | (Secret.ends_at > now()))
    for one in session.scalars(chosen.order_by(Secret.created_at)):
        found.setdefault(one.key_id, []).append(f"ewarn_{one.prefix}_")
    return found


def find(session: Session, name: str) -> Key:
    """Return the key of that name or id; raises Unknown."""
    key = session.scalar(select(Key).where(Key.name == name)) or session.get(Key, name)
    if key is None:
        raise Unknown("key", name, session.scalars(select(Key.name)))
    return key


def recognise(session: Session, secret: str) -> Key:
    """Return the key that a secret opens now; raises Refused."""
    parts = _SHAPE.fullmatch(secret)
    chosen = select(Secret, Key).join(Key).where(Secret.prefix == (parts[1] if parts else ""))
    found = session.execute(chosen).one_or_none()
    # A prefix that is not known costs the same comparison as one that is.
    digest = found[0].digest if found else "0" * 64
    if not compare_digest(_digest(secret), digest) or found is None:
        raise Refused("there is no such key")
    stored, key = found
    moment = now()
    ended = key.ended(moment)
    if ended:
        raise Refused(f"the key is {ended}", key.id)
    if stored.ends_at and stored.ends_at <= moment:
        raise Refused("the key has a newer secret", key.id)
    return key


def is_use_due(key: Key) -> bool:
    """Return whether its last use was noted so long ago that this one should be."""
    return key.last_used_at is None or now() - key.last_used_at >= _USED_EVERY


def note_use(session: Session, key_id: str) -> None:
    """Note that a key is used now, unless another worker just did."""
    moment = now()
    is_due = Key.last_used_at.is_(None) | (Key.last_used_at <= moment - _USED_EVERY)
    chosen = update(Key).where(Key.id == key_id, is_due)
    session.execute(chosen.values(last_used_at=moment))


def _check_name(session: Session, name: str, team: str | None) -> None:
    for what, text in (("name", name), ("team", team)):
        if text is not None and not _NAME.fullmatch(text):
            raise BadInput(what, repr(text), "1 to 100 letters, digits, spaces or . @ _ -")
    if session.scalar(select(Key).where(Key.name == name)):
        raise BadInput("name", repr(name), "one that no key has; a revoked key keeps its own")
    # A key joins a team only where that team is named, never because it has the same name.
    if team is None and session.scalar(select(Key.id).where(Key.team == name)):
        raise BadInput("name", repr(name), "one that no team has, or the team of the key, named")


def _secret(session: Session, key: Key) -> str:
    prefix = _random()
    secret = f"ewarn_{prefix}_{secrets.token_urlsafe(32)}"
    session.add(Secret(prefix=prefix, key_id=key.id, digest=_digest(secret), created_at=now()))
    session.flush()
    return secret


def _random() -> str:
    return secrets.token_hex(4)


def _digest(secret: str) -> str:
    """SHA-256 is enough for what was drawn from 2^256, and costs a microsecond."""
    return sha256(secret.encode()).hexdigest()
