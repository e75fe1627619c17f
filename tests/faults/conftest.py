"""The five services together, once, with a story in them; every test leaves the story as it found it."""

import uuid

import asyncpg
import pytest

from servicekit.testing_servers import database_url

from .house import SERVICES, a_house
from .story import play


@pytest.fixture(scope="session")
async def house(servers):
    names = {service: f"faults_{service.replace('-', '_')}_{uuid.uuid4().hex[:10]}" for service in SERVICES}
    server = await asyncpg.connect(database_url(servers.database, "postgres"))
    try:
        for name in names.values():
            await server.execute(f'create database "{name}"')
        databases = {service: database_url(servers.database, name) for service, name in names.items()}
        async with a_house(databases) as house:
            await play(house)
            yield house
        for name in names.values():
            await server.execute(f'drop database "{name}" with (force)')
    finally:
        await server.close()
