"""Who runs the database: PostgreSQL refuses the superuser, so it gets an account without rights there."""

import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from servicekit.local.failures import ServerFailure


@dataclass(frozen=True)
class Account:
    """A user of the machine, by numbers."""

    uid: int
    gid: int


def database_account() -> Account | None:
    """The account to change to, or none when the caller's own will do. Refuses an account nobody knows."""
    if os.geteuid() != 0:
        try:
            pwd.getpwuid(os.geteuid())
        except KeyError:
            raise ServerFailure(
                f"PostgreSQL needs an account by name, and user {os.geteuid()} is not in /etc/passwd: "
                "add it there, or run as another user"
            ) from None
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise ServerFailure(
            "PostgreSQL does not run as root, and there is no account `nobody` in /etc/passwd to change to: "
            "add one, or run as another user"
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def closed_parent(path: Path, account: Account | None) -> Path | None:
    """The first folder above `path` that the account may not enter; none is good."""
    if account is None:
        return None
    for parent in reversed(path.resolve().parents):
        if not parent.exists():
            return None
        state = parent.stat()
        needed = stat.S_IXUSR if state.st_uid == account.uid else stat.S_IXOTH
        if not state.st_mode & needed:
            return parent
    return None


def open_folder(account: Account | None, *, lasting: bool) -> Path:
    """A folder that the account may enter; a lasting one survives a restart of the machine."""
    usual = [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108  a private folder is made in it
    kept = Path("/var/tmp")  # noqa: S108  likewise
    for folder in [kept, *usual] if lasting else [*usual, kept]:
        if folder.is_dir() and os.access(folder, os.W_OK) and closed_parent(folder / "x", account) is None:
            return folder
    raise ServerFailure(
        "the database's account may enter no temporary folder: set TMPDIR to one with the mode 1777"
    )
