"""A real mail server on this machine that behaves as a test wants, and keeps what it accepts."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

OK = "250 OK"
DROP = "drop"  # end the connection instead of an answer


class Handler:
    """`at_data` and `at_rcpt` give the answer by the recipient and the number of its try."""

    def __init__(self) -> None:
        self.accepted: list[EmailMessage] = []
        self.tries: dict[str, int] = {}
        self.logins: list[bytes] = []
        self.at_rcpt: Callable[[str, int], str] = lambda _to, _n: OK
        self.at_data: Callable[[str, int], str] = lambda _to, _n: OK

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, to: str, _o: Any) -> str:  # noqa: N802, ARG002
        self.tries[to] = self.tries.get(to, 0) + 1
        answer = self.at_rcpt(to, self.tries[to])
        if answer == OK:
            envelope.rcpt_tos.append(to)
        return answer

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        (to,) = envelope.rcpt_tos
        answer = self.at_data(to, self.tries[to])
        if answer in (OK, DROP):  # it may be accepted though nobody learns of it
            self.accepted.append(message_from_bytes(envelope.content, policy=policy.default))
        if answer == DROP:
            server.transport.abort()
        return answer

    def login(
        self, _server: Any, _session: Any, _envelope: Any, _how: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login)
        return AuthResult(success=data.password == b"right", handled=False)


class _Server(Controller):
    """A server on a free port."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[tuple[Handler, int]]:
    """The server, running, and its port; with STARTTLS and logins where there is a certificate."""
    handler = Handler()
    more = (
        {"tls_context": tls, "authenticator": handler.login, "auth_required": True} if tls else {}
    )
    controller = _Server(handler, "127.0.0.1", 0, **more)
    controller.start()
    try:
        yield handler, controller.port
    finally:
        controller.stop(no_assert=True)
