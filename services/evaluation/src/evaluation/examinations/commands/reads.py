"""What people see of batches, each within their scope."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from contracts.programme_tables import Starred
from contracts.refusals import NotFound
from contracts.values import BatchId, EvaluationId, OrderId, WorkerId
from evaluation import actors
from evaluation.examinations import marking, store
from evaluation.examinations.batch import Batch
from evaluation.examinations.commands import keeping
from evaluation.examinations.marking import Entry, Marker, Panel, Progress
from evaluation.known import known
from evaluation.orders import commands as orders
from servicekit.db import Tx
from servicekit.identity import Actor
from staffing.people import assessors_for


async def batch_for(tx: Tx, batch_id: BatchId, *, seen_by: Actor) -> Batch:
    """The batch, for its assessors, its enterprise and the union; `batch.unknown` for everybody else."""
    batch = await store.read(tx, batch_id)
    person = actors.person_of(seen_by)
    if person is not None and person in await store.assessors(tx, batch_id):
        return batch
    if await orders.sees_part(tx, batch.order_id, batch.enterprise_id, seen_by=seen_by):
        return _of_own(batch, await orders.whose(tx, batch.order_id, seen_by=seen_by))
    raise NotFound("batch.unknown", batch_id=batch_id)


async def batches_of(tx: Tx, order_id: OrderId, *, seen_by: Actor) -> list[Batch]:
    """The order's batches; `order.unknown` for an order that is not theirs."""
    await orders.known(tx, order_id, seen_by=seen_by)
    own = await orders.whose(tx, order_id, seen_by=seen_by)
    return [_of_own(batch, own) for batch in await store.of_order(tx, order_id)]


def _of_own(batch: Batch, own: Collection[WorkerId] | None) -> Batch:
    """The batch as who may read these people only sees it: with no candidate, and no count, of others."""
    if own is None:
        return batch
    return replace(batch, candidates=tuple(each for each in batch.candidates if each.worker_id in own))


async def batches_assessed_by(tx: Tx, *, by: Actor, since: date | None = None) -> list[Batch]:
    """The batches that this person is firm to assess, by time; of those at their end, the ones since this day."""
    person = actors.person_of(by)
    return await store.of_assessor(tx, person, since) if person else []


async def version_of(tx: Tx, batch_id: BatchId, *, seen_by: Actor) -> int:
    """The version a change would be made to; the batch is held from here on. `batch.unknown` to a stranger."""
    await store.lock(tx, batch_id)
    return (await batch_for(tx, batch_id, seen_by=seen_by)).version


async def progress_of(tx: Tx, batch: Batch, *, seen_by: Actor) -> dict[EvaluationId, Progress]:
    """How far each candidate's parts are. No first value before it is confirmed: the second entry is blind."""
    viewer = Marker(seen_by.user, actors.person_of(seen_by), seen_by.may("union"))
    found: dict[EvaluationId, list[Entry]] = {}
    for entry in (await store.entries(tx, batch.batch_id)).values():
        found.setdefault(entry.evaluation_id, []).append(entry)
    points = known(tx).programmes.rules.evaluation.apart(batch.slot.day)
    return {each: marking.progress(entries, viewer, points) for each, entries in found.items()}


async def panel_of(tx: Tx, batch: Batch) -> Panel:
    """Who is sent to assess the batch, and who of them may not."""
    return await keeping.panel_of(tx, batch)


def starred_of(tx: Tx, batch: Batch) -> tuple[Starred, ...]:
    """The safety items of the batch's practical."""
    return known(tx).programmes.starred_of(batch.occupation)


def groups_of(tx: Tx, batch: Batch) -> int:
    """In how many groups, one after another, the practical is held."""
    figures = known(tx).programmes.rules.evaluation.figures(batch.occupation, batch.slot.day)
    return assessors_for(len(batch.admitted), figures)[1]
