"""Build messages of HTML, text and one picture, and send them through a server (SMTP)."""

from ewarn.alerting.mail._letter import PICTURE, Letter, address, message
from ewarn.alerting.mail._sending import TRIES, WAIT, Away, Later, Refused, Unsure, Unusable, send
from ewarn.alerting.mail._server import Server

__all__ = [
    "PICTURE",
    "TRIES",
    "WAIT",
    "Away",
    "Later",
    "Letter",
    "Refused",
    "Server",
    "Unsure",
    "Unusable",
    "address",
    "message",
    "send",
]
