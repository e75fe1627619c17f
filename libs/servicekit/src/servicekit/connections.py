"""Connections that stay open between transactions. The engine makes them; to take one costs no greenlet."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg
from sqlalchemy import event, exc
from sqlalchemy.engine import Engine
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import QueuePool

Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Pair = tuple[AsyncConnection, Driver]
WAIT_SECONDS = 10.0


class Connections:
    """As many as the engine's pool may have; the one used last is taken first."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        assert isinstance(engine.pool, QueuePool)
        self._free = asyncio.Semaphore(engine.pool.size())
        self._idle: list[Pair] = []
        event.listen(engine.sync_engine, "engine_disposed", self._forget)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Pair]:
        """A living connection and its driver's; waited for 10 s at most, as long as all are in use."""
        await self._wait()
        try:
            connection, driver = await self._living()
            try:
                yield connection, driver
            finally:
                await self._keep(connection, driver)
        finally:
            self._free.release()

    async def _wait(self) -> None:
        if not self._free.locked():
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._free.acquire()
        except TimeoutError:
            raise exc.TimeoutError("no connection to the database is free") from None

    async def _living(self) -> Pair:
        """One that the server has closed meanwhile is exchanged, without a ping."""
        while self._idle:
            connection, driver = self._idle.pop()
            if not driver.is_closed():
                return connection, driver
            await connection.invalidate()
            await connection.close()
        connection = await self._engine.connect()
        while True:
            raw = (await connection.get_raw_connection()).driver_connection
            if raw is not None and not raw.is_closed():
                return connection, raw
            await connection.invalidate()

    async def _keep(self, connection: AsyncConnection, driver: Driver) -> None:
        """For the next transaction, unless it was thrown away or is not at its beginning again."""
        if driver.is_closed() or driver.is_in_transaction():
            await connection.invalidate()
        if connection.invalidated or connection.closed:
            await connection.close()
            return
        if connection.in_transaction():
            await connection.rollback()  # SQLAlchemy's own book-keeping only: begin and commit are ours
        self._idle.append((connection, driver))

    def _forget(self, _: Engine) -> None:
        """The engine was disposed of: what lay here is closed with it."""
        while self._idle:
            connection, _driver = self._idle.pop()
            connection.sync_connection.invalidate()  # type: ignore[union-attr]
            connection.sync_connection.close()  # type: ignore[union-attr]
