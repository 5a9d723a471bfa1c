"""Judge a registered model beside the champion, and promote it if it passes the gate."""

from dataclasses import asdict, dataclass
from pathlib import Path

from ewarn.core.errors import BadInput
from ewarn.evaluation import gate
from ewarn.evaluation.gate import Verdict
from ewarn.jobs import _gate_evidence, _run_tags
from ewarn.tracking import Version


@dataclass(frozen=True)
class Judged:
    """The version that was judged, the verdict, and who had been champion."""

    version: Version
    verdict: Verdict
    champion: Version | None


def promote(mlruns: Path, name: str | None, version: int | None) -> Judged:
    """Return the verdict on that version (by default the newest of the name last trained), which is
    made the champion if it passed; either way its run holds the reasons, in gate.json and tag
    `gate`.

    Raises BadInput when nothing was trained or it is the champion already, Unknown when there is
    no such version.
    """
    registry = _run_tags.existing(mlruns)
    chosen = registry.version(name or registry.newest(), version)
    if chosen.is_champion:
        what = f"{chosen.name} version {chosen.version}"
        raise BadInput("promote", f"{what}, the champion already", "another version")
    champion = next((one for one in registry.versions(chosen.name) if one.is_champion), None)
    challenged = _gate_evidence.read(registry, champion.run_id) if champion else None
    verdict = gate.judge(_gate_evidence.read(registry, chosen.run_id), challenged)
    report = {
        "passed": verdict.passed,
        "champion": champion.version if champion else None,
        "reasons": [asdict(reason) for reason in verdict.reasons],
    }
    registry.log(chosen.run_id, {}, {"gate.json": report}, {})
    registry.tag(chosen.run_id, "gate", "passed" if verdict.passed else "refused")
    if verdict.passed:
        registry.promote(chosen)
    return Judged(chosen, verdict, champion)
