"""The issues of a folder: the newest whole one in memory, older ones on request."""

import logging
import os
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pandas as pd
from starlette.concurrency import run_in_threadpool

from ewarn.core import months
from ewarn.core.errors import BadInput, EwarnError, Unknown
from ewarn.publishing import issue
from ewarn.publishing.issue import Card, Issue
from ewarn_api.issues.snapshot import Snapshot

_log = logging.getLogger(__name__)
_RECHECK_SECONDS = 1.0
_GLANCE_SECONDS = 0.002  # a look at the folder's clock costs 3 us, a tenth of an answer kept ready
_OLDER_KEPT = 2  # issues in memory beside the newest, for those who page through one


class Unavailable(EwarnError):
    """There is no issue to answer from, or the requested one cannot be read."""


@dataclass(frozen=True)
class View:
    """What there is: the newest whole issue, the cards of all, newest first, and the damage."""

    newest: Snapshot | None = None
    cards: tuple[Card, ...] = ()
    damaged: dict[str, str] = field(default_factory=dict)

    def card(self, issue_id: str) -> Card:
        """Return the card of that issue; raises Unknown."""
        for card in self.cards:
            if card.issue == issue_id:
                return card
        raise Unknown("issue", issue_id, (card.issue for card in self.cards))


def today() -> date:
    """Return the day it is, in UTC."""
    return datetime.now(UTC).date()


