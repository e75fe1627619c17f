"""From marks to a completed batch: results posted, objections answered, the end. Pure."""

from datetime import date, datetime

from contracts.evaluation import EvaluationCompleted, ObjectionRaised, ObjectionSettled, ResultsPosted
from contracts.refusals import Refused
from contracts.values import Reason
from evaluation.examinations.batch import Batch, BatchState, Candidate, CandidateState


def post(batch: Batch, *, now: datetime, today: date, until: date) -> ResultsPosted:
    """Results are posted when every candidate has a result and the batch is over (公示).

    `until` is the last day for objections.
    """
    if batch.state is not BatchState.MARKING:
        raise Refused("batch.not_marking", state=batch.state)
    missing = sum(each.state is not CandidateState.ASSESSED for each in batch.admitted)
    if missing:
        raise Refused("batch.marks_missing", missing=missing)
    if now < batch.slot.ends_at:
        raise Refused("batch.not_over", ends_at=batch.slot.ends_at.isoformat())
    return ResultsPosted(
        order_id=batch.order_id,
        batch_id=batch.batch_id,
        candidates=len(batch.admitted),
        passed=len(batch.passed),
        posted_on=today,
        objections_until=until,
    )


def raise_objection(
    batch: Batch, candidate: Candidate, reason: Reason, *, today: date, answer_by: date | None = None
) -> ObjectionRaised:
    """Somebody objects to a posted result, in time, one objection at a time."""
    if batch.state is not BatchState.POSTED or batch.objections_until is None:
        raise Refused("batch.not_posted", state=batch.state)
    if today > batch.objections_until:
        raise Refused("objection.too_late", until=batch.objections_until)
    if candidate.state is not CandidateState.ASSESSED:
        raise Refused("objection.no_result")
    if candidate.objection:
        raise Refused("objection.open_already")
    return ObjectionRaised(
        order_id=batch.order_id,
        batch_id=batch.batch_id,
        evaluation_id=candidate.evaluation_id,
        worker_id=candidate.worker_id,
        occupation=batch.occupation,
        level=batch.level,
        reason=reason,
        answer_by=answer_by,
    )


def settle_objection(batch: Batch, candidate: Candidate, reason: Reason, *, upheld: bool) -> ObjectionSettled:
    """The result stands, or the candidate's parts are marked again and the results posted anew."""
    if not candidate.objection:
        raise Refused("objection.none_open")
    return ObjectionSettled(
        order_id=batch.order_id,
        batch_id=batch.batch_id,
        evaluation_id=candidate.evaluation_id,
        worker_id=candidate.worker_id,
        occupation=batch.occupation,
        level=batch.level,
        upheld=upheld,
        reason=reason,
    )


def check_over(batch: Batch, *, today: date) -> None:
    """Certificates come only after the last day for objections, with every objection answered."""
    if batch.state is not BatchState.POSTED or batch.objections_until is None:
        raise Refused("batch.not_posted", state=batch.state)
    if today <= batch.objections_until:
        raise Refused("batch.posting_not_over", until=batch.objections_until)
    waiting = sum(each.objection for each in batch.candidates)
    if waiting:
        raise Refused("batch.objections_open", count=waiting)


def complete(batch: Batch, *, certificates: int, retake_until: date | None = None) -> EvaluationCompleted:
    """Every candidate of the batch, refused ones too, has an end."""
    return EvaluationCompleted(
        order_id=batch.order_id,
        batch_id=batch.batch_id,
        line=batch.line,
        candidates=len(batch.candidates),
        passed=len(batch.passed),
        certificates=certificates,
        retake_until=retake_until,
    )
