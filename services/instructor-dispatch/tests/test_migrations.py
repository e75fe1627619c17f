"""The migrations make exactly the tables that the code declares."""

from datetime import date
from uuid import uuid4

from instructor_dispatch.metadata import metadata
from instructor_dispatch.offers.counts import OF_COLLEGES, TEACHERS
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


async def test_who_taught_a_cohort_and_what_holds_a_college_are_found_by_an_index(on_database):
    someone, day = uuid4(), date(2027, 3, 1)
    college = ["smtc"], [day], [day], day, day, None
    async with on_database.transactions.begin() as tx:
        await tx.driver.execute("set local enable_seqscan = off")
        for query, given, index in (
            (TEACHERS, (someone, "el5-safety", someone), "ix_duty_cohort_id"),
            (OF_COLLEGES, college, "offer_college_ix"),
        ):
            rows = await tx.driver.fetch(f"explain {query}", *given)
            assert index in "\n".join(row[0] for row in rows)
