"""Check that a webhook URL leads to a public address, resolved once and then kept to."""

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from ewarn.core.errors import BadInput

_SHAPE = "https://HOST/PATH, a host on the public internet"
_CHARACTERS = re.compile(r"[!-\[\]-~]+")  # printable ASCII but the backslash, which parsers part on
# Public by their registration, as far as this Python has it, but not by what answers
# there: protocols' own (192.0.0.0/24, 2001::/23 with Teredo), Azure's services, documentation, and
# IPv6 that carries an IPv4 address within (6to4).
_NOT_PUBLIC = [
    ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16", "2001::/23", "2002::/16")
]
_UNICAST = ip_network("2000::/3")  # all that is assigned of IPv6; NAT64's 64:ff9b::/96 is outside
Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Target:
    """Where a webhook goes. Connect to one of `addresses`, naming `host` in TLS and in Host: a name
    that is looked up again may lead elsewhere. Do not follow redirects.
    """

    url: str
    host: str
    port: int
    addresses: tuple[str, ...]


def resolved(host: str, port: int) -> list[str]:
    """Return the addresses of a host; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def checked(url: str, *, is_anywhere: bool = False, resolve: Resolve = resolved) -> Target:
    """Return the target of a webhook; blocks while its host is looked up. `is_anywhere`
    (EWARN_WEBHOOKS) takes http and internal addresses too.

    Raises BadInput where the URL is none, or its host has no address, or one that is not public.
    """
    parts = _parts(url)
    schemes = {"https": 443, "http": 80} if is_anywhere else {"https": 443}
    if not parts or parts.scheme not in schemes or not parts.hostname or "@" in parts.netloc:
        raise BadInput("webhook", repr(url[:200]), _SHAPE)
    host, port = parts.hostname, parts.port or schemes[parts.scheme]
    try:
        addresses = resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise BadInput("webhook", f"host {host}, which has no address", _SHAPE) from error
    if not addresses or not (is_anywhere or all(map(is_public, addresses))):
        raise BadInput("webhook", f"host {host}, which is not public", _SHAPE)
    return Target(url, host, port, tuple(addresses))


def is_public(text: str) -> bool:
    """Return whether an address is on the public internet."""
    try:
        address: Address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and (address not in _UNICAST or address.scope_id):
        return False
    if address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    return address.is_global and not any(address in network for network in _NOT_PUBLIC)


def _parts(url: str) -> SplitResult | None:
    if not _CHARACTERS.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        return parts if parts.port != 0 else None
    except ValueError:  # a port, or a bracketed address, that is none
        return None
