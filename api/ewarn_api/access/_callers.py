"""The key that a request brings, and the refusals of one that brings none or a wrong one."""

from collections.abc import Iterable
from dataclasses import dataclass

from ewarn.core.errors import EwarnError


@dataclass(frozen=True)
class Caller:
    """The caller of a request: a key, by its id and name, and the team that it belongs to."""

    key_id: str
    name: str
    team: str


class NoKey(EwarnError):
    """No key was sent, or one that opens nothing."""

    def __init__(self, why: str, is_wrong: bool) -> None:
        error = f', error="invalid_token", error_description="{why}"' if is_wrong else ""
        self.headers = {"WWW-Authenticate": f'Bearer realm="ewarn"{error}'}
        super().__init__(f"{why}; send one as Authorization: Bearer, or as X-Api-Key")


class NoScope(EwarnError):
    """The key is good, but not for this."""

    def __init__(self, scope: str) -> None:
        error = f'error="insufficient_scope", scope="{scope}"'
        self.headers = {"WWW-Authenticate": f'Bearer realm="ewarn", {error}'}
        super().__init__(f"the key does not have the scope {scope}")


def sent(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Return the secret in a request's headers: a bearer token, else X-Api-Key."""
    found = None
    for name, value in headers:
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            return value[7:].strip().decode("latin-1")
        if name == b"x-api-key":
            found = value.strip().decode("latin-1")
    return found
