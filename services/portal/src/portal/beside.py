"""A process of the portal's beside the running one (verify, rebuild): its database, and its one sentence."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import asyncpg
import uvloop
from aiokafka.errors import KafkaError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.settings import Settings
from servicekit import broken_connections
from servicekit.db import Tx, make_engine
from servicekit.exits import UNAVAILABLE
from servicekit.topics import TopicProblem

OF_THE_DATABASE = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    SQLAlchemyError,
    OSError,
    asyncio.TimeoutError,
)


class CannotBe(Exception):  # noqa: N818  said to a person, with what to do
    """What was asked cannot be done now; the message says why."""


@dataclass(frozen=True, slots=True)
class Database:
    """The running portal's database, by one connection that is kept."""

    connection: AsyncConnection
    driver: "asyncpg.Connection[asyncpg.Record]"
    zone: ZoneInfo

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """One transaction."""
        async with self.driver.transaction():
            yield Tx(self.connection, self.driver, source="portal", zone=self.zone)


@asynccontextmanager
async def database(settings: Settings, work: str) -> AsyncIterator[Database]:
    """Open it, for as long as the work takes."""
    engine = make_engine(settings.database_of("portal"), application=f"portal-{work}", connections=1)
    try:
        async with engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            yield Database(connection, driver, settings.local)
    finally:
        await engine.dispose()


def said_by(work: Callable[[Settings], Coroutine[Any, Any, int]]) -> int:
    """Do this and nothing else in the process; its status. A failure of this world is one sentence."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # the cause is told below, once
    settings = Settings()
    broken_connections.tell_as_broken()
    try:
        return uvloop.run(work(settings))
    except (CannotBe, TopicProblem) as why:
        said = str(why)
    except KafkaError as why:
        said = f"Kafka at {settings.kafka} does not answer ({_told(why)})"
    except OF_THE_DATABASE as why:
        place = urlsplit(settings.database_of("portal"))
        said = f"the database {place.path.lstrip('/')} at {place.hostname}:{place.port} does not do it ({_told(why)})"
    sys.stdout.write(f"{said}\n")
    return UNAVAILABLE


def _told(error: BaseException) -> str:
    """The driver's own word, on one line."""
    cause = getattr(error, "orig", None) or error
    return " ".join(str(cause).split()) or type(cause).__name__
