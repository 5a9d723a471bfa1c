"""Count requests by key or address, minute by minute, and state the limit in headers."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_network
from math import ceil
from time import time

from limits.storage import MemoryStorage

from ewarn.core.settings import Settings

_WINDOW = 60  # seconds
Pairs = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Count:
    """State of a client: seconds until its next request is allowed (0: now), and its headers."""

    wait: int
    headers: Pairs


class RateLimits:
    """How often a client may ask, each worker counting its share; in memory, for one process."""

    def __init__(self, settings: Settings) -> None:
        """Take the limits of all workers together; 0 is none."""
        limits = {"address": settings.rate_per_minute, "key": settings.key_rate_per_minute}
        self._shares = {
            kind: max(1, limit // settings.workers) for kind, limit in limits.items() if limit
        }
        self._policies = {
            kind: (b"ratelimit-policy", f'"{kind}";q={share};w={_WINDOW}'.encode())
            for kind, share in self._shares.items()
        }
        self._counts = MemoryStorage()

    def count(self, kind: str, client: str) -> Count:
        """Return counts a request of the client, an address or a key."""
        share = self._shares.get(kind)
        if share is None:
            return Count(0, [])
        name = f"{kind} {client}"
        count, moment = self._counts.incr(name, _WINDOW), time()
        ends = self._counts.expirations.get(name, moment)
        seconds = max(1, ceil(ends - moment))
        reported = f'"{kind}";r={max(0, share - count)};t={seconds}'.encode()
        headers = [self._policies[kind], (b"ratelimit", reported)]
        return Count(seconds if count > share else 0, headers)


def counted(address: str) -> str:
    """Return the address a client is counted by: of IPv6, the network that one subscriber has."""
    if ":" not in address:
        return address
    try:
        return str(ip_network((IPv6Address(address), 64), strict=False))
    except ValueError:
        return address
