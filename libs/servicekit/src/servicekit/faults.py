"""Points where a chaos test breaks the process. They exist only while `SONGJIAO_FAULT` is set.

`name` or `name:n`: the process dies when it passes the point for the n-th time. `@folder`: the process runs on
until somebody lays a file with a point's name there; what stands in the file happens at the next pass.
"""

import os
import signal
import time
from pathlib import Path

import asyncpg

POINTS = (
    "command.before_commit",
    "command.after_commit",
    "relay.before_send",
    "relay.sent_before_ack",
    "relay.after_ack_before_delete",
    "consumer.after_poll",
    "consumer.reaction",
    "consumer.in_transaction",
    "consumer.after_commit_before_ack",
    "consumer.after_ack",
    "replay.in_transaction",
    "timers.after_commit",
)
_armed: dict[str, int] = {}
_folder: list[Path] = []


class HandlerBug(RuntimeError):  # noqa: N818  what a wrong line of ours would raise
    """A chaos test wants this reaction to fail."""


def arm(fault: str) -> None:
    """Make the process die at this point: `name`, or `name:n` for the n-th time; or watch `@folder`."""
    _folder.clear()
    if fault.startswith("@"):
        _folder.append(Path(fault[1:]))
        return
    name, _, count = fault.partition(":")
    if name:
        if name not in POINTS:
            raise ValueError(f"no such fault point: {name}; there are {', '.join(POINTS)}")
        _armed[name] = int(count or 1)


def watched() -> bool:
    """Whether faults come from a folder: then effects are noted too (`effects`)."""
    return bool(_folder)


def passed(name: str, subject: str = "") -> None:
    """The process is at this point; when a test armed it, this was its last act (SIGKILL)."""
    if name in _armed:
        _armed[name] -= 1
        if _armed[name] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
    for folder in _folder:
        _strike(folder / name, subject)


def _strike(file: Path, subject: str) -> None:
    """Do what the file says, once; `bug` stays for its subject until the file is taken away."""
    try:
        act, _, more = file.read_text().partition(" ")
    except FileNotFoundError:
        return
    if act == "bug":
        if more == subject:
            raise HandlerBug(f"the handler is wrong for {subject}")
        return
    file.unlink(missing_ok=True)
    if act == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif act == "block":
        time.sleep(float(more))  # as a handler that blocks the loop would: no heartbeat meanwhile
    elif act == "serialization":
        raise asyncpg.SerializationError("could not serialize access (chaos)")
    elif act == "deadlock":
        raise asyncpg.DeadlockDetectedError("deadlock detected (chaos)")
    else:
        raise ValueError(f"no such act: {act}")
