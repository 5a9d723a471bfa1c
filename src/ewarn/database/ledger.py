"""The ledger of issues: what was issued, as it was then, and its verification."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, String, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from ewarn.core.errors import Unknown
from ewarn.database._base import Base, now

RULE, PERSON, OUTCOME = "rule", "person", "outcome"  # by whom or what a forecast is void
_ID = String(40)


class Recorded(Base):
    """An issue as it was when it was first seen; `digest` is of its card, which has a digest of
    each of its files.
    """

    __tablename__ = "issues"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    digest: Mapped[str] = mapped_column(String(71))
    recorded_at: Mapped[datetime]
    created_at: Mapped[datetime]
    as_of: Mapped[date]
    reference_month: Mapped[str] = mapped_column(String(7))
    target: Mapped[str] = mapped_column(String(200))
    leads: Mapped[list[int]] = mapped_column(JSON)
    model: Mapped[str] = mapped_column(String(200))
    model_version: Mapped[str | None] = mapped_column(String(50))
    simulated: Mapped[bool]


class Outcome(Base):
    """The outcome of the month that an issue forecast at a lead, as one vintage reported it.

    `number` counts the vintages that differ, 1 for the first; `told_by` is the issue whose history
    reported it, or the digest of a file, and `digest` is of the counts.
    """

    __tablename__ = "outcomes"
    issue_id: Mapped[str] = mapped_column(_ID, ForeignKey(Recorded.id), primary_key=True)
    lead: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    target_month: Mapped[str] = mapped_column(String(7))
    told_by: Mapped[str] = mapped_column(_ID)
    told_as_of: Mapped[date]
    digest: Mapped[str] = mapped_column(String(71))
    scored_at: Mapped[datetime]


class Score(Base):
    """How good an issue was at a lead, in a stratum, beside one vintage of what happened."""

    __tablename__ = "scores"
    __table_args__ = (
        ForeignKeyConstraint(
            ["issue_id", "lead", "number"],
            ["outcomes.issue_id", "outcomes.lead", "outcomes.number"],
        ),
    )
    issue_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    lead: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    stratum: Mapped[str] = mapped_column(String(20), primary_key=True)
    n: Mapped[int]
    crps: Mapped[float | None]
    crps_log1p: Mapped[float | None]
    brier_ge_1: Mapped[float | None]
    brier_ge_25: Mapped[float | None]
    brier_escalation: Mapped[float | None]
    conflictology_crps: Mapped[float | None]
    conflictology_crps_log1p: Mapped[float | None]
    conflictology_brier_ge_1: Mapped[float | None]
    conflictology_brier_ge_25: Mapped[float | None]
    conflictology_brier_escalation: Mapped[float | None]
    escalations: Mapped[int | None]
    top_20_hits: Mapped[int | None]
    top_20_false_alarms: Mapped[int | None]
    reliability: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Void(Base):
    """Forecasts that do not count: of an issue, or of it at a lead and in a country, and why."""

    __tablename__ = "voids"
    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[str] = mapped_column(_ID, ForeignKey(Recorded.id), index=True)
    lead: Mapped[int | None]
    country: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(500))
    by: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]


@dataclass(frozen=True)
class Ledger:
    """All the ledger holds of one world, simulated or real: issues, the latest first, the vintages
    of outcomes, the oldest first, their scores, and what is void.
    """

    issues: tuple[Recorded, ...]
    outcomes: Mapping[tuple[str, int], Sequence[Outcome]]
    scores: Mapping[tuple[str, int, int], Sequence[Score]]
    voids: tuple[Void, ...]

    def vintages(self, issue_id: str, lead: int) -> list[Outcome]:
        """Return the outcomes of the month an issue forecast at a lead, as each vintage reported
        it, the first one first; without those of issues that are void.
        """
        void = self.void_issues()
        known = self.outcomes.get((issue_id, lead), ())
        return [one for one in known if one.told_by not in void]

    def void_issues(self) -> dict[str, str]:
        """Return the issues none of whose forecasts count, and why."""
        return {one.issue_id: one.reason for one in self.voids if one.lead is None}


def read(session: Session, simulated: bool) -> Ledger:
    """Return the ledger of the simulated world, or of the real one."""
    chosen = select(Recorded).where(Recorded.simulated == simulated)
    order = (Recorded.reference_month.desc(), Recorded.created_at.desc(), Recorded.id)
    issues = tuple(session.scalars(chosen.order_by(*order)))
    ids = select(Recorded.id).where(Recorded.simulated == simulated)
    outcomes: dict[tuple[str, int], list[Outcome]] = {}
    some = select(Outcome).where(Outcome.issue_id.in_(ids)).order_by(Outcome.number)
    for outcome in session.scalars(some):
        outcomes.setdefault((outcome.issue_id, outcome.lead), []).append(outcome)
    scores: dict[tuple[str, int, int], list[Score]] = {}
    for score in session.scalars(select(Score).where(Score.issue_id.in_(ids))):
        scores.setdefault((score.issue_id, score.lead, score.number), []).append(score)
    voids = select(Void).where(Void.issue_id.in_(ids)).order_by(Void.id)
    return Ledger(issues, outcomes, scores, tuple(session.scalars(voids)))


def state(session: Session) -> tuple[int, ...]:
    """Return numbers that change whenever the ledger does."""
    counts = [select(func.count()).select_from(one) for one in (Recorded, Outcome, Void)]
    newest = select(func.coalesce(func.max(Void.id), 0))
    return tuple(session.scalars(one).one() for one in (*counts, newest))


def record(session: Session, issue: Recorded) -> Recorded:
    """Return the issue as it is recorded: the one given, unless it is there already."""
    stored = session.get(Recorded, issue.id)
    if stored:
        return stored
    try:
        with session.begin_nested():
            session.add(issue)
    except IntegrityError:  # another process has recorded it meanwhile
        return session.get_one(Recorded, issue.id)
    return issue


def _alone(session: Session, issue_id: str) -> Recorded:
    """Return the issue of that id, which no other session changes meanwhile; raises Unknown."""
    found = session.get(Recorded, issue_id, with_for_update=True)
    if found is None:
        raise Unknown("issue of the ledger", issue_id, session.scalars(select(Recorded.id)))
    return found


def make_void(session: Session, issue_id: str, reason: str, by: str) -> bool:
    """Marks all forecasts of an issue as void; False if they are already. Raises Unknown."""
    _alone(session, issue_id)
    whole = select(Void).where(Void.issue_id == issue_id, Void.lead.is_(None))
    if session.scalar(whole):
        return False
    session.add(Void(issue_id=issue_id, reason=reason[:500], by=by, at=now()))
    session.flush()
    return True


def add(
    session: Session,
    outcome: Outcome,
    lines: Iterable[Mapping[str, Any]],
    missing: Mapping[str, str],
) -> bool:
    """Add a vintage of what happened, with its scores (lines of `verification.lines`), and marks
    the countries `missing` from it, with reasons, in place of those that were; False if another has
    added one of that number meanwhile.
    """
    _alone(session, outcome.issue_id)
    if session.get(Outcome, (outcome.issue_id, outcome.lead, outcome.number)):
        return False
    session.add(outcome)
    session.flush()
    keys = {"issue_id": outcome.issue_id, "lead": outcome.lead}
    for line in lines:
        session.add(Score(**{**line, **keys, "number": outcome.number}))
    own = (Void.issue_id == outcome.issue_id, Void.lead == outcome.lead, Void.by == OUTCOME)
    session.execute(delete(Void).where(*own))
    for country, reason in missing.items():
        session.add(Void(**keys, country=country, reason=reason, by=OUTCOME, at=now()))
    return True
