"""The five services together, once for all of this folder; every test leaves the story as it found it."""

import pytest

from .college import a_college_desk
from .enterprise import an_enterprise_desk
from .scheme import a_scheme_desk
from .story import a_played_house, played_once


@pytest.fixture(scope="session")
async def played(servers):
    """The story, played once: every house is a copy of it."""
    async with played_once(servers.database) as played:
        yield played


@pytest.fixture(scope="session")
async def house(played):
    async with a_played_house(played) as house:
        yield house


@pytest.fixture(scope="session")
async def college_house(played):
    """A house of its own, in which a college's offers wait; its tests take what they find."""
    async with a_college_desk(played) as house:
        yield house


@pytest.fixture(scope="session")
async def enterprise_house(played):
    """A house of its own, in which an enterprise writes, signs and ends orders; its tests take what they find."""
    async with an_enterprise_desk(played) as house:
        yield house


@pytest.fixture(scope="session")
async def scheme_house(played):
    """A house of its own, with one order more, whose draft lies on the union's desk; its tests take what they find."""
    async with a_scheme_desk(played) as house:
        yield house
