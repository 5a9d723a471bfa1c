"""Score an issue on outcomes as they are reported, in the ledger."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ewarn.core import files
from ewarn.database import Database, ledger, now
from ewarn.database.ledger import Ledger, Outcome
from ewarn.evaluation import verification
from ewarn.evaluation.verification import IssuedForecast
from ewarn.jobs._outcomes import Report, Sources
from ewarn.publishing.issue import Issue


def score(database: Database, was: Issue, told_by: Sources, kept: Ledger) -> int:
    """Score an issue on the vintages of outcomes that are new; return how many there
    were.
    """
    added, facts = 0, None
    units, target = frozenset(was.table("units")["code"]), was.card.target
    for lead in was.card.leads:
        month = verification.target_month(was.card, lead)
        tellings = told_by.of(units, month)
        vintages = kept.vintages(was.id, lead)
        number = len(kept.outcomes.get((was.id, lead), ()))
        for one in tellings[-1:] if vintages else [*tellings[:1], *tellings[-1:]]:
            counts = told_by.outcome(one, units, month, target)
            outcome = _outcome(was, lead, one, counts, number + 1)
            if counts.isna().all() or not _is_new(outcome, vintages):
                continue
            facts = facts or verification.read_forecast(was)
            added += _add(database, facts, outcome, counts, _missing(was, counts, month))
            vintages, number = [*vintages, outcome], number + 1
    return added


def _is_new(outcome: Outcome, vintages: Sequence[Outcome]) -> bool:
    """Return whether it differs from the last vintage, and not with earlier knowledge;
    of the same day's, whether it differs from all of them.
    """
    if not vintages:
        return True
    last = vintages[-1]
    if outcome.told_as_of == last.told_as_of:
        return outcome.digest not in {one.digest for one in vintages}
    return outcome.told_as_of > last.told_as_of and outcome.digest != last.digest


def _add(
    database: Database,
    said: IssuedForecast,
    outcome: Outcome,
    counts: "pd.Series[float]",
    missing: Mapping[str, str],
) -> bool:
    lines = verification.lines(said.beside(outcome.lead, counts))
    with database.writing() as session:
        return ledger.add(session, outcome, lines, missing)


def _outcome(
    was: Issue, lead: int, one: Report, counts: "pd.Series[float]", number: int
) -> Outcome:
    text = "\n".join(f"{unit} {count!r}" for unit, count in counts.astype(float).items())
    return Outcome(
        issue_id=was.id,
        lead=lead,
        number=number,
        target_month=verification.target_month(was.card, lead),
        told_by=one.id,
        told_as_of=one.as_of,
        digest=files.digest(text.encode()),
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
