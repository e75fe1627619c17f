"""How a batch is planned, moved and cancelled. Pure; marks are in `marking`, what follows them in `posting`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.evaluation import (
    BatchCancelled,
    BatchFact,
    BatchMoved,
    CandidateAdmitted,
    CandidateRefused,
    EvaluationPlanned,
)
from contracts.programme import Level
from contracts.refusals import Invalid, Refused
from contracts.values import (
    BatchId,
    DivisionCode,
    EnterpriseId,
    EvaluationId,
    Needs,
    OrderId,
    OrderLine,
    PartMark,
    PersonId,
    Reason,
    ServiceLine,
    Slot,
    WorkerId,
)
from evaluation.examinations.batch import Batch, BatchState, Candidate
from evaluation.examinations.eligibility import Verdict
from evaluation.examinations.retakes import carried
from staffing.calendar import Calendar


@dataclass(frozen=True)
class Asked:
    """What a batch is planned with."""

    batch_id: BatchId
    order_id: OrderId
    enterprise_id: EnterpriseId
    division: DivisionCode
    line: OrderLine
    slot: Slot
    assessors: int


def check_line(
    line: OrderLine | None, number: int, levels: Mapping[str, Level], *, cancelled: bool
) -> OrderLine:
    """The order's line, if it asks for an evaluation at a level that is examined."""
    if cancelled:
        raise Refused("order.cancelled_already")
    if line is None or line.service is not ServiceLine.SKILL_EVALUATION:
        raise Invalid("batch.no_evaluation_line", field="body.line", line=number)
    level = levels.get(line.level)
    if level is None or not level.parts or level.pass_mark is None or level.cert_level_code is None:
        raise Refused("batch.level_not_examined", level=line.level)
    return line


def check_slot(slot: Slot, now: datetime, calendar: Calendar) -> None:
    """A batch is planned before it begins, and on no public holiday: no college sends an assessor then."""
    if slot.starts_at <= now:
        raise Invalid("batch.in_the_past", field="body.day", day=slot.day)
    if calendar.is_closed(slot.day):
        raise Invalid("batch.public_holiday", field="body.day", day=slot.day)


def still_to_examine(trainees: Sequence[WorkerId], batches: Collection[Batch]) -> dict[WorkerId, int]:
    """Whom of the line a new batch takes, and at which attempt: nobody who waits or has passed."""
    attempts: dict[WorkerId, int] = dict.fromkeys(trainees, 1)
    for batch in batches:
        for each in batch.admitted:
            if each.worker_id not in attempts:
                continue
            ended = batch.state is BatchState.COMPLETED
            if batch.state is not BatchState.CANCELLED and (each.passed or not ended):
                del attempts[each.worker_id]
            elif ended:
                following = each.attempt if each.excused else each.attempt + 1  # an excused absence is none
                attempts[each.worker_id] = max(attempts[each.worker_id], following)
    if not attempts:
        raise Refused("batch.nobody_left")
    return attempts


def plan(
    asked: Asked,
    verdicts: Sequence[Verdict],
    attempts: Mapping[WorkerId, int],
    *,
    level: Level,
    barred: tuple[PersonId, ...],
    new_id: Callable[[], UUID],
    before: Collection[Batch] = (),
) -> list[BatchFact]:
    """The batch, then each candidate admitted or refused with every reason; `before` = batches of the same line."""
    admitted = sum(not verdict.reasons for verdict in verdicts)
    if not admitted:
        why = sorted({reason.code for verdict in verdicts for reason in verdict.reasons})
        raise Refused("batch.nobody_eligible", candidates=len(verdicts), reasons=", ".join(why))
    facts: list[BatchFact] = [
        EvaluationPlanned(
            order_id=asked.order_id,
            batch_id=asked.batch_id,
            line=asked.line.line,
            occupation=asked.line.occupation,
            level=asked.line.level,
            enterprise_id=asked.enterprise_id,
            division=asked.division,
            slot=asked.slot,
            candidates=admitted,
            parts=level.parts,
            assessors=asked.assessors,
            needs=Needs(occupation=asked.line.occupation, level=asked.line.level),
            barred=barred,
        )
    ]
    return facts + [
        _decided(
            asked, verdict, attempts[verdict.worker_id], new_id(),
            carried(verdict.worker_id, before, asked.slot.day),
        )
        for verdict in verdicts
    ]  # fmt: skip


