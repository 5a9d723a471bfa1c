"""Make an issue again from its vintages and model, and compare every byte."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from ewarn.data.quality import Finding
from ewarn.jobs._last_issue import Last
from ewarn.jobs._publish import publish
from ewarn.jobs._reload import named, recall
from ewarn.jobs._run_tags import code_version
from ewarn.jobs._train import Trained
from ewarn.publishing import issue
from ewarn.publishing.issue import Card, Difference


@dataclass(frozen=True)
class Replayed:
    """What was compared, where the model came from, and the first difference, if there is one."""

    card: Card
    vintages: int
    model_from: str
    is_same_code: bool
    difference: Difference | None


def replay(name: str, mlruns: Path) -> Replayed:
    """Return the issue of that id, or in that folder, made again aside from its vintages and
    compared.

    Raises BadInput where a vintage, the model or the issue before it is gone, naming it.
    """
    was = named(name, mlruns)
    card, again = was.card, recall(was, mlruns)
    built = Trained(again.model, "", 0, card.model.run_id or "", card.model.scores)
    accepted = [Finding(one.name, one.evidence) for one in card.accepted]
    last = Last(named(card.last_issue, mlruns) if card.last_issue else None, mlruns)
    with tempfile.TemporaryDirectory() as folder:
        now = publish(built, again.loaded, again.known, Path(folder), accepted, last)
        found = issue.difference(was, now)
    digests = {digest for source in card.sources for digest in source.vintages}
    is_same_code = card.code_version == code_version()
    return Replayed(card, len(digests), again.model_from, is_same_code, found)
