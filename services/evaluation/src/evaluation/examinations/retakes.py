"""A further attempt: what counts from before, and whose absence counts as none. Pure."""

from collections.abc import Collection, Iterable
from datetime import date

from contracts.examined import AbsenceExcused, BatchDue
from contracts.refusals import Refused
from contracts.values import EvaluationId, Part, PartMark, Reason, WorkerId
from evaluation.examinations.batch import Batch, BatchState, Candidate


def until(day: date, months: int) -> date | None:
    """The same day of the month, so many months later, or its last one; none where nothing counts from before."""
    if not months:
        return None
    years, month = divmod(day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:  # February, or a month of 30 days
            continue
    return date(day.year + years, month + 1, day.day)


def carried(worker: WorkerId, batches: Iterable[Batch], day: date) -> tuple[PartMark, ...]:
    """What this worker has passed in batches of the line that are over, and that counts on this day."""
    found: dict[Part, PartMark] = {}
    for batch in batches:
        if batch.state is not BatchState.COMPLETED or batch.retake_until is None or day > batch.retake_until:
            continue
        for each in batch.admitted:
            if each.worker_id == worker and not each.passed:
                before = {
                    part.part for part in each.carried
                }  # counts from its own batch on, and is not renewed by others
                found |= {
                    part.part: part for part in each.parts if part.part not in before and _counts(each, part)
                }
    return tuple(found[part] for part in Part if part in found)


def _counts(each: Candidate, part: PartMark) -> bool:
    """The part was passed, and if it is the practical, safely."""
    unsafe = part.part is Part.PRACTICAL and bool(each.failed)
    return part.mark is not None and part.mark >= part.pass_mark and not unsafe


def excuse(batch: Batch, candidate: Candidate, reason: Reason) -> AbsenceExcused:
    """Who was absent for a reason that the union accepts, before the batch is at its end."""
    if batch.state not in (BatchState.MARKING, BatchState.POSTED):
        raise Refused("batch.not_open", state=batch.state)
    if not candidate.absent:
        raise Refused("absence.none")
    if candidate.excused:
        raise Refused("absence.excused_already")
    return AbsenceExcused(
        order_id=batch.order_id,
        batch_id=batch.batch_id,
        evaluation_id=candidate.evaluation_id,
        worker_id=candidate.worker_id,
        occupation=batch.occupation,
        level=batch.level,
        reason=reason,
    )


def due(
    batch: Batch, what: str, last_day: date, evaluation_id: EvaluationId | None = None
) -> BatchDue | None:
    """A day has gone by, if that still says anything."""
    waiting: Collection[EvaluationId] = [each.evaluation_id for each in batch.candidates if each.objection]
    says = {
        "posting_over": batch.state is BatchState.POSTED,
        "answer_late": evaluation_id in waiting,
        "retake_over": any(not each.passed for each in batch.admitted),
    }
    if not says[what]:
        return None
    return BatchDue(
        order_id=batch.order_id,
        batch_id=batch.batch_id,
        what=what,
        evaluation_id=evaluation_id,
        last_day=last_day,
    )
