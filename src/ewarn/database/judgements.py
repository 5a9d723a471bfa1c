"""Analysts' judgements beside the model's forecast: appended, never changed or deleted."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ewarn.core import months
from ewarn.core.errors import EwarnError
from ewarn.database._base import Base, now
from ewarn.database.keys import Key

Arrow = Literal["deteriorating", "stable", "improving"]
Level = Literal["unit", "country"]
LEVELS: tuple[Level, ...] = get_args(Level)
NOTE_MOST = 2000  # characters of a note


class MonthOver(EwarnError):
    """The target month is over: what happens in it can no longer be forecast."""

    def __init__(self, month: str) -> None:
        super().__init__(
            f"target_month: found {month}, which is over; expected a month that is not over (UTC)"
        )


class Judgement(Base):
    """One version of an analyst's forecast for an area and a month.

    `issue_id`, `model_risk`, `baseline` and `escalates_at` (the smallest count that is an
    escalation) are of the issue that was newest then; the risk is None for a country.
    """

    __tablename__ = "judgements"
    __table_args__ = (
        UniqueConstraint(
            *("key_id", "simulated", "area_level", "area_code", "target_month", "version"),
            name="uq_judgements_version",
        ),
    )
    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    key_id: Mapped[str] = mapped_column(ForeignKey(Key.id))
    team: Mapped[str] = mapped_column(String(100), index=True)
    simulated: Mapped[bool]
    area_level: Mapped[str] = mapped_column(String(10))
    area_code: Mapped[str] = mapped_column(String(40))
    target_month: Mapped[str] = mapped_column(String(7))
    version: Mapped[int]
    arrow: Mapped[str] = mapped_column(String(20))
    probability: Mapped[float]
    analyst_note: Mapped[str] = mapped_column(String(NOTE_MOST))
    recorded_at: Mapped[datetime]
    issue_id: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(200))
    model_risk: Mapped[float | None]
    baseline: Mapped[float]
    escalates_at: Mapped[int]


def check_open(target_month: str) -> None:
    """Raise MonthOver for a month that is over."""
    if months.is_over(months.parse(target_month), now().date()):
        raise MonthOver(target_month)


def add(session: Session, key_id: str, facts: Mapping[str, Any]) -> Judgement:
    """Return a new judgement of that key, the next version of its own for the area and month.

    `facts` are its columns but id, key, team, version and moment. Raises MonthOver.
    """
    # The lock on the key's row lets one writer at a time find the next version (PostgreSQL).
    locked = select(Key).where(Key.id == key_id).with_for_update(key_share=True)
    key = session.scalars(locked).one()
    check_open(facts["target_month"])
    own = [
        getattr(Judgement, name) == facts[name]
        for name in ("simulated", "area_level", "area_code", "target_month")
    ]
    newest = select(func.max(Judgement.version)).where(Judgement.key_id == key_id, *own)
    built = Judgement(
        id=secrets.token_hex(6),
        key_id=key_id,
        team=key.own_team,
        version=(session.scalar(newest) or 0) + 1,
        recorded_at=now(),
        **facts,
    )
    session.add(built)
    session.flush()
    return built


def of_team(
    session: Session,
    team: str,
    simulated: bool,
    areas: Sequence[str] = (),
    target_months: Sequence[str] = (),
) -> list[tuple[Judgement, str]]:
    """Return all versions of a team's judgements with the analyst's name, the newest first; only
    those of the areas and months that are named, where some are.
    """
    chosen = select(Judgement, Key.name).join(Key)
    chosen = chosen.where(Judgement.team == team, Judgement.simulated == simulated)
    if areas:
        chosen = chosen.where(Judgement.area_code.in_(areas))
    if target_months:
        chosen = chosen.where(Judgement.target_month.in_(target_months))
    order = (Judgement.recorded_at.desc(), Judgement.version.desc(), Judgement.id)
    return [(one, name) for one, name in session.execute(chosen.order_by(*order))]


def newest(some: Sequence[tuple[Judgement, str]]) -> list[tuple[Judgement, str]]:
    """Return those that no later version supersedes, in the same order."""
    last: dict[tuple[str, ...], int] = {}
    for one, _ in some:
        last[_place(one)] = max(one.version, last.get(_place(one), 0))
    return [(one, name) for one, name in some if one.version == last[_place(one)]]


def _place(one: Judgement) -> tuple[str, ...]:
    return one.key_id, one.area_level, one.area_code, one.target_month
