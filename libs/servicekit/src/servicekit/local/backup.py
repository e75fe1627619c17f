"""A copy of the local database server, taken while it works, and put back.

PostgreSQL's own way (its manual, "Making a Base Backup Using the Low Level API"): the data directory as it lies,
with the write-ahead log of the time that copying took; whoever starts from it replays that log. Kafka is left out:
every fact of its topics stands in the services' logs, which are in the database.
"""

import asyncio
import gzip
import io
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import asyncpg

from servicekit.local import state
from servicekit.local.accounts import Account, database_account
from servicekit.local.artefacts import POSTGRES_VERSION
from servicekit.local.failures import ServerFailure
from servicekit.local.servers import LocalServers
from servicekit.local.state import Kept

DATA, LOG, KEYS, NOTE = "data", "data/pg_wal", "keys", "backup.json"
SECRETS = "secrets.json"
"""Among the keys: what columns are encrypted with. Drawn once, so it tells installations apart."""
LEFT_OUT = frozenset(
    {"postmaster.pid", "postmaster.opts", "pg_wal", "pg_replslot", "pg_dynshmem", "pg_stat_tmp"}
)
"""Of no use to another server, or written apart."""
EMPTY = ("pg_wal", "pg_wal/archive_status", "pg_wal/summaries", "pg_replslot", "pg_dynshmem", "pg_stat_tmp")
SEGMENT_NAME = 24
"""Letters in the name of a segment of the write-ahead log."""
Say = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


async def back_up(servers: LocalServers, keys: Path, file: Path, progress: Say = lambda *_: None) -> None:
    """Write the copy to `file` (tar, gzip), whole or not at all. The database may be working.

    `keys`: the folder of keys and secrets that goes with it: encrypted columns are worth nothing without them.
    """
    kept = state.read(servers.home)
    if kept is None:
        raise ServerFailure(f"no servers have been started in {servers.home}: there is nothing to back up")
    part = file.with_name(f"{file.name}.part")
    try:
        with (
            _for_the_owner(part) as whole,
            tarfile.open(fileobj=whole, mode="w:gz", compresslevel=1) as archive,
        ):
            _write(archive, NOTE, _note(kept))
            _add_keys(archive, keys)
            if servers.database.pid() is None:
                await asyncio.to_thread(_copy, archive, servers.database.data, progress)
                _copy_log(archive, servers.database.data, "")
            else:
                await _copy_working(archive, servers, kept, progress)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _for_the_owner(part: Path) -> BinaryIO:
    """A new file that nobody else may read: keys and password are in it."""
    part.unlink(missing_ok=True)
    return os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


async def _copy_working(archive: tarfile.TarFile, servers: LocalServers, kept: Kept, progress: Say) -> None:
    """The slot keeps the log from being recycled until it is copied too; it goes with the connection."""
    data = servers.database.data
    connection = await asyncpg.connect(f"{kept.url}/postgres")
    try:
        await connection.fetchval(
            "select pg_create_physical_replication_slot('songjiao_backup', true, true) is not null"
        )
        first = await connection.fetchval(
            "select pg_walfile_name(pg_backup_start(label => 'songjiao', fast => true))"
        )
        await asyncio.to_thread(_copy, archive, data, progress)
        ended = await connection.fetchrow("select labelfile from pg_backup_stop(wait_for_archive => false)")
        assert ended is not None
        _write(archive, f"{DATA}/backup_label", ended["labelfile"])
        await connection.fetchval("select pg_switch_wal() is not null")
        await asyncio.to_thread(_copy_log, archive, data, first)
    finally:
        await connection.close()


def _note(kept: Kept) -> str:
    return json.dumps(
        {
            "made": datetime.now(UTC).isoformat(timespec="seconds"), "postgres": POSTGRES_VERSION,
            "password": kept.password,
        }
    )  # fmt: skip


def _add_keys(archive: tarfile.TarFile, keys: Path) -> None:
    for key in sorted(keys.glob("*")):
        archive.add(key, f"{KEYS}/{key.name}")


