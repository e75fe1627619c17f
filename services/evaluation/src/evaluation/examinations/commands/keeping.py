"""The smallest steps: a batch with the facts about it, and who may assess it as the lessons stand now."""

from collections.abc import Sequence

from contracts.evaluation import (
    AssessorBarred,
    BatchCancelled,
    BatchFact,
    BatchMoved,
    CandidateAssessed,
    ObjectionSettled,
)
from contracts.values import OrderId
from evaluation.delivery import commands as delivery
from evaluation.delivery import session as held
from evaluation.examinations import eligibility, store
from evaluation.examinations.batch import Batch, evolve
from evaluation.examinations.commands import deadlines
from evaluation.examinations.eligibility import Lesson
from evaluation.examinations.marking import Panel
from servicekit.db import Cause, Position, Tx
from servicekit.facts import record_all
from servicekit.identity import Actor
from servicekit.timers import ask_for

LOOK = "findings.batch"
"""Job of every batch with a result: whether something about it is worth a second look."""


async def save(tx: Tx, before: Batch | None, facts: Sequence[BatchFact], *, by: Actor | None = None) -> None:
    """The batch after these facts, and the facts; without an actor they follow from what has arrived."""
    await keep(tx, before, facts)
    for fact, at in zip(facts, await record_all(tx, facts, by=by), strict=True):
        if isinstance(fact, CandidateAssessed):
            await look(tx, fact, because=at)
            break


async def look(tx: Tx, fact: CandidateAssessed, *, because: Cause | Position) -> None:
    """Somebody has given marks: who they taught is looked at soon."""
    await ask_for(tx, LOOK, key=fact.batch_id, subject=fact.order_id, because=because)


async def keep(tx: Tx, before: Batch | None, facts: Sequence[BatchFact]) -> None:
    """The batch after these facts; whom and which marks they take from it."""
    after = before
    for fact in facts:
        after = evolve(after, fact)
    if after is not None and facts:
        await store.save(tx, after, before)
    for fact in facts:
        await _take_away(tx, fact)
        await deadlines.follow(tx, fact)


async def _take_away(tx: Tx, fact: BatchFact) -> None:
    """Whoever is firm for another time, or is barred, goes, with what nobody confirmed; upheld, all is marked anew."""
    match fact:
        case BatchMoved() | BatchCancelled():
            await store.drop_assessors(tx, fact.batch_id)
        case AssessorBarred():
            await store.drop_person(tx, fact.batch_id, fact.person_id)
            await store.forget_first_entries_of(tx, fact.batch_id, fact.person_id)
        case ObjectionSettled(upheld=True):
            await store.forget_entries(tx, fact.evaluation_id)


async def lessons(tx: Tx, order_id: OrderId) -> list[Lesson]:
    """The order's sessions as they stand now, as far as eligibility asks."""
    sessions, cohorts = await delivery.taught_to(tx, order_id)
    return [
        Lesson(
            line=each.line,
            workers=cohorts.get(each.cohort_id, frozenset()),
            class_hours=each.class_hours,
            held=each.state in held.HELD,
            lead=each.opened_by or each.lead,
            minutes={entry.worker_id: entry.minutes for entry in each.attended},
            unit=each.unit,
        )
        for each in sessions
        if each.state is not held.State.CANCELLED
    ]


async def panel_of(tx: Tx, batch: Batch) -> Panel:
    """Who is sent, and who teaches these candidates: asked anew each time, for leads change after planning."""
    workers = [each.worker_id for each in batch.admitted]
    taught = eligibility.barred(await lessons(tx, batch.order_id), workers)
    return Panel(await store.assessors(tx, batch.batch_id), frozenset(taught))
