"""Judge responses of a source: data, a refusal, or a reason to try again."""

import re
from typing import Any

import httpx

from ewarn.core.errors import BadInput
from ewarn.data.connectors._redaction import Secrets, shown

_LIMIT = re.compile(r"rate.?limit|too many|limit exceeded|throttl|quota", re.IGNORECASE)
_EXPECTED = {
    401: "a user or token that is accepted",
    403: "an account that may read these data (its user or token was accepted)",
    404: "data there; is the version or the URL right?",
}


class Again(BadInput):
    """What may pass: the request may be repeated, after so many seconds if the source
    states them.
    """

    def __init__(self, where: object, what: object, after: float = 0) -> None:
        asks = f", with a wait of {after:.0f} s" if after else ""
        expected = "an answer; the same command goes on from what was received"
        super().__init__(where, f"{what}{asks}", expected)
        self.after = after


class NotThere(BadInput):
    """What the source does not have: HTTP 404, or a 400 that names the version."""


def judge(where: str, response: httpx.Response, secrets: Secrets) -> None:
    """Raise Again for a rate limit or a server that is down, NotThere for what the source does not
    have, BadInput for other refusals.
    """
    status = response.status_code
    if response.is_success:
        return
    words = message(response.read().decode(errors="replace"), secrets)
    what = f"HTTP {status}" + (f" ({words})" if words else "")
    after = _seconds(response.headers.get("Retry-After", ""))
    is_limit = status == 429 or (status == 400 and bool(_LIMIT.search(words)))
    if is_limit or status >= 500:
        raise Again(where, what, after)
    if response.has_redirect_location:
        what = f"HTTP {status}, a redirect to {shown(target(response))}"
    is_absent = status == 404 or (status == 400 and "version" in words.lower())
    refusal = NotThere if is_absent else BadInput
    raise refusal(where, what, _EXPECTED.get(status, "HTTP 200"))


def target(response: httpx.Response) -> str:
    """Return the URL that a redirect leads to."""
    return str(response.request.url.join(response.headers["Location"]))


def parsed(where: str, response: httpx.Response, secrets: Secrets) -> dict[str, Any]:
    """Return the JSON object in an answer; raises BadInput, quoting it, if there is none."""
    try:
        tree = response.json()
    except ValueError as error:
        raise BadInput(where, not_data(response.text, secrets), "JSON") from error
    if not isinstance(tree, dict):
        raise BadInput(where, f"JSON that is a {type(tree).__name__}", "a JSON object")
    return tree


def not_data(text: str, secrets: Secrets) -> str:
    """Return the name that a message gives to text in place of data."""
    kind = "an HTML page" if text.lstrip("\ufeff \r\n\t").startswith("<") else "other text"
    return f"{kind} ({message(text, secrets) or 'empty'})"


def message(text: str, secrets: Secrets) -> str:
    """Return the beginning of a source's message, on one line, without tags and secrets."""
    words = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", secrets.hide(text), flags=re.S)
    return " ".join(words.split())[:160]


def _seconds(header: str) -> float:
    return float(header) if header.isdecimal() else 0
