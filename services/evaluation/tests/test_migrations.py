"""The migrated tables are the tables in code."""

from evaluation.metadata import metadata
from evaluation.migrations import v0003_batches_moved_and_blind_marks as v0003
from servicekit.migrate import differences


async def test_the_migrations_make_the_tables_of_the_code(evaluation, database):
    assert await differences(database, metadata) == []


async def test_older_batches_need_as_many_assessors_as_they_were_planned_with(evaluation, given, union):
    played = await given.an_order(sessions=0)
    batch = await given.a_batch(played, line=1)
    async with evaluation.transactions.begin() as tx:
        await tx.driver.execute("update batch set assessors = 0")
        await tx.driver.execute(v0003.AS_PLANNED)
    assert (await union.get(f"/batches/{batch.batch_id}")).json()["wanted"] == 3
