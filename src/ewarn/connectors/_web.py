"""Requests that are sent again while a source is out of reach, and answers that are judged."""

import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Self, TypeVar

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_exponential, wait_random

from ewarn.connectors._secrets import Secrets, shown
from ewarn.errors import BadInput

ATTEMPTS = 7  # with the waits below about two minutes, twice the window of UCDP's rate limit
LONGEST = 600.0  # seconds; a source that asks for more is left alone
_backoff = wait_exponential(multiplier=2, max=120) + wait_random(0, 2)
_LIMIT = re.compile(r"rate.?limit|too many|limit exceeded|throttl|quota", re.IGNORECASE)
_EXPECTED = {
    401: "a user or token that is accepted",
    403: "an account that may read these data (its user or token was accepted)",
    404: "data there; is the version or the URL right?",
}
_PASSING = (
    httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError,
)  # fmt: skip
_T = TypeVar("_T")


class Again(BadInput):
    """What may pass: the request is worth repeating, after so many seconds if the source says."""

    def __init__(self, where: object, what: object, after: float = 0) -> None:
        asks = f", and asks for {after:.0f} s" if after else ""
        expected = "an answer; the same command goes on from what was received"
        super().__init__(where, f"{what}{asks}", expected)
        self.after = after


class Web:
    """The client of one run: `progress` is told how much of how much is done, `note` what went
    wrong and is tried again, and `sleep` waits.
    """

    def __init__(
        self,
        progress: Callable[[int, int | None], None] = lambda _done, _total: None,
        note: Callable[[str], None] = lambda _text: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.progress, self.note, self.secrets = progress, note, Secrets()
        self.client = httpx.Client(
            timeout=60, headers={"User-Agent": "ewarn"}, event_hooks={"response": [self._hidden]}
        )
        self._retrying = Retrying(
            sleep=sleep, stop=stop_after_attempt(ATTEMPTS), wait=_wait, reraise=True,
            retry=retry_if_exception(_may_pass), before_sleep=self._told,
        )  # fmt: skip

    def __enter__(self) -> Self:
        logging.getLogger("httpx").addFilter(self.secrets)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        logging.getLogger("httpx").removeFilter(self.secrets)

    def json(
        self,
        url: str,
        query: Mapping[str, Any],
        where: str,
        headers: Mapping[str, str] | None = None,
        auth: httpx.Auth | None = None,
    ) -> dict[str, Any]:
        """The JSON object at a URL; raises BadInput for any other answer."""

        def once() -> dict[str, Any]:
            response = self.client.get(url, params=dict(query), headers=headers, auth=auth)
            self.judge(where, response)
            return self.parsed(where, response)

        return self.again(where, once)

    def again(self, where: str, once: Callable[[], _T]) -> _T:
        """What `once` returns, tried until it no longer raises Again or loses the connection."""

        def attempt() -> _T:
            try:
                return once()
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                found = self.secrets.hide(str(error)) or type(error).__name__
                if isinstance(error, _PASSING):
                    raise Again(where, found) from error
                raise BadInput(where, found, "an answer") from error

        return self._retrying(attempt)

    def judge(self, where: str, response: httpx.Response) -> None:
        """Raise Again for a rate limit or a server that is down, BadInput for other refusals."""
        status = response.status_code
        if response.is_success:
            return
        said = self.said(response.read().decode(errors="replace"))
        what = f"HTTP {status}" + (f" ({said})" if said else "")
        after = _seconds(response.headers.get("Retry-After", ""))
        is_limit = status == 429 or (status == 400 and bool(_LIMIT.search(said)))
        if is_limit or status >= 500:
            raise Again(where, what, after)
        if response.has_redirect_location:
            what = f"HTTP {status}, a redirect to {shown(str(_target(response)))}"
        raise BadInput(where, what, _EXPECTED.get(status, "HTTP 200"))

    def parsed(self, where: str, response: httpx.Response) -> dict[str, Any]:
        """The JSON object in an answer; raises BadInput, quoting it, if there is none."""
        try:
            tree = response.json()
        except ValueError as error:
            raise BadInput(where, self.not_data(response.text), "JSON") from error
        if not isinstance(tree, dict):
            raise BadInput(where, f"JSON that is a {type(tree).__name__}", "a JSON object")
        return tree

    def not_data(self, text: str) -> str:
        """What a message calls text that should have been data."""
        kind = "an HTML page" if text.lstrip("\ufeff \r\n\t").startswith("<") else "other text"
        return f"{kind} ({self.said(text) or 'empty'})"

    def said(self, text: str) -> str:
        """The beginning of what a source says, on one line, without tags and secrets."""
        words = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", self.secrets.hide(text), flags=re.S)
        return " ".join(words.split())[:160]

    def _hidden(self, response: httpx.Response) -> None:
        if response.has_redirect_location:  # to a signed link, it may be
            self.secrets.add_url(response.headers["Location"])

    def _told(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        seconds = state.next_action.sleep if state.next_action else 0
        if isinstance(error, Again):
            self.note(f"{error.where}: {error.what}; again in {seconds:.0f} s")


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, Again) and error.after <= LONGEST


def _wait(state: RetryCallState) -> float:
    """Twice as long each time, and never shorter than the source asks for."""
    error = state.outcome.exception() if state.outcome else None
    return max(_backoff(state), error.after if isinstance(error, Again) else 0)


def _target(response: httpx.Response) -> httpx.URL:
    return response.request.url.join(response.headers["Location"])


def _seconds(header: str) -> float:
    return float(header) if header.isdecimal() else 0
