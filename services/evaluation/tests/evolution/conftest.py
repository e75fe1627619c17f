"""A service and its topic for each test, and backups of its database."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from evaluation.evolution import evolution
from evaluation.main import build
from evaluation.neighbours import People
from evaluation.settings import Settings
from servicekit.clock import move_clock
from servicekit.testing import ServiceUnderTest, service_on
from servicekit.testing_servers import database_url
from servicekit.topics import drop_topics

from .. import builders as a
from ..conftest import KEY, START
from .topic import Topic, restored

sys.path.insert(0, str(Path(__file__).parents[4] / "tests" / "restore"))

from comparing import differences

EQUAL_HERE = {"sign_in", "part_mark"}
"""Not promised, but these stories leave no session open and no mark without its result: compared, too."""


@dataclass
class House:
    """The database that lives, what would lie on its topic, and its backups."""

    service: ServiceUnderTest
    topic: Topic
    database: str
    kafka: str
    prefix: str
    new_database: Callable[[str], str]
    backups: list[str] = field(default_factory=list)

    async def back_up(self) -> None:
        """A copy, while nobody is connected."""
        await self.topic.here()
        await self.service.service.engine.dispose()
        of, name = self.database.rsplit("/", 1)[1], f"backup_{uuid4().hex[:10]}"
        connection = await asyncpg.connect(database_url(self.database, "postgres"))
        try:
            await connection.execute(f'create database "{name}" template "{of}"')
        finally:
            await connection.close()
        self.backups.append(database_url(self.database, name))

    async def lost(self) -> list[str]:
        """What differs when the database is made again: from nothing, and from each backup."""
        without = {place: why for place, why in evolution.gone.items() if place not in EQUAL_HERE}
        found: list[str] = []
        for database in (self.new_database("again"), *self.backups):
            async with self.again(database):
                found += await differences(self.database, database, without)
        return found

    @asynccontextmanager
    async def again(self, database: str) -> AsyncIterator[ServiceUnderTest]:
        """The service on this database, once it has back what it lacked."""
        await self.topic.send(self.kafka, self.prefix)
        said = len(await self.topic.said())
        async with restored(database, self.kafka, self.prefix, KEY) as service:
            async with service.transactions.begin() as tx:
                before = await tx.driver.fetchval("select count(*) from event")
            done = await service.service.opening.look(whole=True)
            assert done.own == said - before
            yield service

    async def drop_backups(self) -> None:
        connection = await asyncpg.connect(database_url(self.database, "postgres"))
        try:
            for each in self.backups:
                await connection.execute(f'drop database "{each.rsplit("/", 1)[1]}" with (force)')
        finally:
            await connection.close()


@pytest.fixture
async def house(new_database, servers, topic_prefix, intake, tmp_path):
    people = People(lambda: "http://order-intake", lambda: "a-token", httpx.MockTransport(intake.answer))
    database, prefix = new_database("lived"), f"{topic_prefix}{uuid4().hex[:6]}."
    given = {"check_key": KEY, "photos": str(tmp_path), "programmes": a.PROGRAMMES}
    async with service_on(database, lambda settings: build(settings, people), Settings, **given) as service:
        async with service.transactions.begin() as tx:
            await move_clock(tx, START)
        made = House(service, Topic(service), database, servers.kafka, prefix, new_database)
        yield made
        await made.drop_backups()
    await drop_topics(servers.kafka, prefix)


@pytest.fixture
def evaluation(house) -> ServiceUnderTest:
    return house.service


@pytest.fixture(autouse=True)
def _anew() -> None:
    """Every test has a service of its own."""
