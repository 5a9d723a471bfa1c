"""Remove secrets (tokens, passwords, signed links) from messages and logs."""

import json
import logging
from html import escape
from urllib.parse import quote, unquote_plus, urlsplit

_HIDDEN = "***"
_SHORT = 6  # characters; hiding shorter values would garble ordinary words


class Secrets(logging.Filter):
    """The secrets of one run, and texts without them; as a filter, it cleans log records."""

    def __init__(self) -> None:
        super().__init__()
        self._known: set[str] = set()

    def add(self, *secrets: str) -> None:
        """Remember secrets, as they are and as they look inside a URL, JSON and HTML."""
        for each in filter(None, secrets):
            self._known |= {each, quote(each, safe=""), json.dumps(each)[1:-1], escape(each)}

    def add_url(self, url: str) -> None:
        """Remember what a URL may hold of them: user, password and the values of its query."""
        parts = urlsplit(url)
        raw = [pair.partition("=")[2] for pair in parts.query.split("&")]
        values = [*raw, *map(unquote_plus, raw)]
        self.add(parts.username or "", parts.password or "")
        self.add(*(value for value in values if len(value) >= _SHORT))

    def hide(self, text: str) -> str:
        """Return the text with each secret replaced, the longest first."""
        for secret in sorted(self._known, key=len, reverse=True):
            text = text.replace(secret, _HIDDEN)
        return text

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, cleaned."""
        record.msg, record.args = self.hide(record.getMessage()), None
        return True


def shown(url: str) -> str:
    """Return a URL as messages and manifests have it: without user, password, query and fragment.

    >>> shown("https://me:word@example.org/ged.zip?signature=abc")
    'https://example.org/ged.zip'
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"
