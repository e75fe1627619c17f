"""Where a bench works: servers of its own, fresh databases and topics, and every part in a process of its own."""

import asyncio
import contextlib
import json
import os
import sys
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from servicekit.local import Addresses
from servicekit.topics import create_topics, drop_topics

READY_SECONDS = 120.0
WORK_SECONDS = 1800.0


class PartFailed(AssertionError):  # noqa: N818  said to a person
    """A process of the bench ended or did not answer; the message has the end of its log."""


class Part:
    """One process: told its work, ready, sent off, asked for its answer. One JSON object a line."""

    def __init__(self, role: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self.role = role
        self.process = process
        self._log = log

    async def answer(self, seconds: float = WORK_SECONDS) -> dict[str, Any]:
        """The next thing it says; what a profiler says between is passed over."""
        assert self.process.stdout is not None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while line := await self.process.stdout.readline():
                    if line.startswith(b"{"):
                        told: dict[str, Any] = json.loads(line)
                        return told
        end = self._log.read_text(encoding="utf-8", errors="replace")[-1500:]
        raise PartFailed(f"bench: the part {self.role} did not answer. The end of its log:\n{end}")

    async def say(self, **told: Any) -> None:
        """Send it on."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(told).encode() + b"\n")
        await self.process.stdin.drain()

    async def does(self, **told: Any) -> dict[str, Any]:
        """Send it on and wait for what it says."""
        await self.say(**told)
        return await self.answer()

    async def end(self) -> None:
        """Close its ear, on which it ends; by force when it does not."""
        if self.process.returncode is not None:
            return
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            await asyncio.wait_for(self.process.wait(), 30)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


class House:
    """The place of one bench. `profile` writes a flame picture of a part into this folder."""

    def __init__(self, addresses: Addresses, folder: Path) -> None:
        self.kafka = addresses.kafka
        self.server = addresses.database
        self.folder = folder
        self.profile: dict[str, Path] = {}
        self._logs = 0

    async def sql(self, database: str, *statements: str) -> None:
        """Run statements, one after the other, without a limit of time."""
        connection = await asyncpg.connect(database, command_timeout=None)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def value(self, database: str, statement: str, *values: Any) -> Any:
        """The first column of the first row."""
        connection = await asyncpg.connect(database, command_timeout=None)
        try:
            return await connection.fetchval(statement, *values)
        finally:
            await connection.close()

    async def is_durable(self) -> None:
        """`AssertionError` when the database answers before it has written."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert await self.value(self.url("postgres"), f"show {setting}") == "on", setting

    def url(self, name: str) -> str:
        """The URL of a database of this house."""
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{name}"))

    @asynccontextmanager
    async def database(self, word: str) -> AsyncIterator[str]:
        """A database that does not exist yet, dropped at the end."""
        name = f"{word}_{uuid.uuid4().hex[:8]}"
        try:
            yield self.url(name)
        finally:
            await self.sql(self.url("postgres"), f'drop database if exists "{name}" with (force)')

    @asynccontextmanager
    async def topics(self) -> AsyncIterator[str]:
        """Fresh topics; what stands before their names."""
        prefix = f"b{uuid.uuid4().hex[:8]}."
        await create_topics(self.kafka, prefix)
        try:
            yield prefix
        finally:
            await drop_topics(self.kafka, prefix)

    @asynccontextmanager
    async def part(self, role: str, **told: Any) -> AsyncIterator[Part]:
        """A process that plays this role (`parts.ROLES`), ready for its first word."""
        self._logs += 1
        log = self.folder / f"{self._logs:04}-{role}.log"
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "songjiao_cli.bench.parts",
                role,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=out,
                env=_environment(),
                limit=2**26,
            )
        part = Part(role, process, log)
        try:
            await part.say(kafka=self.kafka, **told)
            await part.answer(READY_SECONDS)
            async with self._looked_at(part):
                yield part
        finally:
            await part.end()

    @asynccontextmanager
    async def _looked_at(self, part: Part) -> AsyncIterator[None]:
        """With a profiler beside it, where a picture of this role is wanted."""
        picture = self.profile.get(part.role)
        if picture is None:
            yield
            return
        spy = await asyncio.create_subprocess_exec(
            *_spy(picture), "--pid", str(part.process.pid), stdout=asyncio.subprocess.PIPE
        )
        assert spy.stdout is not None
        await spy.stdout.readline()  # it has begun
        try:
            yield
        finally:
            await part.end()
            await asyncio.wait_for(spy.wait(), READY_SECONDS)

    async def portal(self, word: str, database: str, prefix: str, *, programmes: Path) -> float:
        """`python -m portal WORD` in a process of its own, to its end; the seconds it took."""
        command = [sys.executable, "-m", "portal", word]
        told = {
            "SONGJIAO_KAFKA": self.kafka, "SONGJIAO_TOPIC_PREFIX": prefix, "SONGJIAO_DATABASE_PORTAL": database,
            "SONGJIAO_PROGRAMMES": str(programmes), "SONGJIAO_LOG_LEVEL": "WARNING",
        }  # fmt: skip
        log = self.folder / f"portal-{word}.log"
        began = time.monotonic()
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                *self._spied(f"portal-{word}", command), stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out,
                env={**_environment(), **told},
            )  # fmt: skip
            status = await asyncio.wait_for(process.wait(), WORK_SECONDS)
        if status:
            end = log.read_text(encoding="utf-8", errors="replace")[-1500:]
            raise PartFailed(f"bench: portal {word} ended with status {status}. The end of its log:\n{end}")
        return time.monotonic() - began

    def _spied(self, role: str, command: list[str]) -> list[str]:
        """The command, under a profiler where a picture of this role is wanted."""
        picture = self.profile.get(role)
        return command if picture is None else [*_spy(picture), "--", *command]


def _spy(picture: Path) -> list[str]:
    spy = Path(sys.executable).with_name("py-spy")
    return [str(spy), "record", "--format", "raw", "--rate", "250", "--output", str(picture)]


def _environment() -> Mapping[str, str]:
    """This process's own, without what belongs to an installation."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SONGJIAO_")}
