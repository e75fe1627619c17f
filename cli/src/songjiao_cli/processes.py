"""The services' processes and ports on this machine: whether they live, how they end, whose they are."""

import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from servicekit.local.ports import listen
from songjiao_cli.installation import PACKAGES

END_SECONDS = 5.0


class DidNotStart(Exception):  # noqa: N818  said to a person, with what to do
    """Something did not come up; the message says what, and where its log is."""


def without_old(environment: Mapping[str, str]) -> dict[str, str]:
    """This process's variables, without settings meant for it that a service would read as its own."""
    return {
        name: value
        for name, value in environment.items()
        if name not in {"SONGJIAO_FAULT", "SONGJIAO_LISTENER"}
    }


def die_with_parent() -> None:
    """In a new process, before it begins: end when the one that started it ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def listen_again(port: int, *, ended: bool) -> socket.socket | None:
    """Listen on a port, none where somebody else does; of a process ended just now it comes free a little later."""
    limit = time.monotonic() + (END_SECONDS if ended else 0)
    while (listener := listen(port)) is None:
        if time.monotonic() >= limit:
            return None
        time.sleep(0.02)
    return listener


def alive(pid: int | None) -> bool:
    """Whether it runs and is one of ours."""
    return pid is not None and tell(pid, 0) and _is_ours(pid)


def _is_ours(pid: int) -> bool:
    """The number may have been given to somebody else meanwhile."""
    with suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return any(package.encode() in command for package in PACKAGES.values())
    return not Path("/proc").exists()


def tell(pid: int, number: int) -> bool:
    """Send a signal; whether somebody was there to get it."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
        return True
    return False


def end(pid: int | None) -> None:
    """Kill it, and wait until it is gone."""
    limit = time.monotonic() + END_SECONDS
    while pid is not None and alive(pid) and time.monotonic() < limit:
        tell(pid, signal.SIGKILL)
        time.sleep(0.02)


def end_all(pids: Iterable[int], seconds: float) -> None:
    """Ask them to end, all at once; kill what has not ended in this time."""
    asked = list(pids)
    for pid in asked:
        tell(pid, signal.SIGTERM)
    limit = time.monotonic() + seconds
    for pid in asked:
        while _runs(pid) and time.monotonic() < limit:
            time.sleep(0.05)
        end(pid)


def _runs(pid: int) -> bool:
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # one of our own is gone only when it was waited for
    return alive(pid)


def of_installation(keys: Path) -> Iterator[int]:
    """The services' processes that were started with these keys, where the system tells (`/proc`)."""
    told = f"SONGJIAO_KEYS={keys}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if told in entry.joinpath("environ").read_bytes().split(b"\0") and _is_ours(int(entry.name)):
                yield int(entry.name)
