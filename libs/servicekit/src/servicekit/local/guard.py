"""Ends the servers that work in a directory when the directory's owner, another process, has ended.

A process of its own, because the owner may be killed without a word and then clears nothing; it also removes
the directory, which a death signal to the servers would leave. It watches a process, not the thread that
called, and needs nothing of one system.
"""

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from servicekit.local import processes

_SERVERS = {"postgres": signal.SIGINT, "initdb": signal.SIGTERM, "java": signal.SIGKILL}
"""How each is ended when its data are thrown away. PostgreSQL gets time to give its shared memory back."""

_GRACE = 10.0


def watch(owner: int, directory: Path) -> subprocess.Popen[bytes]:
    """Start the guard of a directory: a process of its own, in a session of its own."""
    code = "import sys; from servicekit.local import guard; guard.stand(int(sys.argv[1]), sys.argv[2])"
    return subprocess.Popen(  # noqa: S603  our own command, no shell
        [sys.executable, "-c", code, str(owner), str(directory)],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )


def stand(owner: int, directory: str) -> None:
    """What the guard's process does: wait, then clear."""
    wait_for_end(owner)
    clear(Path(directory))


def clear(directory: Path) -> None:
    """End every server that names the directory in its arguments, then remove it."""

    def working() -> list[tuple[int, str]]:
        found = [(pid, arguments) for pid, arguments in processes.commands() if pid != os.getpid()]
        named = [(pid, Path(a[0]).name) for pid, a in found if str(directory) in " ".join(a)]
        return [(pid, program) for pid, program in named if program in _SERVERS]

    def told(*, force: bool) -> None:
        for pid, program in working():
            try:
                os.kill(pid, signal.SIGKILL if force else _SERVERS[program])
            except ProcessLookupError:
                continue

    told(force=False)
    if not processes.wait_until(lambda: not working(), seconds=_GRACE):
        told(force=True)
        processes.wait_until(lambda: not working(), seconds=_GRACE)
    shutil.rmtree(directory, ignore_errors=True)


def wait_for_end(pid: int) -> None:
    """Return when the process has ended, waited for by its parent or not."""
    try:
        if sys.platform == "darwin":
            event = select.kevent(
                pid, select.KQ_FILTER_PROC, select.KQ_EV_ADD | select.KQ_EV_ONESHOT, select.KQ_NOTE_EXIT
            )
            select.kqueue().control([event], 1)
        else:
            select.select([os.pidfd_open(pid)], [], [])
    except ProcessLookupError:
        return
    except OSError:  # a kernel without such handles
        while any(pid == other for other, _ in processes.commands()):
            time.sleep(0.2)
