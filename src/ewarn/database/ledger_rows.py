"""The ledger as rows of the verification table."""

from collections.abc import Iterator
from typing import Any

from ewarn.core import columns, months
from ewarn.database.ledger import Ledger, Recorded

_STRATA = ("all", "quiet", "active", "transition")


def rows(kept: Ledger) -> list[dict[str, Any]]:
    """Return the ledger as rows (`columns.TABLES["verification"]`): for each issue, lead and
    stratum one on the outcome as first reported and one as reported latest; and one for what is
    void, which has no numbers.
    """
    found: list[dict[str, Any]] = []
    void = kept.void_issues()
    for issue in kept.issues:
        for lead in issue.leads:
            parts = [one for one in kept.voids if one.issue_id == issue.id and one.lead == lead]
            if issue.id in void:
                found.append(_row(issue, lead) | {"void": void[issue.id]})
            else:
                found += _scored(kept, issue, lead)
                found += [
                    _row(issue, lead) | {"void": one.reason, "location_code": one.country}
                    for one in parts
                ]
    return found


def _scored(kept: Ledger, issue: Recorded, lead: int) -> Iterator[dict[str, Any]]:
    vintages = kept.vintages(issue.id, lead)
    for vintage, outcome in zip(("first", "latest"), (vintages[:1] + vintages[-1:]), strict=False):
        reported = {"vintage": vintage, "vintages": len(vintages)}
        reported["told_as_of"] = outcome.told_as_of.isoformat()
        by_stratum = {one.stratum: one for one in kept.scores[issue.id, lead, outcome.number]}
        for stratum in sorted(by_stratum, key=_STRATA.index):
            line = {name: getattr(by_stratum[stratum], name) for name in columns.VERIFICATION}
            yield _row(issue, lead) | reported | {"stratum": stratum} | line


def _row(issue: Recorded, lead: int) -> dict[str, Any]:
    """Return a row without scores."""
    month = months.parse(issue.reference_month) + lead
    return dict.fromkeys(columns.TABLES["verification"]) | {
        "kind": "issued",
        "model": issue.model,
        "model_version": issue.model_version,
        "issue": issue.id,
        "as_of": issue.as_of.isoformat(),
        "reference_month": issue.reference_month,
        "lead": lead,
        "target_month": months.label(month),
        "stratum": _STRATA[0],
        "vintage": "latest",
        "vintages": 0,
        "is_ahead": not months.is_over(month, issue.created_at.date()),
        "n": 0,
    }
