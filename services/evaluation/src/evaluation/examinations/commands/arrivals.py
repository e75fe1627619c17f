"""What follows from facts of others: who comes to assess, who leads a session, an order that is cancelled."""

from uuid import UUID

from contracts.values import BatchId, OrderId, PersonId, Reason
from evaluation.examinations import marking, rules, store
from evaluation.examinations.batch import Batch, BatchState
from evaluation.examinations.commands import keeping
from servicekit.db import Tx
from servicekit.facts import hold_subject


async def note_assessor(tx: Tx, batch_id: BatchId, assignment_id: UUID, person_id: PersonId) -> None:
    """Dispatch sends somebody to a batch of ours; `batch.unknown`."""
    batch = await store.read(tx, batch_id)
    await store.save_assessor(tx, batch.batch_id, assignment_id, person_id)


async def note_released(tx: Tx, assignment_id: UUID) -> None:
    """Whoever was to assess by this assignment no longer does."""
    await store.drop_assessor(tx, assignment_id)


async def bar_who_teaches(tx: Tx, order_id: OrderId) -> None:
    """Somebody is sent: whoever teaches the candidates by now assesses them no longer, and another is asked for."""
    for batch in await store.of_order(tx, order_id):
        await _bar(tx, batch)


async def cancel_with_the_order(tx: Tx, order_id: OrderId, reason: Reason) -> None:
    """Batches of a cancelled order that have not ended are not held."""
    await hold_subject(tx, order_id)
    for batch in await store.of_order(tx, order_id):
        if batch.state not in (BatchState.COMPLETED, BatchState.CANCELLED):
            await keeping.save(tx, batch, [rules.cancelled_with_the_order(batch, reason)])


async def _bar(tx: Tx, batch: Batch) -> None:
    """Take out who teaches these candidates by now, and say so; a batch that is marked stays as it is.

    What that person has entered and nobody confirmed is entered anew by another assessor.
    """
    if batch.state is not BatchState.MARKING:
        return
    barred = marking.bar(batch, await keeping.panel_of(tx, batch))
    if barred:
        await hold_subject(tx, batch.order_id)
        await keeping.save(tx, batch, barred)
