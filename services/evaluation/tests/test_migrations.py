"""The migrated tables are the tables in code."""

from uuid import uuid4

import pytest

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


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("select * from session where lead = $1", "session_lead_ix"),
        ("select * from session where assignment = $1", "session_assignment_ix"),
        ("select batch_id from batch_assessor where person_id = $1", "batch_assessor_person_id_ix"),
    ],
)
async def test_what_is_a_persons_is_found_by_an_index(evaluation, query, index):
    async with evaluation.transactions.begin() as tx:
        await tx.driver.execute("set local enable_seqscan = off")
        rows = await tx.driver.fetch(f"explain {query}", uuid4())
    assert index in "\n".join(row[0] for row in rows)
