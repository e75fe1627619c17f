"""The migrated tables are the tables in code."""

from scheduling.metadata import metadata
from servicekit.migrate import differences


async def test_the_migrations_make_the_tables_of_the_code(scheduling, database):
    assert await differences(database, metadata) == []
