"""The five services together, once for all of this folder; every test leaves the story as it found it."""

import pytest

from .story import a_played_house


@pytest.fixture(scope="session")
async def house(servers):
    async with a_played_house(servers.database) as house:
        yield house
