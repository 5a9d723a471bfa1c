"""Requests that are sent again while a source is out of reach."""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Self, TypeVar

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_exponential, wait_random

from ewarn.core.errors import BadInput
from ewarn.data.connectors import _responses
from ewarn.data.connectors._redaction import Secrets
from ewarn.data.connectors._responses import Again

ATTEMPTS = 7  # with the waits below about two minutes, twice the window of UCDP's rate limit
LONGEST = 600.0  # seconds; a source that wants a longer wait is left alone
_backoff = wait_exponential(multiplier=2, max=120) + wait_random(0, 2)
_PASSING = (
    httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError,
)  # fmt: skip
_T = TypeVar("_T")


class Web:
    """The client of one run: `progress` receives how much of how much is done, `note` what went
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
            retry=retry_if_exception(_may_pass), before_sleep=self._report_retry,
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
        """Return the JSON object at a URL; raises BadInput for any other answer."""

        def once() -> dict[str, Any]:
            response = self.client.get(url, params=dict(query), headers=headers, auth=auth)
            _responses.judge(where, response, self.secrets)
            return _responses.parsed(where, response, self.secrets)

        return self.again(where, once)

    def again(self, where: str, once: Callable[[], _T]) -> _T:
        """Return the result of `once`, retried until it no longer raises Again or loses the
        connection.
        """

        def attempt() -> _T:
            try:
                return once()
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                found = self.secrets.hide(str(error)) or type(error).__name__
                if isinstance(error, _PASSING):
                    raise Again(where, found) from error
                raise BadInput(where, found, "an answer") from error

        return self._retrying(attempt)

    def _hidden(self, response: httpx.Response) -> None:
        if response.has_redirect_location:  # to a signed link, it may be
            self.secrets.add_url(_responses.target(response))

    def _report_retry(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        seconds = state.next_action.sleep if state.next_action else 0
        if isinstance(error, Again):
            self.note(f"{error.where}: {error.what}; again in {seconds:.0f} s")


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, Again) and error.after <= LONGEST


def _wait(state: RetryCallState) -> float:
    """Return twice the wait each time, and never less than the source requires."""
    error = state.outcome.exception() if state.outcome else None
    return max(_backoff(state), error.after if isinstance(error, Again) else 0)
