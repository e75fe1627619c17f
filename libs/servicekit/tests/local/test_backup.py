"""A copy taken while others write is a whole database, as of a moment between the copy's begin and end."""

import asyncio
import os
import shutil
import tarfile
import tempfile
from pathlib import Path

import asyncpg
import pytest

from servicekit.local import LocalServers, ServerFailure
from servicekit.local.accounts import database_account, open_folder
from servicekit.local.backup import back_up, put_back

FEW = 200


@pytest.fixture
def folder():
    """One that the database's account may enter; pytest's own are closed to it."""
    place = Path(
        tempfile.mkdtemp(prefix="songjiao-backup-", dir=open_folder(database_account(), lasting=False))
    )
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


async def written(connection, until):
    number = 0
    while not until.is_set():
        number += 1
        await connection.execute("insert into row values ($1)", number)
    return number


async def test_backed_up_under_load_and_put_back_in_another_folder(folder):
    servers = LocalServers(folder / "one")
    keys, file = folder / "one" / "keys", folder / "night.tar.gz"
    keys.mkdir(parents=True)
    (keys / "secrets.json").write_text("{}")
    database = await asyncio.to_thread(servers.start)
    try:
        connection = await asyncpg.connect(f"{database.database}/postgres")
        await connection.execute("create table row (number integer)")
        until = asyncio.Event()
        writing = asyncio.create_task(written(connection, until))
        other = await asyncpg.connect(f"{database.database}/postgres")
        async with asyncio.timeout(60):
            while (before := await other.fetchval("select count(*) from row")) < FEW:
                assert not writing.done()
        await other.close()
        seen = []
        await back_up(servers, keys, file, progress=lambda *bytes_: seen.append(bytes_))
        until.set()
        after = await writing
        await connection.close()
    finally:
        await asyncio.to_thread(servers.stop)
    assert seen[-1][0] == seen[-1][1] > 0
    assert file.stat().st_mode & 0o077 == 0, "keys and password are in it"
    again = LocalServers(folder / "two")
    put_back(file, again, folder / "two" / "keys", print)
    assert (folder / "two" / "keys" / "secrets.json").exists()
    database = await asyncio.to_thread(again.start)
    try:
        connection = await asyncpg.connect(f"{database.database}/postgres")
        numbers = [row["number"] for row in await connection.fetch("select number from row order by 1")]
        await connection.close()
    finally:
        await asyncio.to_thread(again.stop)
    assert numbers == list(range(1, len(numbers) + 1))
    assert before <= len(numbers) <= after


async def test_a_stopped_database_is_backed_up_as_it_lies_and_what_was_there_is_kept_beside(folder):
    servers = LocalServers(folder / "one")
    file = folder / "night.tar.gz"
    database = await asyncio.to_thread(servers.start)
    connection = await asyncpg.connect(f"{database.database}/postgres")
    await connection.execute("create table kept ()")
    await connection.close()
    await asyncio.to_thread(servers.stop)
    keys = folder / "keys"
    keys.mkdir()
    (keys / "secrets.json").write_text('{"data_key": "of the copy"}')
    await back_up(servers, keys, file)
    (keys / "secrets.json").write_text('{"data_key": "of another installation"}')
    put_back(file, servers, keys, print)
    assert "of the copy" in (keys / "secrets.json").read_text(), "or nobody can read what is encrypted"
    assert "another" in (folder / "keys.before" / "secrets.json").read_text()
    assert servers.database.data.with_name("data.before").exists()
    database = await asyncio.to_thread(servers.start)
    connection = await asyncpg.connect(f"{database.database}/postgres")
    assert await connection.fetch("select * from kept") == []
    await connection.close()
    with pytest.raises(ServerFailure, match="songjiao down"):
        put_back(file, servers, folder / "keys", print)
    await asyncio.to_thread(servers.stop)


def half(whole: bytes) -> bytes:
    return whole[:100_000]


def one_other_byte(whole: bytes) -> bytes:
    return whole[:200_000] + bytes([whole[200_000] ^ 1]) + whole[200_001:]


def another_sum(whole: bytes) -> bytes:
    return whole[:-8] + bytes([whole[-8] ^ 1]) + whole[-7:]


@pytest.mark.parametrize("damage", [half, one_other_byte, another_sum])
def test_a_damaged_archive_changes_nothing(folder, damage):
    file, home = folder / "night.tar.gz", folder / "one"
    with tarfile.open(file, "w:gz", compresslevel=1) as archive:
        (folder / "backup.json").write_text(
            '{"made": "2026-05-06T00:00:00+00:00", "postgres": "18.1.0", "password": "x"}'
        )
        archive.add(folder / "backup.json", "backup.json")
        archive.add(folder / "backup.json", "keys/key.json")
        (folder / "big").write_bytes(os.urandom(300_000))
        archive.add(folder / "big", "data/big")
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(ServerFailure, match="not a whole one"):
        put_back(file, LocalServers(home), home / "keys", print)
    assert {path.name for path in home.rglob("*") if path.is_file()} <= {"state.json"}
    assert not (home / "pg" / "data").exists()
    assert not (home / "keys").exists()


async def test_nothing_to_back_up_is_said(folder):
    (folder / "one").mkdir()
    with pytest.raises(ServerFailure, match="nothing to back up"):
        await back_up(LocalServers(folder / "one"), folder / "keys", folder / "f.tar.gz")
