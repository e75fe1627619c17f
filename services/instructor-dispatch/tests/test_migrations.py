"""The migrations make exactly the tables that the code declares."""

from instructor_dispatch.metadata import metadata
from servicekit.migrate import differences


async def test_the_migrated_database_is_what_the_code_says(on_database):
    assert await differences(on_database.service.database, metadata) == []


async def test_what_is_not_compared_is_there_too(on_database):
    async with on_database.transactions.begin() as tx:
        rows = await tx.driver.fetch(
            "select conname from pg_constraint where conrelid = 'reservation'::regclass and contype in ('x', 'c')"
        )
    assert {row["conname"] for row in rows} == {
        "reservation_one_place_at_a_time",
        "reservation_kind",
        "reservation_state",
        "reservation_half_open",
        "reservation_for_an_assignment",
    }
