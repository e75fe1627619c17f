"""Points where a chaos test kills the process. They exist only while `SONGJIAO_FAULT` is set."""

import os
import signal

POINTS = (
    "command.before_commit",
    "command.after_commit",
    "relay.before_send",
    "relay.after_ack_before_delete",
    "consumer.in_transaction",
    "consumer.after_commit_before_ack",
    "replay.in_transaction",
    "timers.after_commit",
)
_armed: dict[str, int] = {}


def arm(fault: str) -> None:
    """Make the process die at this point: `name`, or `name:n` for the n-th time it is passed."""
    name, _, count = fault.partition(":")
    if name:
        if name not in POINTS:
            raise ValueError(f"no such fault point: {name}; there are {', '.join(POINTS)}")
        _armed[name] = int(count or 1)


def passed(name: str) -> None:
    """The process is at this point; when a test armed it, this was its last act (SIGKILL)."""
    if name in _armed:
        _armed[name] -= 1
        if _armed[name] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
