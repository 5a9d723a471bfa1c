"""Build a message: plain text and HTML side by side, the picture within the HTML."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from ewarn.core.errors import BadInput

PICTURE = "map"  # content id of the picture
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class _Policy(EmailPolicy):
    """The default policy, but for long subjects: Python before 3.13 loses spaces in them."""

    def fold(self, name: str, value: str) -> str:
        """Return a header in lines of 75 characters, with encoded words where they are needed."""
        if name.lower() != "subject":
            return str(super().fold(name, value))
        text = Header(str(value), maxlinelen=75, header_name=name).encode(linesep=self.linesep)
        return f"{name}: {text}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return the same as bytes."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


@dataclass(frozen=True)
class Letter:
    """One message to one recipient; `id` is the same at each try, and `picture` is a PNG."""

    id: str
    to: str
    subject: str
    text: str
    html: str
    picture: bytes
    at: datetime
    language: str


def address(given: str, where: str = "address") -> str:
    """Return a mail address, its domain in lower case; raises BadInput for anything else.

    >>> address("Desk@Example.ORG")
    'Desk@example.org'
    """
    text = given.strip()
    if not _ADDRESS.fullmatch(text) or len(text) > 254:
        raise BadInput(where, repr(given)[:80], "one mail address, such as desk@example.org")
    name, _, domain = text.rpartition("@")
    return f"{name}@{domain.lower()}"


def message(letter: Letter, sender: str) -> EmailMessage:
    """Return the message: plain text, or HTML with the picture in it, whichever a reader shows.

    The Message-ID follows from the letter's id, so that one that comes twice can be recognised.
    """
    made = EmailMessage(_Policy())
    made["From"] = sender
    made["To"] = letter.to
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(letter.at)
    made["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer by a machine
    made.set_content(letter.text)
    made.add_alternative(letter.html, subtype="html")
    page = made.get_payload(1)
    page.add_related(  # type: ignore[union-attr]
        letter.picture, "image", "png", cid=f"<{PICTURE}>", filename="map.png", disposition="inline"
    )
    made["Content-Language"] = letter.language  # last: setting a content removes such headers
    return made
