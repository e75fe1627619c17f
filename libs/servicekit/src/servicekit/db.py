"""The database: engine, the transaction (`Tx`) every command works through, and where transactions begin.

Transactions are READ COMMITTED (why: the subject's lock and `max(sequence)` must be two snapshots) and are
begun and ended by the three doors only: routes, reactions, timers. A command never commits.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import orjson
from asyncpg.transaction import Transaction
from sqlalchemy import Executable, MetaData, Result
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from servicekit.columns import EncryptedBytes, EncryptedText, UtcTime, blind_index, use_data_key
from servicekit.connections import Connections
from servicekit.direct import direct_of
from servicekit.passing import passing
from servicekit.said import Said

__all__ = [
    "Cause",
    "EncryptedBytes",
    "EncryptedText",
    "Position",
    "Transactions",
    "Tx",
    "UtcTime",
    "blind_index",
    "kit_metadata",
    "make_engine",
    "passing",
    "use_data_key",
]

kit_metadata = MetaData()
"""The kit's own tables, beside the service's in the same database."""

SERVER_SETTINGS = {
    "idle_in_transaction_session_timeout": "30s",
    "transaction_timeout": "60s",
    "statement_timeout": "30s",
    "timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class Position:
    """Where a fact stands: the n-th of its subject at its sender. `id` is the fact's own."""

    source: str
    subject: str
    sequence: int
    id: UUID

    def __str__(self) -> str:
        return f"{self.source}/{self.subject}/{self.sequence}"


@dataclass(frozen=True, slots=True)
class Cause:
    """The fact because of which something happens here."""

    id: UUID
    source: str
    type: str
    subject: str
    sequence: int
    time: datetime
    actor: str | None = None
    correlation: str | None = None
    traceparent: str | None = None


class Tx:
    """A transaction: statements go through it, and it knows the subjects it holds and the facts it recorded.

    `known` is what the service was started with and never changes (programmes, rule data).
    """

    def __init__(
        self,
        connection: AsyncConnection,
        driver: "asyncpg.Connection[asyncpg.Record]",
        *,
        source: str,
        zone: ZoneInfo,
        known: Any = None,
    ) -> None:
        self.connection = connection
        self.driver = driver
        self.source = source
        self.zone = zone
        self.known = known
        self.held: dict[str, int] = {}
        self.said = Said()
        """Facts that are not written yet; the end of the transaction does."""
        self.reached: list[Position] = []
        self.time: datetime | None = None
        self.as_of: datetime | None = None
        """While lost facts are folded (`restoring`): the time of the fact in hand. Nothing is said then."""
        self.cause: Cause | None = None
        self.correlation: str | None = None
        self.traceparent: str | None = None
        self.asked = False
        """Deadlines or jobs were written: the runner looks at once."""
        self.after_commit: list[Callable[[], None]] = []

    async def execute(
        self,
        statement: Executable,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> Result[Any]:
        """Run a statement. Build it once, at module level, with `bindparam`: four times as fast (`direct`)."""
        if parameters is None or isinstance(parameters, Mapping):
            given = parameters or {}
            direct = await direct_of(statement, given, self.driver, self.connection.dialect)
            if direct is not None:
                return await direct.run(self.driver, given)
        return await self.connection.execute(statement, parameters)

    async def scalar(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row, or nothing."""
        return (await self.execute(statement, parameters)).scalar()

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Take back what is inside when it fails, and nothing else; for inserts a constraint may refuse."""
        held, time = dict(self.held), self.time
        said, reached, after = len(self.said), len(self.reached), len(self.after_commit)
        try:
            async with self.driver.transaction():
                yield
        except BaseException:
            # locks taken inside are gone, and so are the sequences drawn with them
            self.held, self.time = held, time
            del self.said[said:]
            del self.reached[reached:]
            del self.after_commit[after:]
            raise


def make_engine(url: str, *, application: str, connections: int = 16) -> AsyncEngine:
    """The pool of a process. Every failure to get a connection is a passing one, after 10 s at most."""
    return create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=connections,
        max_overflow=0,
        pool_timeout=10,
        # begin and commit are ours (`Transactions`), so that raw and Core statements share one transaction
        isolation_level="AUTOCOMMIT",
        json_deserializer=orjson.loads,
        connect_args={
            "timeout": 5,
            "command_timeout": 45,
            "server_settings": {**SERVER_SETTINGS, "application_name": application},
        },
    )


class Transactions:
    """Where transactions begin.

    `recorded` is set whenever one with facts was committed; `asked` when one with due work was, and then another
    event waits for the next.
    """

    def __init__(self, engine: AsyncEngine, *, source: str, zone: ZoneInfo, known: Any = None) -> None:
        self.engine = engine
        self._connections = Connections(engine)
        self.source = source
        self.zone = zone
        self.known = known
        self.recorded = asyncio.Event()
        self.asked = asyncio.Event()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """One transaction: committed at the end of the block, taken back when it raises."""
        async with self._connections.one() as (connection, driver):
            tx = Tx(connection, driver, source=self.source, zone=self.zone, known=self.known)
            transaction = driver.transaction()
            try:
                await transaction.start()
            except BaseException:
                await connection.invalidate()  # whether it was begun is unknown
                raise
            try:
                yield tx
                await tx.said.write(driver)
            except BaseException:
                await _take_back(connection, transaction)
                raise
            try:
                await transaction.commit()
            except BaseException:
                await connection.invalidate()  # whether it was committed is unknown: never use it again
                raise
        if tx.reached:
            self.recorded.set()
        if tx.asked:
            self.asked.set()
            self.asked = asyncio.Event()
        for act in tx.after_commit:
            act()


async def _take_back(connection: AsyncConnection, transaction: Transaction) -> None:
    """Roll back; a connection that cannot is thrown away, and the first error stays the one that is told."""
    try:
        await asyncio.wait_for(transaction.rollback(), 5)
    except Exception:  # noqa: BLE001  whatever it was: the server ends the transaction with the connection
        await connection.invalidate()
