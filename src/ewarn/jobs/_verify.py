"""Record issues in the ledger, and score them once outcomes are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from ewarn.core import columns, files
from ewarn.core.errors import BadInput, Unknown
from ewarn.database import Database, ledger, now
from ewarn.database.ledger import Ledger, Recorded
from ewarn.forecasting.model import Track
from ewarn.jobs._outcomes import Report, Sources, of_issue
from ewarn.jobs._scoring import score
from ewarn.publishing import issue
from ewarn.publishing.issue import Issue

_WORLDS = (False, True)  # real, simulated


@dataclass(frozen=True)
class Verified:
    """What became of the ledger: issues new to it, vintages of outcomes scored, and by id why an
    issue is `changed` since it was recorded, or `skipped`; `gone` are recorded and no longer there.
    """

    recorded: list[str]
    scored: int
    changed: dict[str, str]
    skipped: dict[str, str]
    gone: list[str]
    real: Ledger
    simulated: Ledger


@dataclass(frozen=True)
class VoidRequest:
    """What a user declares void: issues, with the reason, and accepted findings that turned out as
    failures of the source, by their names.
    """

    issues: Sequence[str] = ()
    reason: str = ""
    failed: Sequence[str] = ()


def verify(
    mlruns: Path,
    database: Database,
    track: Track,
    asked: VoidRequest | None = None,
    newest: Report | None = None,
) -> Verified:
    """Record every issue that is new, mark what is void, and scores each forecast whose month is
    reported by a later issue, or by `newest`: when first reported, and again when reported
    otherwise.

    An issue that differs from what was recorded is refused: it is not scored, and scores nothing.
    Nor does an issue that is void. Running it again changes nothing. Raises BadInput or Unknown for
    the request, with nothing written.
    """
    whole, damaged = _look(mlruns / "issues")
    with database.writing() as session:
        before = {one.id for world in _WORLDS for one in ledger.read(session, world).issues}
        unlike = damaged | _record(session, whole)
        _make_void(session, whole, asked or VoidRequest())
    changed = {one: why for one, why in unlike.items() if one in before}
    skipped = {one: why for one, why in unlike.items() if one not in before} | _untold(whole)
    sound = {one.id: one for one in whole if one.id not in changed and one.id not in skipped}
    scored = sum(_score_world(database, sound, world, newest, track) for world in _WORLDS)
    with database.reading() as session:
        real, simulated = (ledger.read(session, world) for world in _WORLDS)
    new = [one.id for one in whole if one.id not in before]
    gone = sorted(before - {one.id for one in whole} - set(damaged))
    return Verified(new, scored, changed, skipped, gone, real, simulated)


def _score_world(
    database: Database,
    sound: Mapping[str, Issue],
    simulated: bool,
    newest: Report | None,
    track: Track,
) -> int:
    """Score the issues of one world that are not void; return how many vintages were new."""
    with database.reading() as session:
        stored = ledger.read(session, simulated)
    void = stored.void_issues()
    issues = [sound[one.id] for one in stored.issues if one.id in sound and one.id not in void]
    told_by = _sources(issues, newest if newest and newest.simulated == simulated else None)
    every = track(range(len(issues)), "issues")
    return sum(score(database, issues[place], told_by, stored) for place in every)


def _sources(issues: Sequence[Issue], newest: Report | None) -> Sources:
    since = min((one.card.reference_month for one in issues), default="")
    return Sources([*map(of_issue, issues), *([newest] if newest else [])], since)


def _untold(whole: Sequence[Issue]) -> dict[str, str]:
    """Return the issues whose target is in no history."""
    reported = columns.TABLES["history"]
    return {
        one.id: f"its target, {one.card.target}, is in no history"
        for one in whole
        if one.card.target not in reported
    }


def _look(issues: Path) -> tuple[list[Issue], dict[str, str]]:
    """Return the issues that are whole, and by id what is wrong with the others."""
    found = issue.survey(issues)
    whole, damaged = [], dict(found.damaged)
    for card in found.cards:
        try:
            whole.append(issue.read(issues / card.issue))
        except BadInput as error:
            damaged[card.issue] = str(error)
    return whole, damaged


def _record(session: Session, whole: Sequence[Issue]) -> dict[str, str]:
    """Database what is new; by id, how an issue differs from what was recorded."""
    changed = {}
    for one in whole:
        card, path = one.card, one.folder / "issue.json"
        digest = files.digest(files.content(path))
        stored = ledger.record(
            session,
            Recorded(
                id=one.id,
                digest=digest,
                recorded_at=now(),
                created_at=card.created_at,
                as_of=card.as_of,
                reference_month=card.reference_month,
                target=card.target,
                leads=card.leads,
                model=card.model.name,
                model_version=card.model.version,
                simulated=card.simulated,
            ),
        )
        if stored.digest != digest:
            changed[one.id] = str(BadInput(path, digest, f"{stored.digest}, as recorded"))
    return changed


def _make_void(session: Session, whole: Sequence[Issue], asked: VoidRequest) -> None:
    if asked.issues and not asked.reason.strip():
        raise BadInput("--reason", "none", "why the forecasts of the issue do not count")
    for issue_id in asked.issues:
        ledger.make_void(session, issue_id, asked.reason.strip(), ledger.PERSON)
    accepted = {(one.id, found.name): found for one in whole for found in one.card.accepted}
    for name in asked.failed:
        if name not in {known for _, known in accepted}:
            raise Unknown("accepted finding", name, {known for _, known in accepted})
    for (issue_id, name), found in accepted.items():
        if name in asked.failed:
            ledger.make_void(session, issue_id, f"{name}: {found.evidence}", ledger.PERSON)
    for one in whole:
        behind = one.card.months_behind
        if behind:
            what = f"the events did not cover {behind} months that should have been known"
            ledger.make_void(session, one.id, what, ledger.RULE)