class Store:
    """Issues read from a folder; a newer one is served once it was read whole, never before.

    The next issue counts as overdue from `margin` days after it was due.
    """

    def __init__(self, folder: Path, margin: int = 0, recheck: float = _RECHECK_SECONDS) -> None:
        self._folder, self._path, self.recheck = folder, str(folder), recheck
        self._margin = margin
        self._lock = threading.Lock()
        self._older: dict[str, Snapshot] = {}
        self._spoiled: dict[str, str] = {}  # found when a table was read, not by a card
        self._seen: tuple[object, list[str]] = (None, [])
        self._looked = self._glanced = monotonic()
        self.last = View()
        self._refresh()

    def meta(self, card: Card) -> dict[str, Any]:
        """Return what every response states about the issue it was made from."""
        end, now = months.last_day(months.parse(card.reference_month)), today()
        return {
            "issue": card.issue,
            "as_of": card.as_of.isoformat(),
            "reference_month": card.reference_month,
            "age_days": (now - end).days,
            "as_of_age_days": (now - card.as_of).days,
            "months_behind": card.months_behind,
            "preliminary_months": card.preliminary_months,
            "overdue_days": max(0, (now - issue.due(card)).days - self._margin),
            "simulated": card.simulated,
        }

    async def view(self) -> View:
        """Return the issues there are now. A new issue is seen `_GLANCE_SECONDS` after it
        was, whichever process they ask; one that came in the same tick of the clock as another,
        after `recheck` seconds.
        """
        now = monotonic()
        if now - self._glanced >= _GLANCE_SECONDS:
            if now - self._looked >= self.recheck or self._changed() != self._seen[0]:
                if self._state() != self._seen:  # requests meanwhile wait for it, too
                    await run_in_threadpool(self._refresh)
                self._looked = now
            self._glanced = now
        return self.last

    async def at(self, issue_id: str | None) -> Snapshot:
        """Return the issue of that id, else the newest; raises Unknown or Unavailable."""
        view = await self.view()
        if issue_id is None:
            return newest(view)
        if view.newest and view.newest.card.issue == issue_id:
            return view.newest
        view.card(issue_id)
        stored = self._older.get(issue_id)
        return stored if stored else await run_in_threadpool(self._load_older, issue_id)

    async def file(self, card: Card, name: str) -> bytes:
        """Return a file of that issue; raises Unknown if it has none, Unavailable if it is
        damaged.
        """
        try:
            return await run_in_threadpool(Issue(self._folder / card.issue, card).file, name)
        except BadInput as error:
            raise Unavailable(
                f"{card.issue} cannot be read: {self._without_path(error)}"
            ) from error

    def table(self, card: Card, name: str) -> pd.DataFrame | None:
        """Return a table of an issue, read now; None if it is damaged, which the log and the view's
        `damaged` have from then on, until it is found whole.
        """
        try:
            found, damage = Issue(self._folder / card.issue, card).table(name), None
        except BadInput as error:
            _log.warning("passing over a damaged issue: %s", error)
            found, damage = None, self._without_path(error)
        if damage != self._spoiled.get(card.issue):
            self._note(card.issue, damage)
        return found

    def _note(self, issue_id: str, damage: str | None) -> None:
        with self._lock:
            others = {name: why for name, why in self._spoiled.items() if name != issue_id}
            self._spoiled = others | ({issue_id: damage} if damage else {})
            damaged = {name: why for name, why in self.last.damaged.items() if name != issue_id}
            self.last = replace(self.last, damaged=damaged | ({issue_id: damage} if damage else {}))

    def _changed(self) -> object:
        """Return when the folder last changed: one call of the system, since every request makes
        it.
        """
        try:
            return os.stat(self._path).st_mtime_ns  # noqa: PTH116  half the price of Path.stat
        except OSError as error:
            return error.strerror

    def _state(self) -> tuple[object, list[str]]:
        """Return when the folder last changed, and the names in it."""
        changed = self._changed()
        try:
            names = sorted(path.name for path in self._folder.iterdir())
        except OSError:
            return changed, []
        return changed, [name for name in names if not name.startswith(".")]

    def _refresh(self) -> None:
        with self._lock:
            state = self._state()
            if state != self._seen:
                before, now = self.last, self._look()
                if before.newest and before.newest is not now.newest:
                    self._keep(before.newest)
                self.last = before if before == now else now  # the same while nothing is new
                self._seen = state

    def _look(self) -> View:
        try:
            found = issue.survey(self._folder)
        except OSError as error:  # the disk is away: go on with what is in memory, and report it
            reported = {self._folder.name: error.strerror or "cannot be read"}
            return View(self.last.newest, self.last.cards, reported)
        damaged = {name: self._without_path(what) for name, what in found.damaged.items()}
        snapshot = self._first_whole(found.cards, damaged)
        whole = tuple(card for card in found.cards if card.issue not in damaged)
        spoiled = {
            one.issue: self._spoiled[one.issue] for one in whole if one.issue in self._spoiled
        }
        return View(snapshot, whole, damaged | spoiled)

    def _first_whole(self, cards: tuple[Card, ...], damaged: dict[str, str]) -> Snapshot | None:
        for card in cards:
            if self.last.newest and self.last.newest.card == card:
                return self.last.newest
            try:
                return Snapshot(issue.read(self._folder / card.issue))
            except BadInput as error:
                damaged[card.issue] = self._without_path(error)
        return None

    def _load_older(self, issue_id: str) -> Snapshot:
        with self._lock:
            try:
                found = Snapshot(issue.read(self._folder / issue_id))
            except BadInput as error:
                raise Unavailable(
                    f"{issue_id} cannot be read: {self._without_path(error)}"
                ) from error
            self._keep(found)
            return found

    def _without_path(self, what: object) -> str:
        """Return what is wrong, without the path of the folder."""
        return str(what).replace(f"{self._folder}/", "")

    def _keep(self, snapshot: Snapshot) -> None:
        older = {**self._older, snapshot.card.issue: snapshot}
        self._older = dict(list(older.items())[-_OLDER_KEPT:])


def newest(view: View) -> Snapshot:
    """Return the newest issue that is whole; raises Unavailable, with what is damaged."""
    if view.newest is None:
        why = "; ".join(view.damaged.values()) or "none has been made: run `ewarn forecast`"
        raise Unavailable(f"there is no issue to answer from: {why}")
    return view.newest


def until(view: View, issue_id: str | None) -> tuple[Card, ...]:
    """Return the cards of all issues, newest first, or of those up to one; never none, or it
    raises.
    """
    if not view.cards:
        newest(view)
    cards = view.cards
    return cards[cards.index(view.card(issue_id)) :] if issue_id else cards
