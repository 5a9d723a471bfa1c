"""Rows of scores from the ledger and the hindcasts, cached until one of the two changes."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from ewarn.core import columns
from ewarn.core.errors import BadInput
from ewarn.database import Database, ledger, ledger_rows
from ewarn.evaluation import hindcasts
from ewarn.evaluation.hindcasts import About
from ewarn_api.issues.store import Unavailable

COLUMNS = columns.TABLES["verification"]


@dataclass(frozen=True)
class Kept:
    """Rows of one world (`columns.TABLES["verification"]`), a digest of them, and the state of what
    they were made from.
    """

    rows: list[dict[str, Any]]
    digest: str
    state: object


class Scores:
    """Scores of what was issued, and then of the newest hindcast of each model."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database, self._folder = database, folder
        self._kept: dict[bool, Kept] = {}

    def of(self, simulated: bool) -> Kept:
        """Return those of one world; raises Unreachable, or Unavailable where a hindcast is
        damaged.
        """
        with self._database.reading() as session:
            state = ledger.state(session), sorted(self._folder.glob("[!.]*.json"))
            stored = self._kept.get(simulated)
            if stored and stored.state == state:
                return stored
            issued = ledger_rows.rows(ledger.read(session, simulated))
        rows = [*issued, *self._hindcasts(simulated)]
        built = Kept(rows, hashlib.sha256(orjson.dumps(rows)).hexdigest(), state)
        self._kept[simulated] = built
        return built

    def _hindcasts(self, simulated: bool) -> Iterator[dict[str, Any]]:
        try:
            every = [one.about for one in hindcasts.every(self._folder)]
        except BadInput as error:
            raise Unavailable("a hindcast cannot be read") from error
        own = (about for about in reversed(every) if about.simulated == simulated)
        newest = {about.model: about for about in own}
        return (row for about in newest.values() for row in _rows(about))


def _rows(about: About) -> Iterator[dict[str, Any]]:
    facts = {
        "kind": "hindcast",
        "model": about.model,
        "as_of": about.as_of.isoformat(),
        "reference_month": about.reference_month,
        "vintage": "latest",
        "vintages": 1,
        "told_as_of": about.as_of.isoformat(),
        "is_ahead": False,
    }
    return (dict.fromkeys(COLUMNS) | facts | line for line in about.scores)
