"""What a state directory remembers: ports, password, the cluster's id, and where the database lies."""

import base64
import json
import os
import secrets
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from servicekit.local.accounts import closed_parent, database_account, open_folder
from servicekit.local.failures import ServerFailure
from servicekit.local.ports import free_ports

_FILE = "state.json"


@dataclass(frozen=True)
class Kept:
    """What must be the same at every start."""

    kafka_port: int
    controller_port: int
    database_port: int
    cluster: str
    password: str
    elsewhere: str = ""
    """Where the database lies when its account may not enter the state directory; empty: in it."""

    @property
    def url(self) -> str:
        """The database server for its clients."""
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.database_port}"

    def database_home(self, home: Path) -> Path:
        """The folder of the database's programs and data."""
        return Path(self.elsewhere) if self.elsewhere else home


def read(home: Path) -> Kept | None:
    """What was kept, or none before the first start."""
    file = home / _FILE
    try:
        return Kept(**json.loads(file.read_text()))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, TypeError) as error:
        raise ServerFailure(
            f"{file} cannot be read ({error}): stop what runs there and remove {home}"
        ) from error


def read_or_make(home: Path, say: Callable[[str], None]) -> Kept:
    """What was kept; at the first start it is chosen. Refuses to start with a database that is gone."""
    kept = read(home)
    if kept is None:
        kafka, controller, database = free_ports(3)
        place = _place_for_database(home, say)
        kept = Kept(kafka, controller, database, _cluster_id(), secrets.token_urlsafe(18), place)
        write(home, _FILE, json.dumps(asdict(kept), indent=2) + "\n")
    elif not kept.database_home(home).is_dir():
        raise ServerFailure(
            f"the database's directory {kept.elsewhere} is gone: begin anew with `reset` (state: {home})"
        )
    return kept


def write(home: Path, name: str, text: str) -> None:
    """Whole or not at all, for the owner's eyes: it holds the password."""
    part = home / f"{name}.part"
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    part.replace(home / name)


def _place_for_database(home: Path, say: Callable[[str], None]) -> str:
    account = database_account()
    closed = closed_parent(home / "pg", account)
    if closed is None:
        return ""
    folder = open_folder(account, lasting=True)
    place = Path(tempfile.mkdtemp(prefix="songjiao-database-", dir=folder)).resolve()
    place.chmod(0o711)  # the account must get through, not look around
    say(f"The database's account may not enter {closed}: its data are in {place} instead.")
    return str(place)


def _cluster_id() -> str:
    """As Kafka writes ids; a leading minus would be read as an option."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text
