"""Ports of the local servers: chosen once, kept, and looked at before a server needs them."""

import random
import socket
import time
from pathlib import Path

from servicekit.local.failures import ServerFailure

_RANGE = range(20_000, 32_000)
"""Below the ports that systems lend to outgoing connections: a kept port is still free at the next start."""

_WAITING = 2048
"""Connections that may wait to be taken up, as the services' own server allows."""
_DYING_SECONDS = 3.0
"""A server that was killed holds its port for a moment longer."""


def free_ports(count: int) -> list[int]:
    """Different ports that nobody listens on now."""
    draw = random.SystemRandom()
    found: list[int] = []
    for port in draw.sample(_RANGE, len(_RANGE)):
        if not taken(port):
            found.append(port)
        if len(found) == count:
            return found
    raise ServerFailure(f"no free port between {_RANGE.start} and {_RANGE.stop} on 127.0.0.1")


def taken(port: int) -> bool:
    """Whether a server could not listen on it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def listen(port: int) -> socket.socket | None:
    """A socket that listens there, to hold the port and hand it to a server; none where somebody else does."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(_WAITING)
    except OSError:
        listener.close()
        return None
    return listener


def listen_anywhere() -> socket.socket:
    """A socket that listens on a port that was free."""
    while (listener := listen(free_ports(1)[0])) is None:
        pass  # somebody was quicker
    return listener


def refuse_taken(port: int, use: str, home: Path) -> None:
    """Refuse by name instead of waiting for a server that cannot listen."""
    limit = time.monotonic() + _DYING_SECONDS
    while taken(port):
        if time.monotonic() < limit:
            time.sleep(0.05)
            continue
        raise ServerFailure(
            f"{use} cannot start: port {port} on 127.0.0.1 is taken by another program. "
            f"Stop that program, or begin anew on other ports with `reset` (state: {home})"
        )
