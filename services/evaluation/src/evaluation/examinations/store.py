"""Rows of batches, candidates, marks and assessors."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, insert, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.refusals import NotFound
from contracts.values import (
    BatchId,
    EvaluationId,
    ExamRoom,
    Invigilator,
    OrderId,
    Part,
    PartMark,
    PersonId,
    Reason,
    Slot,
)
from evaluation.examinations.batch import Batch, BatchState, Candidate, CandidateState
from evaluation.examinations.marking import Entry
from evaluation.examinations.tables import assessor, batch, candidate, objection_note, part_mark
from servicekit.db import Tx
from servicekit.facts import hold_subject

REASONS = TypeAdapter(tuple[Reason, ...])
ROOMS = TypeAdapter(tuple[ExamRoom, ...])
INVIGILATORS = TypeAdapter(tuple[Invigilator, ...])
PARTS = TypeAdapter(tuple[PartMark, ...])

ORDER_OF = select(batch.c.order_id).where(batch.c.batch_id == bindparam("batch_id"))
BATCH_OF = select(candidate.c.batch_id).where(candidate.c.evaluation_id == bindparam("evaluation_id"))
READ = select(batch).where(batch.c.batch_id == bindparam("batch_id"))
OF_ORDER = (
    select(batch)
    .where(batch.c.order_id == bindparam("order_id"))
    .order_by(batch.c.slot["starts_at"].astext, batch.c.batch_id)
)
OF_ASSESSOR = (
    select(batch)
    .where(
        batch.c.batch_id.in_(select(assessor.c.batch_id).where(assessor.c.person_id == bindparam("person")))
    )
    .order_by(batch.c.slot["starts_at"].astext, batch.c.batch_id)
)
DAY = batch.c.slot["day"].astext
UNDER_WAY = batch.c.state.not_in([BatchState.COMPLETED.value, BatchState.CANCELLED.value])
CANDIDATES = (
    select(candidate)
    .where(candidate.c.batch_id.in_(bindparam("ids", expanding=True)))
    .order_by(candidate.c.batch_id, candidate.c.place)
)
_batch = upsert(batch)
SAVE = _batch.on_conflict_do_update(
    index_elements=["batch_id"],
    set_={
        name: _batch.excluded[name]
        for name in (
            "slot",
            "barred",
            "assessors",
            "state",
            "posted_on",
            "objections_until",
            "version",
            "rooms",
            "invigilators",
            "retake_until",
        )
    },
)
_candidate = upsert(candidate)
SAVE_CANDIDATES = _candidate.on_conflict_do_update(
    index_elements=["evaluation_id"],
    set_={
        name: _candidate.excluded[name]
        for name in (
            "state",
            "reasons",
            "parts",
            "passed",
            "attempt",
            "objection",
            "failed",
            "carried",
            "excused",
            "answer_by",
        )
    },
)
ENTRIES = (
    select(part_mark)
    .join(candidate, candidate.c.evaluation_id == part_mark.c.evaluation_id)
    .where(candidate.c.batch_id == bindparam("batch_id"))
)
_entry = upsert(part_mark)
SAVE_ENTRIES = _entry.on_conflict_do_update(
    index_elements=["evaluation_id", "part"],
    set_={c.name: _entry.excluded[c.name] for c in part_mark.c if c.name not in ("evaluation_id", "part")},
)
FORGET = delete(part_mark).where(part_mark.c.evaluation_id == bindparam("of_evaluation"))
FORGET_OF = delete(part_mark).where(
    part_mark.c.evaluation_id.in_(
        select(candidate.c.evaluation_id).where(candidate.c.batch_id == bindparam("of_batch"))
    ),
    part_mark.c.entered_person == bindparam("person"),
    part_mark.c.confirmed_by.is_(None),
)
ASSESSORS = select(assessor.c.person_id).where(assessor.c.batch_id == bindparam("batch_id"))
_assessor = upsert(assessor)
SAVE_ASSESSOR = _assessor.on_conflict_do_update(
    index_elements=["assignment_id"], set_={"person_id": _assessor.excluded.person_id}
)
DROP_ASSESSOR = delete(assessor).where(assessor.c.assignment_id == bindparam("of_assignment"))
DROP_ASSESSORS = delete(assessor).where(assessor.c.batch_id == bindparam("of_batch"))
DROP_PERSON = DROP_ASSESSORS.where(assessor.c.person_id == bindparam("of_person"))
NOTE = insert(objection_note)


async def lock(tx: Tx, batch_id: BatchId) -> Batch:
    """The batch, its order held to the end of the transaction; `batch.unknown`."""
    order_id = await tx.scalar(ORDER_OF, {"batch_id": batch_id})
    if order_id is not None:
        await hold_subject(tx, order_id)
    return await read(tx, batch_id)


async def lock_of(tx: Tx, evaluation_id: EvaluationId) -> Batch:
    """The batch that holds this evaluation; `evaluation.unknown`."""
    batch_id = await tx.scalar(BATCH_OF, {"evaluation_id": evaluation_id})
    if batch_id is None:
        raise NotFound("evaluation.unknown", evaluation_id=evaluation_id)
    return await lock(tx, batch_id)


async def read(tx: Tx, batch_id: BatchId) -> Batch:
    """The batch with its candidates, not held; `batch.unknown`."""
    rows = (await tx.execute(READ, {"batch_id": batch_id})).all()
    if not rows:
        raise NotFound("batch.unknown", batch_id=batch_id)
    return (await _with_candidates(tx, rows))[0]


async def of_order(tx: Tx, order_id: OrderId) -> list[Batch]:
    """All batches of an order by time."""
    return await _with_candidates(tx, (await tx.execute(OF_ORDER, {"order_id": order_id})).all())


async def of_assessor(tx: Tx, person: PersonId, since: date | None) -> list[Batch]:
    """The batches that this person is firm to assess, by time; of those at their end, the ones since this day."""
    wanted = OF_ASSESSOR if since is None else OF_ASSESSOR.where(or_(UNDER_WAY, since.isoformat() <= DAY))
    return await _with_candidates(tx, (await tx.execute(wanted, {"person": person})).all())


async def save(tx: Tx, state: Batch, before: Batch | None = None) -> None:
    """Write the batch and those of its candidates that are different from before."""
    told = {c.name: getattr(state, c.name) for c in batch.c}
    told["slot"] = state.slot.model_dump(mode="json")
    told["rooms"] = ROOMS.dump_python(state.rooms, mode="json")
    told["invigilators"] = INVIGILATORS.dump_python(state.invigilators, mode="json")
    told["parts"], told["barred"] = [str(part) for part in state.parts], list(state.barred)
    await tx.execute(SAVE, told)
    same = {each.evaluation_id: each for each in before.candidates} if before else {}
    changed = [
        _candidate_row(state.batch_id, place, each)
        for place, each in enumerate(state.candidates)
        if same.get(each.evaluation_id) != each
    ]
    if changed:
        await tx.execute(SAVE_CANDIDATES, changed)


async def entries(tx: Tx, batch_id: BatchId) -> dict[tuple[EvaluationId, Part], Entry]:
    """All marks of the batch, confirmed or not."""
    rows = await tx.execute(ENTRIES, {"batch_id": batch_id})
    return {
        (row.evaluation_id, Part(row.part)): Entry(
            row.evaluation_id,
            Part(row.part),
            row.mark,
            row.entered_by,
            row.entered_person,
            row.confirmed_by,
            row.second_mark,
            row.second_by,
            row.second_person,
            tuple(row.failed),
            tuple(row.second_failed),
        )
        for row in rows
    }


async def save_entries(tx: Tx, given: Sequence[Entry]) -> None:
    """Keep marks as entered or confirmed."""
    if given:
        await tx.execute(SAVE_ENTRIES, [_entry_row(each) for each in given])


async def forget_first_entries_of(tx: Tx, batch_id: BatchId, person: PersonId) -> None:
    """What this person has entered in the batch and nobody has confirmed."""
    await tx.execute(FORGET_OF, {"of_batch": batch_id, "person": person})


async def forget_entries(tx: Tx, evaluation_id: EvaluationId) -> None:
    """The candidate's parts are marked again."""
    await tx.execute(FORGET, {"of_evaluation": evaluation_id})


