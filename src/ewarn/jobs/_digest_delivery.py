"""Send messages that were not sent yet, and record each before and after."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ewarn.alerting.mail import Letter, Refused, Server, Unsure, Unusable
from ewarn.database import Database, digests, now

_log = logging.getLogger(__name__)
UNDER_WAY = "another run is sending it, or was interrupted; it is tried again after 15 minutes"
Send = Callable[[Server, Letter], None]


@dataclass(frozen=True)
class Outgoing:
    """A message about an issue, to one recipient; `watchlist_id` is empty for all units."""

    issue_id: str
    watchlist_id: str
    letter: Letter


@dataclass(frozen=True)
class Delivered:
    """Addresses sent to, those sent to before, and the others with the reason."""

    sent: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def deliver(database: Database, server: Server, every: Sequence[Outgoing], send: Send) -> Delivered:
    """Send each message that was not sent yet. All are queued first; once the server cannot be
    used, the rest stay queued for the next run.
    """
    done = Delivered()
    states = [_queued(database, one) for one in every]
    away = ""
    for one, state in zip(every, states, strict=True):
        to = one.letter.to
        if state == digests.SENT:
            done.already.append(to)
        elif away:
            done.failed.append((to, away))
        elif not _claimed(database, one):
            done.failed.append((to, UNDER_WAY))
        else:
            error, is_away = _sent(server, one.letter, send)
            _settle(database, one, error)
            away = error or "" if is_away else ""
            if error:
                done.failed.append((to, error))
            else:
                done.sent.append(to)
    return done


def _sent(server: Server, letter: Letter, send: Send) -> tuple[str | None, bool]:
    """Return what went wrong, if anything, and whether the server cannot be used at all."""
    try:
        send(server, letter)
    except Unusable as error:
        return str(error), True
    except (Refused, Unsure) as error:
        return str(error), False
    return None, False


def _queued(database: Database, one: Outgoing) -> str:
    """Return the state of a message, which is queued if it is new."""
    letter = one.letter
    with database.writing() as session:
        stored = digests.queue(
            session, one.issue_id, one.watchlist_id, letter.to, letter.language, now()
        )
        return stored.state


def _claimed(database: Database, one: Outgoing) -> bool:
    with database.writing() as session:
        return digests.claim(session, one.letter.id, now())


def _settle(database: Database, one: Outgoing, error: str | None) -> None:
    with database.writing() as session:
        digests.settle(session, one.letter.id, error, now())
    _log.info("digest %s: %s", one.letter.id, error or "sent")
