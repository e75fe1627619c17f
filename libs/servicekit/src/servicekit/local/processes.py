"""Server processes: started apart from their caller, found again by their command line, ended in order.

No process is remembered by its number alone: numbers are used again, and a caller may be killed between a
start and its note. What runs is what says so in its own arguments.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

from servicekit.local.accounts import Account
from servicekit.local.failures import ServerFailure

_PROC = Path("/proc")
_PAUSE = 0.03
"""Seconds between two looks."""

_ours: dict[int, subprocess.Popen[bytes]] = {}
"""Children of this process: they must be waited for, or they stay as zombies."""


def launch(command: Sequence[str | Path], *, log: Path, account: Account | None = None) -> int:
    """Start a server in a session of its own: Ctrl-C at the caller does not reach it. Returns its pid."""
    return _spawn(command, log, account).pid


def run(command: Sequence[str | Path], *, log: Path, account: Account | None = None) -> bool:
    """Run a command to its end, its words into the log. False when it says that it failed."""
    return _spawn(command, log, account).wait() == 0


def _spawn(command: Sequence[str | Path], log: Path, account: Account | None) -> subprocess.Popen[bytes]:
    with log.open("ab") as out, _told(command):
        process = subprocess.Popen(  # noqa: S603  our own command, no shell
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd="/",
            env=environment(),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    _ours[process.pid] = process
    return process


def environment() -> dict[str, str]:
    """What servers see of the caller's environment: nothing that changes their language or their day."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


@contextlib.contextmanager
def _told(command: Sequence[str | Path]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ServerFailure(f"{command[0]} cannot be run: {error}") from error


def running(*marks: str) -> list[int]:
    """Processes that have every one of `marks` among their arguments."""
    found = [(pid, f" {' '.join(arguments)} ") for pid, arguments in commands()]
    return [pid for pid, line in found if all(f" {mark} " in line for mark in marks)]


def commands() -> Iterator[tuple[int, list[str]]]:
    """Every process with its arguments; ended ones that nobody has waited for are left out."""
    for process in list(_ours.values()):
        if process.poll() is not None:
            _ours.pop(process.pid, None)  # another thread may have been here
        else:  # the system shows no arguments of a process that has just been started
            yield process.pid, list(cast("list[str]", process.args))
    if not _PROC.joinpath("self").exists():
        yield from _commands_by_ps()
        return
    for entry in _PROC.iterdir():
        if not entry.name.isdigit() or int(entry.name) in _ours:
            continue
        try:
            raw = entry.joinpath("cmdline").read_bytes()
        except OSError:  # ended between the two looks
            continue
        if raw:
            yield int(entry.name), raw.decode(errors="surrogateescape").rstrip("\0").split("\0")


def _commands_by_ps() -> Iterator[tuple[int, list[str]]]:
    """Where there is no /proc (macOS). A blank in a path splits an argument, hence whole lines above."""
    listing = subprocess.run(
        ["/bin/ps", "-axww", "-o", "pid=,args="], capture_output=True, text=True, check=True
    )
    for line in listing.stdout.splitlines():
        pid, *arguments = line.split()
        if int(pid) not in _ours:
            yield int(pid), arguments


def end(pid: int, still_there: Callable[[], bool], *, steps: Sequence[tuple[signal.Signals, float]]) -> bool:
    """Send the signals one after the other, each with its seconds to work. True when the process is gone."""
    for number, seconds in steps:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return True
        if wait_until(lambda: not still_there(), seconds=seconds):
            return True
    return False


def first_answer(answers: Callable[[], bool], lives: Callable[[], bool], *, seconds: float) -> bool | None:
    """True when it answers, False when it ends before, None when neither happens in time."""
    answered = False

    def decided() -> bool:
        nonlocal answered
        answered = answers()
        return answered or not lives()

    return answered if wait_until(decided, seconds=seconds) else None


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Look until the condition holds, at most `seconds`."""
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            return False
        time.sleep(_PAUSE)
    return True