def _decided(
    asked: Asked,
    verdict: Verdict,
    attempt: int,
    evaluation_id: EvaluationId,
    counts: tuple[PartMark, ...],
) -> BatchFact:
    if verdict.reasons:
        return CandidateRefused(
            order_id=asked.order_id,
            batch_id=asked.batch_id,
            evaluation_id=evaluation_id,
            worker_id=verdict.worker_id,
            occupation=asked.line.occupation,
            level=asked.line.level,
            reasons=verdict.reasons,
        )
    return CandidateAdmitted(
        order_id=asked.order_id,
        batch_id=asked.batch_id,
        evaluation_id=evaluation_id,
        worker_id=verdict.worker_id,
        occupation=asked.line.occupation,
        level=asked.line.level,
        attendance_minutes=verdict.attended,
        required_minutes=verdict.required,
        attempt=attempt,
        carried=counts,
    )


def admit_later(
    batch: Batch, candidate: Candidate, verdict: Verdict, of_line: Collection[Batch]
) -> CandidateAdmitted:
    """Whoever was refused, once the evidence for it was seen; `of_line` = all batches of the same line."""
    ended = [
        each.attempt - each.excused
        for other in of_line
        if other.state is BatchState.COMPLETED
        for each in other.admitted
        if each.worker_id == candidate.worker_id
    ]
    return CandidateAdmitted(
        order_id=batch.order_id,
        batch_id=batch.batch_id,
        evaluation_id=candidate.evaluation_id,
        worker_id=candidate.worker_id,
        occupation=batch.occupation,
        level=batch.level,
        attendance_minutes=verdict.attended,
        required_minutes=verdict.required,
        attempt=max(ended, default=0) + 1,
        carried=carried(candidate.worker_id, of_line, batch.slot.day),
        on_evidence=True,
    )


def check_movable(batch: Batch, slot: Slot, *, marked: bool, now: datetime, calendar: Calendar) -> None:
    """A batch is moved before its first mark, also when its day went by without anybody to assess it."""
    _check_open(batch)
    if marked:
        raise Refused("batch.marked_already")
    check_slot(slot, now, calendar)
    if slot == batch.slot:
        raise Invalid("batch.not_moved", field="body.day", day=slot.day, band=slot.band)


def move(
    batch: Batch, slot: Slot, verdicts: Sequence[Verdict], *, assessors: int, barred: tuple[PersonId, ...]
) -> BatchMoved:
    """The batch at another time, if everybody who was admitted would be on that day too."""
    against = [verdict for verdict in verdicts if verdict.reasons]
    if against:
        why = sorted({reason.code for verdict in against for reason in verdict.reasons})
        raise Refused(
            "batch.no_longer_admitted", candidates=len(against), day=slot.day, reasons=", ".join(why)
        )
    return BatchMoved(
        order_id=batch.order_id,
        batch_id=batch.batch_id,
        line=batch.line,
        occupation=batch.occupation,
        level=batch.level,
        enterprise_id=batch.enterprise_id,
        division=batch.division,
        slot=slot,
        candidates=len(batch.admitted),
        parts=batch.parts,
        assessors=assessors,
        needs=Needs(occupation=batch.occupation, level=batch.level),
        barred=barred,
        was=batch.slot,
    )


def cancel(batch: Batch, reason: Reason) -> BatchCancelled:
    """A batch is cancelled before its results are posted, its marks with it; every objection has its answer."""
    _check_open(batch)
    waiting = sum(each.objection for each in batch.candidates)
    if waiting:
        raise Refused("batch.objections_open", count=waiting)
    return cancelled_with_the_order(batch, reason)


def cancelled_with_the_order(batch: Batch, reason: Reason) -> BatchCancelled:
    """Of a cancelled order nothing is held, however far it was."""
    return BatchCancelled(order_id=batch.order_id, batch_id=batch.batch_id, line=batch.line, reason=reason)


def _check_open(batch: Batch) -> None:
    if batch.state is not BatchState.MARKING:
        raise Refused("batch.not_open", state=batch.state)
