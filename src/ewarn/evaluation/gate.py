"""Judge from the evidence of training runs whether a model may become the champion."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from ewarn.core.specs import ModelSpec
from ewarn.evaluation import scores
from ewarn.evaluation.backtest import BASELINE
from ewarn.evaluation.leakage import Checked

ORIGINS = 4  # the fewest that are evidence
SHARE, TOLERANCE = 0.9, 0.03  # of outcomes in the 90 % interval, and how far off it may be
KEYS = ["origin", "lead", "unit"]
METRICS = {"crps_log1p": "CRPS of log1p", "crps": "CRPS"}


@dataclass(frozen=True)
class Evidence:
    """Evidence of a training run: its spec, the digest of each input by kind, the leakage test, and
    scored rows of its held-out origins, the model's and conflictology's, as `backtest.run` gives
    (columns model, KEYS, outcome, METRICS and pit).
    """

    spec: ModelSpec
    digests: dict[str, str]
    rows: pd.DataFrame
    leak: Checked

    def of(self, name: str) -> pd.DataFrame:
        """Return the scored rows of one model, by origin, lead and unit; one without a score is
        none.
        """
        own = self.rows[self.rows["model"] == name].set_index(KEYS)
        return own.dropna(subset=[*METRICS, "pit"])

    def origins(self) -> list[str]:
        """Return the held-out origins, oldest first."""
        return sorted(self.rows["origin"].unique())


@dataclass(frozen=True)
class Reason:
    """One sentence of a verdict, with its numbers."""

    passed: bool
    text: str


@dataclass(frozen=True)
class Verdict:
    """All reasons, those for a model and those against it."""

    reasons: tuple[Reason, ...]

    @property
    def passed(self) -> bool:
        """Whether no reason speaks against."""
        return all(reason.passed for reason in self.reasons)


def judge(challenger: Evidence, champion: Evidence | None) -> Verdict:
    """Return whether the challenger may take the champion's place, or the empty one, and every
    reason.

    It must beat conflictology and the champion on both METRICS, on the same origins, leads, units
    and inputs: the mean of the paired differences, one an origin, is below 0, and their 90 %
    bootstrap interval excludes harm, that is, its upper end is not above 0. It must be calibrated,
    have lost no unit, and have passed the leakage test. The champion's own spec, trained again on
    other inputs or later origins, has only conflictology to beat.
    """
    if challenger.spec.name == BASELINE:
        reason = Reason(False, f"is {BASELINE} itself, the baseline that every champion must beat")
        return Verdict((reason,))
    return Verdict(tuple(_reasons(challenger, champion)))


def _reasons(challenger: Evidence, champion: Evidence | None) -> Iterator[Reason]:
    own = challenger.of(challenger.spec.name)
    enough = _origins(challenger)
    yield enough
    if enough.passed:
        yield from _beats(BASELINE, own, challenger.of(BASELINE))
        yield from _champion(challenger, champion) if champion else ()
    yield _calibrated(own)
    yield _units(challenger, champion)
    yield _leak(challenger.leak)


def _origins(challenger: Evidence) -> Reason:
    number = len(challenger.origins())
    if number < ORIGINS:
        shown = "one origin is" if number == 1 else f"{number} origins are"
        return Reason(False, f"{shown} no evidence: train it with --origins {ORIGINS} or more")
    return Reason(True, f"{number} origins, {_span(challenger)}")


def _champion(challenger: Evidence, champion: Evidence) -> Iterator[Reason]:
    spec, rival = challenger.spec, champion.of(champion.spec.name)
    other = ", other ".join(_differing(challenger, champion))
    if not other:
        yield Reason(True, "same target, leads, origins, inputs and outcomes as the champion's")
        yield from _beats(f"the champion ({champion.spec.name})", challenger.of(spec.name), rival)
    elif spec == champion.spec and challenger.origins()[-1] >= champion.origins()[-1]:
        yield Reason(True, f"is the champion's own spec trained again: other {other}")
    else:
        name = champion.spec.name
        text = f"not comparable with the champion ({name}): other {other}"
        yield Reason(False, f"{text}; train {name} on the same, and promote that first")


def _differing(challenger: Evidence, champion: Evidence) -> Iterator[str]:
    pair = (challenger, champion)
    if len({one.spec.target for one in pair}) > 1:
        yield "target"
    leads, its = (set(one.rows["lead"]) for one in pair)
    if leads != its:
        yield f"leads ({_few(leads ^ its)} in one only)"
    if challenger.origins() != champion.origins():
        yield f"origins ({_span(challenger)}, the champion's {_span(champion)})"
    kinds = challenger.digests.keys() | champion.digests.keys()
    others = {kind for kind in kinds if len({one.digests.get(kind) for one in pair}) > 1}
    if others:
        yield f"inputs ({_few(others)})"
    observed, its_came = (one.of(BASELINE)["outcome"] for one in pair)
    changed = int((observed - its_came).fillna(0).ne(0).sum())
    if changed:
        yield f"outcomes (in {changed:,} rows)"


def _beats(whom: str, own: pd.DataFrame, other: pd.DataFrame) -> Iterator[Reason]:
    names = list(METRICS)
    difference = (own[names] - other[names]).dropna().groupby("origin").mean()
    for name, shown in METRICS.items():
        mean, base = difference[name].mean(), other[name].mean()
        low, high = scores.paired_interval(difference[name].to_numpy())
        passed = bool(mean < 0 and high <= 0)
        verb = "beats" if passed else "does not beat"
        numbers = f"{mean:+.4f} on {base:.4f} (90 % interval {low:+.4f} to {high:+.4f})"
        yield Reason(passed, f"{verb} {whom} on {shown}: {numbers}")


def _calibrated(own: pd.DataFrame) -> Reason:
    """Judged by the PIT, as an interval with its ends covers every quiet unit by construction."""
    share = own["pit"].between((1 - SHARE) / 2, (1 + SHARE) / 2).mean()
    passed = bool(abs(share - SHARE) <= TOLERANCE)
    shown = "calibrated" if passed else "not calibrated"
    requested = f"required are {SHARE - TOLERANCE:.0%} to {SHARE + TOLERANCE:.0%}"
    return Reason(
        passed, f"{shown}: {share:.1%} of outcomes in the 90 % interval (PIT); {requested}"
    )


def _units(challenger: Evidence, champion: Evidence | None) -> Reason:
    cells = challenger.of(BASELINE).reset_index()[["origin", "lead"]].drop_duplicates()
    units = {*challenger.rows["unit"], *(champion.rows["unit"] if champion else ())}
    requested = cells.merge(pd.DataFrame({"unit": sorted(units)}), "cross").set_index(KEYS).index
    gone = set(requested[~requested.isin(challenger.of(challenger.spec.name).index)].unique("unit"))
    if not gone:
        return Reason(True, f"lost no unit: {len(units):,} at every origin and lead")
    return Reason(False, f"lost {len(gone):,} of {len(units):,} units ({_few(gone)})")


def _leak(checked: Checked) -> Reason:
    if not checked.planted_after:
        return Reason(False, "its leakage test planted no later facts: train it again")
    what = f"{checked.features} features of {checked.units:,} units in {_few(checked.months)}"
    if not checked.findings:
        planted = f"; none up to {checked.planted_after} shows facts planted after it"
        return Reason(True, f"passed the leakage test: {what} are as known then{planted}")
    number, first = len(checked.findings), checked.findings[0]
    return Reason(False, f"leaks, {number} found in {what}; the first: {first}")


def _span(evidence: Evidence) -> str:
    origins = evidence.origins()
    return f"{origins[0]} to {origins[-1]}"


def _few(names: "set[int] | set[str] | tuple[str, ...]") -> str:
    shown = [str(name) for name in sorted(names)]
    return ", ".join(shown[:5]) + (f" and {len(shown) - 5} more" if len(shown) > 5 else "")