async def assessors(tx: Tx, batch_id: BatchId) -> frozenset[PersonId]:
    """Who is firm to assess the batch."""
    return frozenset((await tx.execute(ASSESSORS, {"batch_id": batch_id})).scalars())


async def save_assessor(tx: Tx, batch_id: BatchId, assignment_id: UUID, person_id: PersonId) -> None:
    """This person assesses the batch."""
    told = {"batch_id": batch_id, "assignment_id": assignment_id, "person_id": person_id}
    await tx.execute(SAVE_ASSESSOR, told)


async def drop_assessor(tx: Tx, assignment_id: UUID) -> None:
    """Whoever came by this assignment no longer assesses."""
    await tx.execute(DROP_ASSESSOR, {"of_assignment": assignment_id})


async def drop_assessors(tx: Tx, batch_id: BatchId) -> None:
    """Nobody is firm to assess the batch any more."""
    await tx.execute(DROP_ASSESSORS, {"of_batch": batch_id})


async def drop_person(tx: Tx, batch_id: BatchId, person_id: PersonId) -> None:
    """This person assesses the batch no longer, whatever they came by."""
    await tx.execute(DROP_PERSON, {"of_batch": batch_id, "of_person": person_id})


async def save_note(tx: Tx, evaluation_id: EvaluationId, at: datetime, text: str) -> None:
    """Keep free words of an objection or its answer, encrypted."""
    await tx.execute(NOTE, {"evaluation_id": evaluation_id, "said_at": at, "text": text})


