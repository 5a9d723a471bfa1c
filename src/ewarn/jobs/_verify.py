"""The issues there are into the ledger: recorded as they are, scored once outcomes are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sqlalchemy.orm import Session

from ewarn import disk, fields, issue, verification
from ewarn.errors import BadInput, Unknown
from ewarn.issue import Issue
from ewarn.jobs._outcomes import Sources
from ewarn.model import Track
from ewarn.records import Records, ledger, now
from ewarn.records.ledger import Ledger, Outcome, Recorded
from ewarn.verification import Said


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
class Asked:
    """What somebody says is void: issues, with the reason, and accepted findings that proved to be
    failures of the source, by their names.
    """

    issues: Sequence[str] = ()
    reason: str = ""
    failed: Sequence[str] = ()


def verify(mlruns: Path, records: Records, track: Track, asked: Asked = Asked()) -> Verified:
    """Records every issue that is new, marks what is void, and scores each forecast whose month is
    told by the history of a later issue: when first told, and again when told otherwise.

    An issue that differs from what was recorded is refused: it is not scored, and scores nothing.
    Nor does an issue that is void. Running it again changes nothing. Raises BadInput or Unknown for
    what is asked, with nothing written.
    """
    whole, damaged = _look(mlruns / "issues")
    changed = dict(damaged)
    with records.writing() as session:
        before = {one.id for world in (False, True) for one in ledger.read(session, world).issues}
        changed |= _record(session, whole)
        _make_void(session, whole, asked or Asked())
    skipped = {one: changed.pop(one) for one in set(changed) - before}
    sound = {one.id: one for one in whole if one.id not in changed}
    scored = 0
    for simulated in (False, True):
        with records.reading() as session:
            kept = ledger.read(session, simulated)
        void = kept.void_issues()
        ids = [one.id for one in kept.issues if one.id in sound and one.id not in void]
        told_by = Sources([sound[one] for one in ids])
        for place in track(range(len(ids)), "issues"):
            was = sound[ids[place]]
            if was.card.target not in fields.TABLES["history"]:
                skipped[was.id] = f"its target, {was.card.target}, is in no history"
                continue
            scored += _score(records, was, told_by, kept)
    with records.reading() as session:
        worlds = [ledger.read(session, simulated) for simulated in (False, True)]
    there = {one.id for one in whole} | set(damaged)
    return Verified(
        recorded=[one.id for one in whole if one.id not in before],
        scored=scored,
        changed=changed,
        skipped=skipped,
        gone=sorted(before - there),
        real=worlds[0],
        simulated=worlds[1],
    )


def _look(issues: Path) -> tuple[list[Issue], dict[str, str]]:
    """The issues that are whole, and by id what is wrong with the others."""
    found = issue.survey(issues)
    whole, damaged = [], dict(found.damaged)
    for card in found.cards:
        try:
            whole.append(issue.read(issues / card.issue))
        except BadInput as error:
            damaged[card.issue] = str(error)
    return whole, damaged


def _record(session: Session, whole: Sequence[Issue]) -> dict[str, str]:
    """Records what is new; by id, how an issue differs from what was recorded."""
    changed = {}
    for one in whole:
        card, path = one.card, one.folder / "issue.json"
        digest = disk.digest(disk.content(path))
        kept = ledger.record(
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
        if kept.digest != digest:
            changed[one.id] = str(BadInput(path, digest, f"{kept.digest}, as recorded"))
    return changed


def _make_void(session: Session, whole: Sequence[Issue], asked: Asked) -> None:
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


def _score(records: Records, was: Issue, told_by: Sources, kept: Ledger) -> int:
    """Scores an issue beside the vintages of outcomes that are new; says how many there were."""
    added, said = 0, None
    for lead in was.card.leads:
        month = verification.target_month(was.card, lead)
        sources = told_by.of(was, month)
        vintages = kept.vintages(was.id, lead)
        number = len(kept.outcomes.get((was.id, lead), ()))
        for one in sources[-1:] if vintages else [*sources[:1], *sources[-1:]]:
            counts = told_by.outcome(one, was, month)
            outcome = _outcome(was, lead, one, counts, number + 1)
            if counts.isna().all() or (vintages and outcome.digest == vintages[-1].digest):
                continue
            said = said or verification.said(was)
            added += _add(records, said, outcome, counts, _missing(was, counts, month))
            vintages, number = [*vintages, outcome], number + 1
    return added


def _add(
    records: Records,
    said: Said,
    outcome: Outcome,
    counts: "pd.Series[float]",
    missing: Mapping[str, str],
) -> bool:
    lines = verification.lines(said.beside(outcome.lead, counts))
    with records.writing() as session:
        return ledger.add(session, outcome, lines, missing)


def _outcome(was: Issue, lead: int, one: Issue, counts: "pd.Series[float]", number: int) -> Outcome:
    text = "\n".join(f"{unit} {count!r}" for unit, count in counts.astype(float).items())
    return Outcome(
        issue_id=was.id,
        lead=lead,
        number=number,
        target_month=verification.target_month(was.card, lead),
        told_by=one.id,
        told_as_of=one.card.as_of,
        digest=disk.digest(text.encode()),
        scored_at=now(),
    )


def _missing(was: Issue, counts: "pd.Series[float]", month: str) -> dict[str, str]:
    """By country, why some of its units are not scored."""
    units = was.table("units").set_index("code")["country"].astype(str)
    gaps = counts.isna().groupby(units.reindex(counts.index)).agg(["sum", "size"])
    return {
        str(country): f"no outcome of {month} in {without} of its {every} units"
        for country, without, every in gaps.itertuples()
        if without
    }
