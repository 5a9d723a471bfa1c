"""Run the alerts of every watch list on the newest issue, once an issue, and queue messages."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ewarn.alerting import rules
from ewarn.alerting.rules import Earlier, Rule
from ewarn.alerting.runs import _message, _summaries
from ewarn.alerting.runs._evidence import IssueEvidence
from ewarn.alerting.runs._threshold import NoHindcast, Past, past
from ewarn.core import months
from ewarn.core.errors import BadInput, Unknown
from ewarn.database import Database, now, subscriptions, watchlists
from ewarn.database import alerts as kept_alerts
from ewarn.database.alerts import Alert
from ewarn.database.watchlists import Evaluation, Watchlist
from ewarn.evaluation.hindcasts import FOLDER
from ewarn.publishing import issue
from ewarn.publishing.issue import Card, Issue

__all__ = ["Evaluated", "NoHindcast", "Past", "evaluate", "past"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Evaluated:
    """The outcome of an alert run for one list: alerts raised and ended, and what was wrong."""

    watchlist: Watchlist
    issue: str
    raised: int
    ended: int
    note: str | None


def evaluate(mlruns: Path, database: Database) -> list[Evaluated]:
    """Evaluates the newest issue of each world, simulated and real, for each of its watch lists
    that have not seen it, nor a newer one. Return the outcomes.

    All of an evaluation is written together, or nothing, and once: who comes second finds it done.
    """
    found = []
    for simulated in (False, True):
        newest = issue.first_whole(mlruns / "issues", partial(_is_of, simulated))
        if newest is None:
            continue
        with database.reading() as session:
            lists = watchlists.every(session, simulated)
            seen = watchlists.latest(session, [one.id for one in lists])
        evidence = IssueEvidence(newest)
        for one in lists:
            if _is_new(newest, seen.get(one.id)):
                done = _once(database, one.id, evidence, mlruns / FOLDER)
                found += [done] if done else []
    return found


def _is_of(simulated: bool, card: Card) -> bool:
    return card.simulated == simulated


def _is_new(newest: Issue, last: Evaluation | None) -> bool:
    card = newest.card
    return last is None or (last.as_of, last.issued_at) < (card.as_of, card.created_at)


def _once(
    database: Database, watchlist_id: str, evidence: IssueEvidence, hindcasts: Path
) -> Evaluated | None:
    """Return the alert run of a list, unless another process did it or the list was deleted."""
    try:
        with database.writing() as session:
            stored = session.get(Watchlist, watchlist_id, with_for_update=True)
            if stored is None or not _is_new(
                evidence.issue, watchlists.latest(session, [stored.id]).get(stored.id)
            ):
                return None
            return _evaluated(session, stored, evidence, hindcasts)
    except IntegrityError:
        return None


def _evaluated(
    session: Session, kept: Watchlist, evidence: IssueEvidence, hindcasts: Path
) -> Evaluated:
    notes = [*_choose_again(kept, evidence, hindcasts), *_missing(kept, evidence)]
    at = now()
    raised, ended = _decide(session, kept, evidence, at)
    card = evidence.issue.card
    note = "; ".join(notes)[:500] or None
    session.add(
        Evaluation(
            watchlist_id=kept.id,
            issue_id=card.issue,
            simulated=card.simulated,
            as_of=card.as_of,
            issued_at=card.created_at,
            evaluated_at=at,
            raised=len(raised),
            ended=len(ended),
            note=note,
        )
    )
    session.flush()
    if raised or ended:
        for to in subscriptions.of_lists(session, [kept.id]):
            body = _message.body(kept, card, raised, ended, at)
            subscriptions.send(session, to, card.issue, body, at)
    _log.info(
        "watch list %s: %d alerts, %d ended, issue %s", kept.id, len(raised), len(ended), card.issue
    )
    return Evaluated(kept, card.issue, len(raised), len(ended), note)


def _decide(
    session: Session, kept: Watchlist, evidence: IssueEvidence, at: datetime
) -> tuple[Sequence[Alert], Sequence[Alert]]:
    """Return the alerts that the issue raises and ends for a list, written down."""
    rule = Rule(kept.thresholds, kept.extremes, kept.ends_below, kept.cooldown)
    earlier = [_earlier(one) for one in kept_alerts.of_list(session, kept)]
    reference = _last_over(evidence.issue.card, at)
    new, over = rules.decide(rule, evidence.risks(kept.units, kept.leads), reference, earlier)
    ended = kept_alerts.end(session, {one.id: one.why for one in over}, evidence.issue.id, at)
    raised = []
    for one in new:
        facts = evidence.explain(one)
        for language in ("en", "fr"):
            text = _summaries.summary(facts, at.date(), language, kept.simulated)
            facts[f"summary_{language}"] = text
        raised.append(kept_alerts.add(session, kept, evidence.issue.id, one.reason, facts, at))
    return raised, ended


def _last_over(card: Card, at: datetime) -> str:
    """Return the last month of which nothing is raised: observed, or, in the real world, over by
    today. Simulated months never come, so an exercise may be about any.
    """
    observed = months.parse(card.reference_month)
    over = observed if card.simulated else months.of_day(at.date()) - 1
    return months.label(max(observed, over))


def _earlier(one: Alert) -> Earlier:
    reason: rules.Reason = "extreme" if one.reason == "extreme" else "threshold"
    return Earlier(one.id, one.unit, one.target_month, reason, one.ended_at is None)


def _choose_again(kept: Watchlist, evidence: IssueEvidence, hindcasts: Path) -> list[str]:
    """Choose the threshold of a budget again if there is a newer hindcast; return what is wrong
    where there is none of the issue's model.
    """
    if kept.budget is None:
        return []
    try:
        found = past(hindcasts, evidence.issue.card, kept.units, kept.leads, kept.budget)
    except (NoHindcast, BadInput, Unknown) as error:
        return [f"the threshold is an earlier one: {error}"]
    if found.hindcast != (kept.past or {}).get("hindcast"):
        kept.thresholds, kept.past = {"risk": found.threshold}, found.as_dict()
    return []


def _missing(kept: Watchlist, evidence: IssueEvidence) -> list[str]:
    """Return, in words, which units and leads of a list the issue does not have."""
    units = sorted(set(kept.units) - evidence.units)
    leads = sorted(set(kept.leads) - set(evidence.issue.card.leads))
    return [
        f"not in the issue: {kind} {', '.join(map(str, some))}"
        for kind, some in (("units", units), ("leads", leads))
        if some
    ]