def _write(archive: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    body = text.encode()
    entry.size, entry.mode = len(body), 0o600
    archive.addfile(entry, io.BytesIO(body))


def _copy(archive: tarfile.TarFile, data: Path, progress: Say) -> None:
    """The data directory. Files may come, grow and go meanwhile: the log has what is missing."""
    files = list(_files(data))
    total, done = sum(size for _, size in files), 0
    for path, size in files:
        with suppress(FileNotFoundError):
            entry = archive.gettarinfo(path, f"{DATA}/{path.relative_to(data)}")
            if entry.isreg():
                with path.open("rb") as content:
                    entry.size = os.fstat(content.fileno()).st_size
                    archive.addfile(entry, cast("BinaryIO", _Whole(content)))
            else:
                archive.addfile(entry)
        done += size
        progress(done, total)


class _Whole:
    """As much of a file as is asked for: what was cut off meanwhile is zeros, which the log makes good."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content

    def read(self, size: int) -> bytes:
        return self._content.read(size).ljust(size, b"\0")


def _files(data: Path) -> Iterator[tuple[Path, int]]:
    for path in sorted(data.rglob("*")):
        if not LEFT_OUT & set(path.relative_to(data).parts[:1]) and not path.name.startswith("pgsql_tmp"):
            with suppress(FileNotFoundError):
                yield path, path.stat().st_size if path.is_file() else 0


def _copy_log(archive: tarfile.TarFile, data: Path, first: str) -> None:
    """The write-ahead log from this segment on; the timeline's part of the name is the same for all."""
    for path in sorted((data / "pg_wal").iterdir()):
        if path.is_file() and (len(path.name) != SEGMENT_NAME or path.name >= first):
            with suppress(FileNotFoundError):
                archive.add(path, f"{LOG}/{path.name}")


def put_back(file: Path, servers: LocalServers, keys: Path, say: Callable[[str], None]) -> datetime:
    """Make the database of this directory what the copy holds; when that was made.

    Nothing may run there. What was there before is kept beside, as `data.before` (one time back). Kafka's data
    stay as they are. Keys and secrets are taken from the copy where the directory has none, and all of them where
    its secrets are others: what was encrypted can be read with the copy's own only.
    """
    servers.home.mkdir(parents=True, exist_ok=True)
    if any(status.pid for status in (servers.status().kafka, servers.status().database)):
        raise ServerFailure(f"servers run in {servers.home}: stop them first with `songjiao down`")
    try:
        with tarfile.open(file, "r:gz") as archive:
            note = json.loads(_read(archive, NOTE))
            if note["postgres"].split(".")[0] != POSTGRES_VERSION.split(".")[0]:
                raise ServerFailure(
                    f"{file} is of PostgreSQL {note['postgres']}, here runs {POSTGRES_VERSION}"
                )
            kept = replace(state.read_or_make(servers.home, say), password=note["password"])
            with _beside(servers.database.data, "restored") as new, _beside(keys, "restored") as new_keys:
                _unpack(archive, {DATA: new, KEYS: new_keys})
                _take_place(servers.database.data, new, database_account())
                if _others(keys, new_keys):
                    say(
                        f"The keys in {keys} are another installation's: they are kept beside, as {keys.name}.before."
                    )
                    _set_aside(keys)
                _add_missing(keys, new_keys)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, KeyError, ValueError, EOFError) as error:
        raise ServerFailure(
            f"{file} is no backup, or not a whole one ({error}); nothing was changed"
        ) from error
    state.write(servers.home, "state.json", json.dumps(asdict(kept), indent=2) + "\n")
    return datetime.fromisoformat(note["made"])


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    assert member is not None
    return member.read()


@contextmanager
def _beside(folder: Path, word: str) -> Iterator[Path]:
    """An empty folder beside this one, and none afterwards."""
    made = folder.with_name(f"{folder.name}.{word}")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True, mode=0o700)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _unpack(archive: tarfile.TarFile, places: Mapping[str, Path]) -> None:
    """All of it, to its last byte: the sum that tells whether it is whole stands at the end."""
    for member in archive:
        folder, _, name = member.name.partition("/")
        if folder in places and name:
            archive.extract(member.replace(name=name, deep=False), places[folder], filter="tar")
    assert archive.fileobj is not None
    while archive.fileobj.read(1 << 20):
        pass


def _take_place(data: Path, new: Path, account: Account | None) -> None:
    """The new data directory instead of the one that is there, which is kept beside."""
    before = before_restore(data)
    for folder in EMPTY:
        (new / folder).mkdir(exist_ok=True, mode=0o700)
    if account is not None:
        for path in (new.parent, new, *new.rglob("*")):
            os.chown(path, account.uid, account.gid)
    shutil.rmtree(before, ignore_errors=True)
    if data.exists():
        data.rename(before)
    new.rename(data)


def before_restore(folder: Path) -> Path:
    """Where a restore keeps what was in this folder."""
    return folder.with_name(f"{folder.name}.before")


def _others(keys: Path, new: Path) -> bool:
    """Whether both have secrets, and not the same."""
    mine, its = keys / SECRETS, new / SECRETS
    return mine.exists() and its.exists() and mine.read_bytes() != its.read_bytes()


def _set_aside(keys: Path) -> None:
    shutil.rmtree(before_restore(keys), ignore_errors=True)
    keys.rename(before_restore(keys))


def _add_missing(keys: Path, new: Path) -> None:
    keys.mkdir(parents=True, exist_ok=True)
    for key in sorted(new.rglob("*")):
        place = keys / key.relative_to(new)
        if key.exists() and not place.exists():  # or it has come with its folder
            shutil.move(key, place)
