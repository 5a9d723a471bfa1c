"""Find the last issue, and explain what changed since."""

import logging
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ewarn.core.errors import EwarnError
from ewarn.data.ingest import Loaded
from ewarn.data.panel import Panel
from ewarn.explain import changes
from ewarn.explain.changes import IssueEvidence
from ewarn.forecasting import model
from ewarn.forecasting.model import Forecast
from ewarn.jobs._reload import recall
from ewarn.publishing import issue
from ewarn.publishing.issue import Card, Issue

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Last:
    """The issue that changes are measured from, None where there is none, and its home."""

    issue: Issue | None
    mlruns: Path

    def changes(self, forecast: Forecast, risks: pd.DataFrame) -> tuple[pd.DataFrame, str | None]:
        """Return how far each risk moved, and why the parts of that are not known, if they
        are not.
        """
        if self.issue is None:
            return changes.table(risks[:0], risks[:0]), None
        before = self.issue.table("risks")
        try:
            parts = _parts(self.issue, before, forecast, risks, self.mlruns)
        except (EwarnError, OSError) as error:
            _log.warning("changes since %s cannot be attributed: %s", self.issue.id, error)
            return changes.table(before, risks), str(error)
        return changes.table(before, risks, parts), None


def last(target: str, loaded: Loaded, known: Panel, mlruns: Path) -> Last:
    """Return the newest whole issue of that target, of the same countries and world, as of an
    earlier day than the panel.
    """

    def is_before(card: Card) -> bool:
        same = (card.target, card.simulated, card.countries) == alike
        return same and card.as_of < known.as_of

    alike = (target, loaded.simulated, sorted(loaded.countries))
    return Last(issue.first_whole(mlruns / "issues", is_before), mlruns)


def _parts(
    was: Issue, before: pd.DataFrame, forecast: Forecast, risks: pd.DataFrame, mlruns: Path
) -> pd.DataFrame:
    made_from = recall(was, mlruns)
    is_same = was.card.model.digest == model.digest(forecast.model)
    fitted = forecast.model if is_same else made_from.model
    now = IssueEvidence(forecast.model, forecast.panel, risks, bool(forecast.corrected))
    is_corrected = model.is_corrected(made_from.model.spec, made_from.known)
    was_then = IssueEvidence(fitted, made_from.known, before, is_corrected)
    return changes.parts(was_then, now)
