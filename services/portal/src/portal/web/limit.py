"""How often one address may do something in a minute, counted in this process."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address

from fastapi import Request

WINDOW = 60.0
MOST_ADDRESSES = 10_000
HOST_BITS = 64
"""Of an IPv6 address: whoever has one has all of its network."""


@dataclass
class Limit:
    """So many in a minute; a figure by date is asked for each time."""

    most: int | Callable[[], int]
    _moments: OrderedDict[str, list[float]] = field(default_factory=OrderedDict)

    def allows(self, address: str, at: float | None = None) -> bool:
        """Whether the address may do it once more; if so it is counted."""
        at = time.monotonic() if at is None else at
        allowed = not self.full(address, at)
        if allowed:
            self.note(address, at)
        return allowed

    def full(self, address: str, at: float | None = None) -> bool:
        """Whether the address has had its share."""
        return self.wait(address, at) > 0

    def wait(self, address: str, at: float | None = None) -> int:
        """In how many seconds the address may do it once more; 0 = now."""
        at = time.monotonic() if at is None else at
        most = self.most() if callable(self.most) else self.most
        recent = [moment for moment in self._moments.get(address, ()) if at - moment < WINDOW]
        if len(recent) < most:
            return 0
        first = recent[len(recent) - most] if most and recent else at
        return max(1, math.ceil(first + WINDOW - at))

    def note(self, address: str, at: float | None = None) -> None:
        """One more of this address."""
        at = time.monotonic() if at is None else at
        recent = [moment for moment in self._moments.pop(address, ()) if at - moment < WINDOW]
        self._moments[address] = [*recent, at]
        while len(self._moments) > MOST_ADDRESSES:
            self._moments.popitem(last=False)


def address_of(request: Request) -> str:
    """Where a request comes from; of IPv6 its network."""
    told = request.client.host if request.client else ""
    try:
        address = ip_address(told.partition("%")[0])
    except ValueError:
        return told
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> HOST_BITS << HOST_BITS))
