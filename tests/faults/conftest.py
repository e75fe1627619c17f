"""The five services together, once for all of this folder; every test leaves the story as it found it."""

import pytest

from .college import a_college_desk
from .story import a_played_house


@pytest.fixture(scope="session")
async def house(servers):
    async with a_played_house(servers.database) as house:
        yield house


@pytest.fixture(scope="session")
async def college_house(servers):
    """A house of its own, in which a college's offers wait; its tests take what they find."""
    async with a_college_desk(servers.database) as house:
        yield house
