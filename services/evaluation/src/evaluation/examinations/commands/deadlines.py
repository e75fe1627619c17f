"""Days of a batch that go by: rows that the facts set, and what is said when one has come."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from contracts.evaluation import (
    BatchCancelled,
    BatchFact,
    EvaluationCompleted,
    ObjectionRaised,
    ObjectionSettled,
    ResultsPosted,
)
from contracts.examined import BatchDue
from contracts.values import BatchId, EvaluationId
from evaluation.examinations import retakes, store
from evaluation.examinations.batch import Batch, evolve
from servicekit.db import Tx
from servicekit.facts import record
from servicekit.timers import Due, drop_deadline, set_deadline

POSTING, ANSWER, RETAKE = "posting.over", "answer.late", "retake.over"
WHAT = {POSTING: "posting_over", ANSWER: "answer_late", RETAKE: "retake_over"}


async def follow(tx: Tx, fact: BatchFact) -> None:
    """What a fact makes due, or not due any more."""
    match fact:
        case ResultsPosted():
            await _set(tx, POSTING, fact, fact.batch_id, fact.objections_until)
        case ObjectionRaised() if fact.answer_by is not None:
            await _set(tx, ANSWER, fact, fact.evaluation_id, fact.answer_by)
        case ObjectionSettled():
            await drop_deadline(tx, ANSWER, fact.evaluation_id)
            if fact.upheld:
                await drop_deadline(tx, POSTING, fact.batch_id)
        case EvaluationCompleted():
            await drop_deadline(tx, POSTING, fact.batch_id)
            if fact.retake_until is not None:
                await _set(tx, RETAKE, fact, fact.batch_id, fact.retake_until)
        case BatchCancelled():
            await _drop_all(tx, fact.batch_id)
        case BatchDue():
            kind = next(kind for kind, what in WHAT.items() if what == fact.what)
            await drop_deadline(tx, kind, fact.evaluation_id or fact.batch_id)


async def _drop_all(tx: Tx, batch_id: BatchId) -> None:
    for kind in (POSTING, RETAKE):
        await drop_deadline(tx, kind, batch_id)
    for each in (await store.read(tx, batch_id)).candidates:
        await drop_deadline(tx, ANSWER, each.evaluation_id)


async def _set(tx: Tx, kind: str, fact: BatchFact, key: UUID, last_day: date) -> None:
    """The last day counts whole."""
    due = datetime.combine(last_day + timedelta(days=1), time(), tx.zone)
    data = {"batch": str(fact.batch_id), "last_day": last_day.isoformat()}
    await set_deadline(tx, kind, key=key, subject=fact.order_id, due=due, data=data)


async def come(tx: Tx, deadline: Due) -> None:
    """The day has gone by: said, if it still says anything."""
    batch: Batch = await store.lock(tx, BatchId(deadline.data["batch"]))
    evaluation = EvaluationId(deadline.key) if deadline.kind == ANSWER else None
    last_day = date.fromisoformat(deadline.data["last_day"])
    fact = retakes.due(batch, WHAT[deadline.kind], last_day, evaluation)
    if fact is not None:
        await store.save(tx, evolve(batch, fact), batch)
        await record(tx, fact)
