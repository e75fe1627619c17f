"""The migrations make exactly the tables that the code knows."""

from portal.main import metadata
from servicekit.migrate import differences


async def test_nothing_was_forgotten_in_the_migrations(portal):
    assert await differences(portal.service.database, metadata) == []
