"""Write the digests of an issue as files, and send them once to each recipient."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from ewarn.alerting import mail
from ewarn.alerting.mail import Letter, Server
from ewarn.core import files
from ewarn.core.settings import settings
from ewarn.database import Database
from ewarn.database.digests import identity
from ewarn.jobs._digest_delivery import Outgoing, Send, deliver
from ewarn.jobs._digest_inputs import Subject, inputs, subject
from ewarn.publishing import digest as documents
from ewarn.publishing.digest import Document
from ewarn.publishing.issue import Issue

_MAP = "map.png"


@dataclass(frozen=True)
class Recipients:
    """Who gets a digest: of a watch list, by id or name, or of all units; in a language."""

    watchlist: str | None = None
    language: Literal["en", "fr"] = "en"
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Digested:
    """Files written; addresses sent to; those sent to before; and those not, with the reason."""

    written: list[Path] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Composed:
    """A digest ready to be written and sent."""

    subject: Subject
    document: Document
    picture: bytes
    to: tuple[str, ...]

    @property
    def stem(self) -> str:
        """The name of its files, without what they end with."""
        names = ("digest", self.subject.watchlist_id, self.document.language)
        return "-".join(filter(None, names))


def digest(
    mlruns: Path,
    database: Database,
    issue: Issue,
    recipients: Sequence[Recipients],
    now: datetime,
    send: Send = mail.send,
    folder: Path | None = None,
) -> Digested:
    """Write the digest of an issue for each of the recipients, and send it to each address once.

    Files go to mlruns/digests/<issue>/, or to that folder. What fails is logged, and sent by the
    next run. Raises Unknown or BadInput for recipients or
    settings that cannot be used, before anything is written or sent.
    """
    every = compose(mlruns, database, issue, recipients, now)
    server = _server() if any(one.to for one in every) else None
    written = write(every, folder or digests(mlruns, issue))
    if server is None:
        return Digested(written)
    letters = [_outgoing(issue, one, to, now) for one in every for to in one.to]
    done = deliver(database, server, letters, send)
    return Digested(written, done.sent, done.already, done.failed)


def digests(mlruns: Path, issue: Issue) -> Path:
    """Return the folder of the digests of an issue."""
    return mlruns / "digests" / issue.id


def digest_texts(
    mlruns: Path,
    database: Database,
    issue: Issue,
    recipients: Sequence[Recipients],
    now: datetime,
) -> list[str]:
    """Return the digests of an issue as plain text, subject first; nothing is written or sent."""
    every = compose(mlruns, database, issue, recipients, now)
    return [f"{one.document.subject}\n\n{documents.text(one.document)}" for one in every]


def compose(
    mlruns: Path,
    database: Database,
    issue: Issue,
    recipients: Sequence[Recipients],
    now: datetime,
) -> list[Composed]:
    """Return the digests for these recipients, with nothing written; addresses are checked."""
    chosen = settings()
    common = inputs(mlruns, database, issue, now.date(), chosen.overdue_margin)
    picture = issue.file(_MAP)
    found = []
    for one in recipients:
        addresses = tuple(dict.fromkeys(mail.address(to) for to in one.addresses))
        about = subject(database, issue, one.watchlist, common)
        facts = documents.collect(issue, about.scope, about.inputs)
        document = documents.compose(facts, one.language, chosen.public_url)
        found.append(Composed(about, document, picture, addresses))
    return found


def write(every: Sequence[Composed], folder: Path) -> list[Path]:
    """Write digests as HTML and Markdown beside their map; return the files."""
    contents: dict[str, bytes] = {}
    for one in every:
        contents[f"{one.stem}.html"] = documents.html(one.document, _MAP).encode()
        contents[f"{one.stem}.md"] = documents.markdown(one.document, _MAP).encode()
        contents[_MAP] = one.picture
    with files.alone(folder):
        for name, content in contents.items():
            files.put_whole(folder / name, content)
    return [folder / name for name in contents if name != _MAP]


def _outgoing(issue: Issue, one: Composed, to: str, now: datetime) -> Outgoing:
    document, of_list = one.document, one.subject.watchlist_id
    letter = Letter(
        id=identity(issue.id, of_list, to, document.language),
        to=to,
        subject=document.subject,
        text=documents.text(document),
        html=documents.html(document, f"cid:{mail.PICTURE}"),
        picture=one.picture,
        at=now,
        language=document.language,
    )
    return Outgoing(issue.id, of_list, letter)


def _server() -> Server:
    chosen = settings()
    return Server(
        host=chosen.smtp_host,
        port=chosen.smtp_port,
        sender=chosen.mail_from,
        user=chosen.smtp_user,
        password=chosen.smtp_password,
        security=chosen.smtp_security,
    )
