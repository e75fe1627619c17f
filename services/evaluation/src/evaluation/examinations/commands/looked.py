"""A batch with whoever has assessed it, for whoever looks at it beside what they have taught."""

from contracts.values import BatchId, PersonId
from evaluation.examinations import store
from evaluation.examinations.batch import Batch
from servicekit.db import Tx


async def assessed(tx: Tx, batch_id: BatchId) -> tuple[Batch, frozenset[PersonId]]:
    """The batch, and who is sent to assess it or has given its marks; `batch.unknown`."""
    entries = (await store.entries(tx, batch_id)).values()
    marked = {each.entered_person for each in entries if each.entered_person is not None}
    return await store.read(tx, batch_id), await store.assessors(tx, batch_id) | marked
