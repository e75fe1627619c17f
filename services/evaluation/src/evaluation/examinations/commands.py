"""What is done about batches: planned, marked twice, posted, objected to, and because facts arrive."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.evaluation import BatchFact, EvaluationCompleted, ResultsPosted
from contracts.refusals import Invalid, NotFound
from contracts.values import BandCode, BatchId, EvaluationId, OrderId, Part, PersonId, Reason, Slot, WorkerId
from evaluation import actors, directory
from evaluation.delivery import commands as delivery
from evaluation.delivery import session as held
from evaluation.examinations import eligibility, posting, rules, store
from evaluation.examinations.batch import Batch, BatchState, evolve
from evaluation.examinations.eligibility import Evidence, Lesson
from evaluation.examinations.rules import Asked, Entry, Marker, MarkOrAbsent
from evaluation.known import known
from evaluation.orders import commands as orders
from servicekit.clock import now, today
from servicekit.db import Tx
from servicekit.facts import record_all
from servicekit.identity import Actor
from servicekit.ids import new_id


async def plan(tx: Tx, order_id: OrderId, *, line: int, day: date, band: BandCode, by: Actor) -> BatchId:
    """A batch for an evaluation line: every trainee is admitted or refused; dispatch is asked for assessors."""
    order = await orders.held(tx, order_id, seen_by=by)
    programmes = known(tx).programmes
    wanted = rules.check_line(order.line(line), line, programmes.levels, cancelled=order.cancelled)
    slot = _slot(tx, day, band)
    rules.check_slot(slot, await now(tx))
    batches = [each for each in await store.of_order(tx, order_id) if each.line == line]
    attempts = rules.still_to_examine([each.worker_id for each in wanted.trainees], batches)
    lessons = await _lessons(tx, order_id)
    verdicts = eligibility.verdicts(
        wanted,
        tuple(attempts),
        order.training_of(wanted),
        lessons,
        await _evidence(tx, attempts),
        day=day,
        programmes=programmes,
    )
    admitted = [each.worker_id for each in verdicts if not each.reasons]
    asked = Asked(
        batch_id=new_id(),
        order_id=order_id,
        enterprise_id=order.enterprise_id,
        division=order.division,
        line=wanted,
        slot=slot,
        assessors=eligibility.assessors_for(len(admitted), programmes)[0],
    )
    barred = eligibility.barred(lessons, admitted)
    facts = rules.plan(
        asked,
        verdicts,
        attempts,
        level=programmes.levels[wanted.level],
        barred=barred,
        new_id=new_id,
    )
    await _save(tx, None, facts, by=by)
    return asked.batch_id


async def enter_marks(
    tx: Tx, batch_id: BatchId, part: Part, marks: Mapping[EvaluationId, MarkOrAbsent], *, by: Actor
) -> None:
    """The first entry of a part's marks."""
    batch, marker, entries = await _for_marks(tx, batch_id, part, by)
    await store.save_entries(tx, rules.enter(batch, part, marks, entries, marker))


async def confirm_marks(
    tx: Tx, batch_id: BatchId, part: Part, marks: Mapping[EvaluationId, MarkOrAbsent], *, by: Actor
) -> None:
    """The second entry by somebody else; whoever has all parts confirmed by it is assessed."""
    batch, marker, entries = await _for_marks(tx, batch_id, part, by)
    await store.save_entries(tx, rules.confirm(batch, part, marks, entries, marker))
    pass_mark = known(tx).programmes.levels[batch.level].pass_mark
    assert pass_mark is not None  # a level without one is never planned
    standing = await _standing(tx, batch_id)
    facts: list[BatchFact] = []
    for evaluation_id in marks:
        candidate = batch.candidate(evaluation_id)
        assessed = rules.assess(batch, candidate, standing.get(evaluation_id, {}), pass_mark)
        if assessed is not None:
            facts.append(assessed)
    await _save(tx, batch, facts, by=by)


