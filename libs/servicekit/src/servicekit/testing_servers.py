"""Servers for tests (a pytest plugin): given ones, else Docker's, else embedded ones that end with the run.

`TEST_DATABASE_URL` and `TEST_KAFKA_URL` name given servers. Each test module has a database and a topic
prefix of its own, so that modules may run side by side; under pytest-xdist all workers share one pair.
The Docker way is written to the libraries' documents and has not run where this was written.
"""

import asyncio
import contextlib
import fcntl
import importlib
import json
import os
import threading
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from servicekit.local import Addresses, LocalServers, ServerFailure
from servicekit.topics import drop_topics

DATABASE_VARIABLE, KAFKA_VARIABLE = "TEST_DATABASE_URL", "TEST_KAFKA_URL"
_OTHERS_SECONDS = 600.0


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    """Kafka and PostgreSQL of this run."""
    given = _given()
    if given is not None:
        yield given
    elif os.environ.get("PYTEST_XDIST_WORKER"):
        with _shared(tmp_path_factory.getbasetemp().parent / "servers") as addresses:
            yield addresses
    else:
        with _started(owner=os.getpid()) as addresses:
            yield addresses


@pytest.fixture(scope="module")
def new_database(servers: Addresses) -> Iterator[Callable[[str], str]]:
    """Makes empty databases: takes a word for the name, returns the URL. All are dropped after the module."""
    made: list[str] = []

    def make(word: str = "test") -> str:
        name = f"{word.replace('-', '_')[:40]}_{uuid.uuid4().hex[:10]}"
        made.append(name)
        _on(servers.database, f'create database "{name}"')
        return database_url(servers.database, name)

    yield make
    for name in made:
        _on(servers.database, f'drop database if exists "{name}" with (force)')


@pytest.fixture(scope="module")
def database(new_database: Callable[[str], str]) -> str:
    """A fresh empty database for the test module, as a URL."""
    return new_database("test")


@pytest.fixture(scope="module")
def topic_prefix(servers: Addresses) -> Iterator[str]:
    """What the module puts before the names of topics and consumer groups; its topics are removed after."""
    prefix = f"t{uuid.uuid4().hex[:10]}."
    yield prefix
    _blocking(lambda: drop_topics(servers.kafka, prefix))


def database_url(server: str, name: str) -> str:
    """The URL of one database on a server; what follows a question mark stays."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _given() -> Addresses | None:
    database, kafka = os.environ.get(DATABASE_VARIABLE), os.environ.get(KAFKA_VARIABLE)
    if database and kafka:
        return Addresses(kafka, database)
    if database or kafka:
        raise ServerFailure(f"set both {DATABASE_VARIABLE} and {KAFKA_VARIABLE}, or none of them")
    return None


@contextlib.contextmanager
def _started(*, owner: int) -> Iterator[Addresses]:
    if _docker_answers():
        with _containers() as addresses:
            yield addresses
    else:
        with LocalServers(ephemeral=True, owner=owner) as addresses:
            yield addresses


@contextlib.contextmanager
def _shared(folder: Path) -> Iterator[Addresses]:
    """One pair of servers for all workers: the first starts it, and stops it when all others have finished.

    Embedded servers belong to the controller: they end with the run, even if their worker was killed.
    """
    folder.mkdir(exist_ok=True)
    note, me = folder / "addresses.json", folder / f"worker-{os.getpid()}"
    with contextlib.ExitStack() as mine:
        with folder.joinpath("lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if note.exists():
                addresses = Addresses(**json.loads(note.read_text()))
            else:
                addresses = mine.enter_context(_started(owner=os.getppid()))
                note.write_text(json.dumps(asdict(addresses)))
                mine.callback(_retire, folder, note)
            me.touch()
        try:
            yield addresses
        finally:
            me.unlink()


def _retire(folder: Path, note: Path) -> None:
    """Wait until no living worker uses the servers, and take back the note: a later one starts its own."""
    limit = time.monotonic() + _OTHERS_SECONDS
    while True:
        with folder.joinpath("lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            workers = [int(file.name.removeprefix("worker-")) for file in folder.glob("worker-*")]
            if not any(_lives(pid) for pid in workers) or time.monotonic() > limit:
                note.unlink()
                return
        time.sleep(0.1)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _docker_answers() -> bool:
    """An engine that answers, not a client program that lies about."""
    try:
        importlib.import_module("docker").from_env().ping()  # a test tool: no installation has it
    except Exception:  # noqa: BLE001  whatever it is, there is no engine to use
        return False
    return True


@contextlib.contextmanager
def _containers() -> Iterator[Addresses]:
    from testcontainers.community.kafka import KafkaContainer  # noqa: PLC0415  see above
    from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415

    command = "postgres -c max_connections=300 -c max_locks_per_transaction=256 -c fsync=off"
    postgres: Any = PostgresContainer("postgres:18-alpine", driver=None).with_command(command)
    kafka: Any = KafkaContainer().with_kraft()
    with postgres, kafka:
        yield Addresses(kafka.get_bootstrap_server(), postgres.get_connection_url())


def _on(server: str, statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(database_url(server, "postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    _blocking(run)


def _blocking(work: Callable[[], Awaitable[object]]) -> None:
    """Run asynchronous work from a plain fixture, beside the tests' loop: in a thread of its own."""
    failure: list[BaseException] = []

    async def run() -> None:
        await work()

    def target() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:  # noqa: BLE001  raised again below, in the caller's thread
            failure.append(error)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
