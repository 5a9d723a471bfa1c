"""Send a message, and distinguish what was refused, what can be tried again, and what is unsure."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_base, wait_exponential

from ewarn.alerting.mail._letter import Letter, message
from ewarn.alerting.mail._server import Server
from ewarn.core.errors import EwarnError

SECONDS = 30.0  # for the answer to each command
TRIES = 3  # a message and run, where it certainly was not accepted
WAIT = wait_exponential(multiplier=2, max=30)


class Unusable(EwarnError):
    """The server cannot be used for any message: its certificate, or the login, is refused."""


class Away(Unusable):
    """The server does not answer for now."""


class Refused(EwarnError):
    """The server refused a message."""


class Later(Refused):
    """The server refused a message for now."""


class Unsure(EwarnError):
    """The connection ended before the server answered; it may have accepted the message."""


def send(server: Server, letter: Letter, wait: wait_base = WAIT) -> None:
    """Send a message; while the server refuses it for now, or is away, TRIES times.

    Raises Unusable, Refused or Unsure.
    """
    tries = Retrying(
        retry=retry_if_exception_type((Later, Away)),
        stop=stop_after_attempt(TRIES),
        wait=wait,
        reraise=True,
    )
    tries(_send, server, message(letter, server.sender))


def _send(server: Server, made: EmailMessage) -> None:
    with _connected(server) as connection, _answered():
        connection.send_message(made)


@contextmanager
def _connected(server: Server) -> Iterator[smtplib.SMTP]:
    """Yield a connection with security and login; what fails until then is Unusable."""
    try:
        connection = _open(server)
    except OSError as error:  # what smtplib raises is one, too
        kind = Away if _is_passing(error) else Unusable
        raise kind(f"the mail server cannot be used: {_reason(error)}") from error
    try:
        yield connection
    finally:
        try:
            connection.quit()
        except OSError:  # the message is settled by now
            connection.close()


def _is_passing(error: OSError) -> bool:
    """Return whether a connection may come about if it is tried again."""
    if isinstance(error, smtplib.SMTPResponseException):
        return 400 <= error.smtp_code < 500
    lasting = (ssl.SSLError, smtplib.SMTPNotSupportedError, smtplib.SMTPHeloError)
    return not isinstance(error, lasting)


def _open(server: Server) -> smtplib.SMTP:
    place = (server.host, server.port)
    if server.security == "tls":
        context = ssl.create_default_context()
        connection: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=SECONDS, context=context)
    else:
        connection = smtplib.SMTP(*place, timeout=SECONDS)
    try:
        if server.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _answered() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, why = next(iter(error.recipients.values()))
        raise _refused(code, why) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, error.smtp_error) from error
    except OSError as error:
        raise Unsure(f"no answer, so it may have arrived: {_reason(error)}") from error


def _refused(code: int, why: bytes | str) -> Refused:
    kind = Later if 400 <= code < 500 else Refused
    return kind(f"refused: {code} {_line(why)}")


def _reason(error: Exception) -> str:
    """Return an error in a line, without what was sent."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_line(error.smtp_error)}"
    return _line(str(error)) or type(error).__name__


def _line(text: bytes | str) -> str:
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join("".join(c if c.isprintable() else " " for c in shown).split())[:200]