async def post(tx: Tx, batch_id: BatchId, *, by: Actor) -> ResultsPosted:
    """Results are posted for the programme's working days."""
    batch = await store.lock(tx, batch_id)
    day = await today(tx)
    working_days = known(tx).programmes.rules.evaluation.posting_working_days.value
    posted = posting.post(batch, today=day, until=known(tx).calendar.add_working_days(day, working_days))
    await _save(tx, batch, [posted], by=by)
    return posted


async def raise_objection(
    tx: Tx, evaluation_id: EvaluationId, reason: Reason, text: str | None, *, by: Actor
) -> None:
    """An objection to a posted result."""
    batch = await store.lock_of(tx, evaluation_id)
    if not orders.sees(by, batch.enterprise_id):
        raise NotFound("evaluation.unknown", evaluation_id=evaluation_id)
    candidate = batch.candidate(evaluation_id)
    raised = posting.raise_objection(batch, candidate, reason, today=await today(tx))
    await _note(tx, evaluation_id, text)
    await _save(tx, batch, [raised], by=by)


async def settle_objection(
    tx: Tx, evaluation_id: EvaluationId, reason: Reason, text: str | None, *, upheld: bool, by: Actor
) -> None:
    """The answer; upheld, the candidate is marked again by two people."""
    batch = await store.lock_of(tx, evaluation_id)
    settled = posting.settle_objection(batch, batch.candidate(evaluation_id), reason, upheld=upheld)
    await _note(tx, evaluation_id, text)
    await _save(tx, batch, [settled], by=by)
    if upheld:
        await store.forget_entries(tx, evaluation_id)


async def held_for_certificates(tx: Tx, batch_id: BatchId) -> Batch:
    """The batch, held, if its posting is over."""
    batch = await store.lock(tx, batch_id)
    posting.check_over(batch, today=await today(tx))
    return batch


async def complete(tx: Tx, batch: Batch, *, certificates: int, by: Actor) -> EvaluationCompleted:
    """Every candidate has an end."""
    completed = posting.complete(batch, certificates=certificates)
    await _save(tx, batch, [completed], by=by)
    return completed


async def batch_of(tx: Tx, evaluation_id: EvaluationId) -> Batch:
    """The batch of an evaluation, held; `evaluation.unknown`."""
    return await store.lock_of(tx, evaluation_id)


async def note_assessor(tx: Tx, batch_id: BatchId, assignment_id: UUID, person_id: PersonId) -> None:
    """Dispatch sends somebody; who taught the candidates is not taken, whatever was answered there."""
    batch = await store.read(tx, batch_id)
    if person_id in batch.barred:
        await store.drop_assessor(tx, assignment_id)
    else:
        await store.save_assessor(tx, batch_id, assignment_id, person_id)


async def note_released(tx: Tx, assignment_id: UUID) -> None:
    """Whoever was to assess by this assignment no longer does."""
    await store.drop_assessor(tx, assignment_id)


async def note_cancelled(tx: Tx, order_id: OrderId) -> None:
    """Batches of a cancelled order that have not ended are not held."""
    for batch in await store.of_order(tx, order_id):
        if batch.state is not BatchState.COMPLETED:
            await store.save(tx, replace(batch, state=BatchState.CANCELLED, version=batch.version + 1), batch)


async def batch_for(tx: Tx, batch_id: BatchId, *, seen_by: Actor) -> Batch:
    """The batch, for its assessors, its enterprise and the union; `batch.unknown` for everybody else."""
    batch = await store.read(tx, batch_id)
    person = actors.person_of(seen_by)
    if orders.sees(seen_by, batch.enterprise_id) or (
        person is not None and person in await store.assessors(tx, batch_id)
    ):
        return batch
    raise NotFound("batch.unknown", batch_id=batch_id)


async def batches_of(tx: Tx, order_id: OrderId, *, seen_by: Actor) -> list[Batch]:
    """The order's batches; `order.unknown` for an order that is not theirs."""
    await orders.known(tx, order_id, seen_by=seen_by)
    return await store.of_order(tx, order_id)


