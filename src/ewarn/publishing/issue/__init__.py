"""Write and read issues: folders of tables, written once and checked whenever read."""

import json
import logging
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ewarn.core import files
from ewarn.core.errors import BadInput, Unknown
from ewarn.publishing.issue import _card, _difference, _parquet
from ewarn.publishing.issue._card import About, Card, due
from ewarn.publishing.issue._difference import Difference

__all__ = [
    "NAMES",
    "About",
    "Card",
    "Difference",
    "Issue",
    "Survey",
    "difference",
    "due",
    "first_whole",
    "newest",
    "read",
    "survey",
    "write",
]

NAMES = _parquet.NAMES
_CARD = "issue.json"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Issue:
    """One issued forecast: its folder, and its card."""

    folder: Path
    card: Card

    @property
    def id(self) -> str:
        """Its identifier: the reference month and the start of a hash of its contents."""
        return self.card.issue

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of `columns.TABLES`, text as categories; BadInput if its file was changed,
        or is of another version.
        """
        return _parquet.frame(name, _whole(self.folder, self.card, f"{name}.parquet"))

    def file(self, name: str) -> bytes:
        """Return the content of one of its files; Unknown if it has none, BadInput if it was
        changed.
        """
        if name not in self.card.files:
            raise Unknown(f"file of {self.id}", name, self.card.files)
        return _whole(self.folder, self.card, name)


@dataclass(frozen=True)
class Survey:
    """The issues of a folder: their cards, the newest first, and what is wrong with the others."""

    cards: tuple[Card, ...]
    damaged: dict[str, str]


def write(
    issues: Path,
    tables: Mapping[str, pd.DataFrame],
    about: Mapping[str, Any],
    extra_files: Mapping[str, bytes],
    now: datetime | None = None,
) -> Issue:
    """Return the issue made of these tables (see `columns.TABLES`), of `About` and of any other
    files.

    It is on the disk whole or not at all: written aside, then renamed. An issue already there is
    returned as it is. Raises BadInput for tables that are not what they should be, and OSError.
    """
    facts = _card.about(about)
    contents = _parquet.parquets(tables, facts) | _other(extra_files)
    digests = {name: files.digest(content) for name, content in sorted(contents.items())}
    document = facts.model_dump(mode="json") | {
        "created_at": (now or datetime.now(UTC)).isoformat(timespec="microseconds"),
        "units": len(tables["units"]),
        "files": digests,
    }
    document = {"issue": _card.identity(document), **document}
    contents[_CARD] = json.dumps(document, indent=2, allow_nan=False).encode()
    with files.alone(issues):
        folder = issues / document["issue"]
        if not folder.exists():
            _publish(folder, contents)
    return read(folder)


def read(folder: Path) -> Issue:
    """Return the issue in that folder; raises BadInput naming the file that is missing or
    changed.
    """
    card = _read_card(folder)
    for name in card.files:
        _whole(folder, card, name)
    return Issue(folder, card)


def newest(issues: Path) -> Issue:
    """Return the issue of the latest knowledge that is whole; raises BadInput if there is none.

    A real one goes before a simulated one; of those as of one day, the last written comes first.
    """
    found = survey(issues)
    damaged = dict(found.damaged)
    for card in found.cards:
        try:
            return read(issues / card.issue)
        except BadInput as error:
            damaged[card.issue] = str(error)
            _log.warning("passing over a damaged issue: %s", error)
    what = "; ".join(damaged.values()) or "none"
    raise BadInput(issues, what, "an issue, as `ewarn forecast` writes them")


def first_whole(issues: Path, wanted: Callable[[Card], bool]) -> Issue | None:
    """Return the newest issue with a wanted card that is whole, None where there is none; damaged
    ones are passed over with a warning.
    """
    for card in filter(wanted, survey(issues).cards):
        try:
            return read(issues / card.issue)
        except BadInput as error:
            _log.warning("passing over a damaged issue: %s", error)
    return None


def survey(issues: Path) -> Survey:
    """Return the issues of a folder, from their cards alone; `read` looks at their files."""
    cards, damaged = [], {}
    children = sorted(issues.iterdir()) if issues.is_dir() else []
    for folder in children:
        if folder.name.startswith(".") or not folder.is_dir():
            continue
        try:
            cards.append(_read_card(folder))
        except BadInput as error:
            damaged[folder.name] = str(error)
    return Survey(tuple(sorted(cards, key=_currency, reverse=True)), damaged)


def difference(was: Issue, now: Issue) -> Difference | None:
    """Return the first thing in which two issues differ, of all that determines one; None if
    nothing.
    """
    return _difference.between(was.folder, now.folder)


def _currency(card: Card) -> tuple[bool, date, datetime, str]:
    """Sort a simulated issue below any real one, and a replay of the past below the present."""
    return not card.simulated, card.as_of, card.created_at, card.issue


def _publish(folder: Path, contents: Mapping[str, bytes]) -> None:
    files.remove_unfinished(folder.parent)
    aside = folder.with_name(f".{folder.name}")
    try:
        aside.mkdir()
        for name, content in contents.items():
            files.put(aside / name, content)
        files.sync(aside)
        os.rename(aside, folder)  # noqa: PTH104 (patched with its siblings by the fault tests)
        files.sync(folder.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _other(extra_files: Mapping[str, bytes]) -> dict[str, bytes]:
    chosen = {_CARD, *(f"{name}.parquet" for name in _parquet.NAMES)}
    for name in extra_files:
        if name in chosen or name != Path(name).name or name.startswith("."):
            raise BadInput("files of an issue", name, "a plain file name of its own")
    return dict(extra_files)


def _read_card(folder: Path) -> Card:
    document = files.content(folder / _CARD)
    card = _card.card(folder / _CARD, document)
    identity = _card.identity(json.loads(document))
    if not folder.name == card.issue == identity:
        raise BadInput(folder / _CARD, f"contents of issue {identity}", f"issue {folder.name}")
    return card


def _whole(folder: Path, card: Card, name: str) -> bytes:
    if name not in card.files:
        raise BadInput(folder, f"no {name}", "an issue of this version of ewarn")
    content = files.content(folder / name)
    if files.digest(content) != card.files[name]:
        raise BadInput(folder / name, files.digest(content), card.files[name])
    return content
