"""What can go wrong with a local server, in words that say what to do about it."""

from pathlib import Path


class ServerFailure(RuntimeError):  # noqa: N818  named as it is told
    """A local server cannot be had. The text is for the person at the terminal: what, where, what to do."""


# What a server writes before it gives up, and what it means here. The first that is found is told.
_MEANINGS = (
    (
        "Socket server failed to bind",
        "its port was taken while it started: stop the other program and start again",
    ),
    ("Address already in use", "its port was taken while it started: stop the other program and start again"),
    (
        "Failed to acquire lock on file .lock",
        "another broker works on the same directory: stop that one first",
    ),
    (
        "could not look up effective user ID",
        "its account is not in the machine's list of users (/etc/passwd)",
    ),
    (
        "pre-existing shared memory block",
        "processes of an earlier server on the same data still run: end them first",
    ),
    ("could not access directory", "its account may not enter a folder above its data"),
    ("is too long (maximum", "the path of its directory is too long for a Unix socket: use a shorter one"),
    ("No space left on device", "the disk is full"),
    ("Could not reserve enough space", "there is not enough memory for Java"),
    ("OutOfMemoryError", "there is not enough memory for Java"),
    ("could not map anonymous shared memory", "there is not enough memory for the database"),
    ("Invalid cluster.id", "its data belong to another cluster: `reset` begins anew"),
    (
        "database files are incompatible",
        "its data were made by another version of PostgreSQL: `reset` begins anew",
    ),
    ("invalid checkpoint record", "its data are damaged: `reset` begins anew"),
)
_TAIL = 12


def explained(server: str, log: Path, start: int = 0) -> ServerFailure:
    """Why `server` ended: the meaning of what it logged from byte `start` on, and its last lines."""
    text = since(log, start)
    meaning = next((meaning for words, meaning in _MEANINGS if words in text), "its log says more")
    tail = "\n".join(f"  | {line}" for line in text.splitlines()[-_TAIL:])
    return ServerFailure(f"{server} did not start: {meaning} (log: {log})\n{tail}".rstrip())


def size(log: Path) -> int:
    """Bytes logged so far."""
    return log.stat().st_size if log.exists() else 0


def since(log: Path, start: int) -> str:
    """What was logged from byte `start` on."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(start)
        return file.read().decode(errors="replace")
