"""Exchange user and password for a bearer token, renewed once when it expires."""

from collections.abc import Generator

import httpx

from ewarn.core.errors import BadInput
from ewarn.data.connectors import _responses
from ewarn.data.connectors._http import Web

Flow = Generator[httpx.Request, httpx.Response, None]


class Login(httpx.Auth):
    """OAuth's password grant, as ACLED has it."""

    requires_response_body = True

    def __init__(self, web: Web, url: str, user: str, password: str) -> None:
        self._web, self._url, self._token = web, url, ""
        self._form = {
            "username": user, "password": password, "grant_type": "password", "client_id": "acled",
        }  # fmt: skip

    def auth_flow(self, request: httpx.Request) -> Flow:
        """Yield the request with a token; after a 401 once more, with a new one."""
        if not self._token:
            yield from self._log_in()
        response = yield self._signed(request)
        if response.status_code == 401:
            yield from self._log_in()
            yield self._signed(request)

    def _log_in(self) -> Flow:
        response = yield httpx.Request("POST", self._url, data=self._form)
        _responses.judge("acled login", response, self._web.secrets)
        token = _responses.parsed("acled login", response, self._web.secrets).get("access_token")
        if not isinstance(token, str):
            raise BadInput("acled login", "an answer without access_token", "a token")
        self._web.secrets.add(token)
        self._token = token

    def _signed(self, request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request