async def _with_candidates(tx: Tx, rows: Sequence[Any]) -> list[Batch]:
    found: dict[UUID, list[Candidate]] = {row.batch_id: [] for row in rows}
    for row in await tx.execute(CANDIDATES, {"ids": list(found)}):
        found[row.batch_id].append(
            Candidate(
                row.evaluation_id,
                row.worker_id,
                CandidateState(row.state),
                REASONS.validate_python(row.reasons),
                PARTS.validate_python(row.parts),
                row.passed,
                row.attempt,
                row.objection,
                tuple(row.failed),
                PARTS.validate_python(row.carried),
                row.excused,
                row.answer_by,
            )
        )
    return [_of_row(row, found[row.batch_id]) for row in rows]


def _of_row(row: Any, candidates: Sequence[Candidate]) -> Batch:
    told = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for a row as a mapping
    told |= {
        "slot": Slot.model_validate(told["slot"]),
        "parts": tuple(map(Part, told["parts"])),
        "barred": tuple(told["barred"]),
        "state": BatchState(told["state"]),
        "candidates": tuple(candidates),
        "rooms": ROOMS.validate_python(told["rooms"]),
        "invigilators": INVIGILATORS.validate_python(told["invigilators"]),
    }
    return Batch(**told)


def _candidate_row(batch_id: BatchId, place: int, each: Candidate) -> dict[str, Any]:
    return {
        "evaluation_id": each.evaluation_id,
        "batch_id": batch_id,
        "place": place,
        "worker_id": each.worker_id,
        "state": each.state,
        "reasons": REASONS.dump_python(each.reasons, mode="json"),
        "parts": PARTS.dump_python(each.parts, mode="json"),
        "passed": each.passed,
        "attempt": each.attempt,
        "objection": each.objection,
        "failed": list(each.failed),
        "carried": PARTS.dump_python(each.carried, mode="json"),
        "excused": each.excused,
        "answer_by": each.answer_by,
    }


def _entry_row(each: Entry) -> dict[str, Any]:
    told = {c.name: getattr(each, c.name) for c in part_mark.c}
    return told | {"failed": list(each.failed), "second_failed": list(each.second_failed)}