async def batches_assessed_by(tx: Tx, *, by: Actor) -> list[Batch]:
    """The batches that this person is firm to assess, by time."""
    person = actors.person_of(by)
    return await store.of_assessor(tx, person) if person else []


async def version_of(tx: Tx, batch_id: BatchId) -> int:
    """The version a change would be made to; the batch is held from here on. `batch.unknown`."""
    return (await store.lock(tx, batch_id)).version


async def progress_of(tx: Tx, batch_id: BatchId) -> dict[EvaluationId, dict[Part, bool]]:
    """Which parts are entered (false) and confirmed (true). No mark: the second entry is blind."""
    found: dict[EvaluationId, dict[Part, bool]] = {}
    for (evaluation_id, part), entry in (await store.entries(tx, batch_id)).items():
        found.setdefault(evaluation_id, {})[part] = entry.confirmed
    return found


async def assessors_of(tx: Tx, batch_id: BatchId) -> frozenset[PersonId]:
    """Who is firm to assess the batch."""
    return await store.assessors(tx, batch_id)


def groups_of(tx: Tx, batch: Batch) -> int:
    """In how many groups, one after another, the practical is held."""
    return eligibility.assessors_for(len(batch.admitted), known(tx).programmes)[1]


async def _for_marks(
    tx: Tx, batch_id: BatchId, part: Part, by: Actor
) -> tuple[Batch, Marker, dict[EvaluationId, Entry]]:
    batch = await store.lock(tx, batch_id)
    marker = Marker(by.user, actors.person_of(by), by.may("union"))
    rules.check_marker(batch, marker, await store.assessors(tx, batch_id), await now(tx))
    entries = await store.entries(tx, batch_id)
    return batch, marker, {each: entry for (each, of), entry in entries.items() if of is part}


async def _standing(tx: Tx, batch_id: BatchId) -> dict[EvaluationId, dict[Part, Decimal | None]]:
    """Confirmed marks by candidate."""
    found: dict[EvaluationId, dict[Part, Decimal | None]] = {}
    for (evaluation_id, part), entry in (await store.entries(tx, batch_id)).items():
        if entry.confirmed:
            found.setdefault(evaluation_id, {})[part] = entry.mark
    return found


async def _save(tx: Tx, before: Batch | None, facts: list[BatchFact], *, by: Actor) -> None:
    after = before
    for fact in facts:
        after = evolve(after, fact)
    if after is not None:
        await store.save(tx, after, before)
        await record_all(tx, facts, by=by)


async def _note(tx: Tx, evaluation_id: EvaluationId, text: str | None) -> None:
    if text:
        await store.save_note(tx, evaluation_id, await now(tx), text)


async def _lessons(tx: Tx, order_id: OrderId) -> list[Lesson]:
    sessions, cohorts = await delivery.taught_to(tx, order_id)
    return [
        Lesson(
            line=each.line,
            workers=cohorts.get(each.cohort_id, frozenset()),
            class_hours=each.class_hours,
            held=each.state in held.HELD,
            lead=each.opened_by or each.lead,
            minutes={entry.worker_id: entry.minutes for entry in each.attended},
        )
        for each in sessions
        if each.state is not held.State.CANCELLED
    ]


async def _evidence(tx: Tx, workers: Mapping[WorkerId, int]) -> dict[WorkerId, Evidence]:
    levels = known(tx).programmes.levels
    return {
        each.worker_id: Evidence(
            each.birth_date,
            each.years_in_trade,
            each.holds_level if each.holds_level in levels else None,
        )
        for each in (await directory.known_workers(tx, workers)).values()
    }


def _slot(tx: Tx, day: date, band: BandCode) -> Slot:
    hours = known(tx).programmes.bands.get(band)
    if hours is None:
        raise Invalid("batch.no_such_band", field="body.band", band=band)
    return Slot(
        day=day,
        band=band,
        starts_at=_at(day, hours.starts, tx.zone),
        ends_at=_at(day, hours.ends, tx.zone),
        zone=tx.zone.key,
    )


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(ZoneInfo("UTC"))
