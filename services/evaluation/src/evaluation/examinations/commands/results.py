"""From marks to the end: results posted, objections answered, the batch completed."""

from contracts.evaluation import EvaluationCompleted, ResultsPosted
from contracts.refusals import NotFound
from contracts.values import BatchId, EvaluationId, Reason
from evaluation.examinations import posting, retakes, store
from evaluation.examinations.batch import Batch
from evaluation.examinations.commands import keeping
from evaluation.known import known
from evaluation.orders import commands as orders
from servicekit.clock import now, today
from servicekit.db import Tx
from servicekit.identity import Actor


async def post(tx: Tx, batch_id: BatchId, *, by: Actor) -> ResultsPosted:
    """Results are posted for the programme's working days."""
    batch = await store.lock(tx, batch_id)
    day = await today(tx)
    working_days = known(tx).programmes.rules.evaluation.posting_working_days.value
    until = known(tx).calendar.add_working_days(day, working_days)
    posted = posting.post(batch, now=await now(tx), today=day, until=until)
    await keeping.save(tx, batch, [posted], by=by)
    return posted


async def raise_objection(
    tx: Tx, evaluation_id: EvaluationId, reason: Reason, text: str | None, *, by: Actor
) -> None:
    """An objection to a posted result."""
    batch = await store.lock_of(tx, evaluation_id)
    candidate = batch.candidate(evaluation_id)
    own = await orders.whose(tx, batch.order_id, seen_by=by)
    theirs = orders.sees(by, batch.enterprise_id) if own is None else candidate.worker_id in own
    if not theirs:
        raise NotFound("evaluation.unknown", evaluation_id=evaluation_id)
    day = await today(tx)
    days = known(tx).programmes.rules.evaluation.after(day).objection_working_days
    answer_by = known(tx).calendar.add_working_days(day, days)
    raised = posting.raise_objection(batch, candidate, reason, today=day, answer_by=answer_by)
    await _note(tx, evaluation_id, text)
    await keeping.save(tx, batch, [raised], by=by)


async def settle_objection(
    tx: Tx, evaluation_id: EvaluationId, reason: Reason, text: str | None, *, upheld: bool, by: Actor
) -> None:
    """The answer; upheld, the candidate is marked again by two people."""
    batch = await store.lock_of(tx, evaluation_id)
    settled = posting.settle_objection(batch, batch.candidate(evaluation_id), reason, upheld=upheld)
    await _note(tx, evaluation_id, text)
    await keeping.save(tx, batch, [settled], by=by)


async def excuse(tx: Tx, evaluation_id: EvaluationId, reason: Reason, *, by: Actor) -> None:
    """Who was absent had a reason: the next examination is the same attempt."""
    batch = await store.lock_of(tx, evaluation_id)
    excused = retakes.excuse(batch, batch.candidate(evaluation_id), reason)
    await keeping.save(tx, batch, [excused], by=by)


async def held_for_certificates(tx: Tx, batch_id: BatchId) -> Batch:
    """The batch, held, if its posting is over."""
    batch = await store.lock(tx, batch_id)
    posting.check_over(batch, today=await today(tx))
    return batch


async def complete(tx: Tx, batch: Batch, *, certificates: int, by: Actor) -> EvaluationCompleted:
    """Every candidate has an end."""
    day = await today(tx)
    months = known(tx).programmes.rules.evaluation.after(day).retake_months
    again = retakes.until(day, months) if any(not each.passed for each in batch.admitted) else None
    completed = posting.complete(batch, certificates=certificates, retake_until=again)
    await keeping.save(tx, batch, [completed], by=by)
    return completed


async def batch_of(tx: Tx, evaluation_id: EvaluationId) -> Batch:
    """The batch of an evaluation, held; `evaluation.unknown`."""
    return await store.lock_of(tx, evaluation_id)


async def _note(tx: Tx, evaluation_id: EvaluationId, text: str | None) -> None:
    if text:
        await store.save_note(tx, evaluation_id, await now(tx), text)
