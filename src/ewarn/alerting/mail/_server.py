"""The mail server that messages are sent through."""

from dataclasses import dataclass, field
from typing import Literal

from ewarn.alerting.mail._letter import address
from ewarn.core.errors import BadInput

_HOME = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Server:
    """Where messages are sent, and by whom; raises BadInput for what cannot work."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    security: Literal["starttls", "tls", "none"] = "starttls"

    def __post_init__(self) -> None:
        """Refuse a missing host or sender, and a password that others could read."""
        if not self.host:
            raise BadInput("EWARN_SMTP_HOST", "nothing", "the host of a mail server")
        if not self.sender:
            raise BadInput("EWARN_MAIL_FROM", "nothing", "the address that digests are sent from")
        address(self.sender, "EWARN_MAIL_FROM")
        if self.user and self.security == "none" and self.host not in _HOME:
            expected = "starttls or tls, as a password is sent"
            raise BadInput("EWARN_SMTP_SECURITY", "none", expected)
