"""How often one client may ask: as many times a minute as a bucket holds, which fills again evenly."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Callable

from cachetools import LRUCache

_CLIENTS = 10_000
_OF_ONE = 64
"""Bits of an IPv6 address that a network has; who has one address of it has all."""


class Rate:
    """At most so many a minute for each client.

    Args:
        per_minute: so many may come at once; 0 for any number.
        clock: seconds.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = float(per_minute)
        self._clock = clock
        self._levels: LRUCache[str, tuple[float, float]] = LRUCache(_CLIENTS)
        self._lock = threading.Lock()

    def wait(self, client: str) -> float:
        """Seconds until `client` may come again; 0, and it is counted, for now."""
        if not self._most:
            return 0.0
        now = self._clock()
        with self._lock:
            level, since = self._levels.get(client, (self._most, now))
            level = min(self._most, level + (now - since) * self._most / 60)
            if level < 1:
                return (1 - level) * 60 / self._most
            self._levels[client] = (level - 1, now)
            return 0.0


def client_of(address: str) -> str:
    """Whose requests come from `address`: an IPv4 address, or the network of an IPv6 one."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, _OF_ONE), strict=False))
