"""How a batch is planned and marked by two people. Pure; what follows the marks stands in `posting`.

Each part must reach its pass mark; nothing is averaged; absent (`None`) has not reached it. Parts, marks and
the posting days are rule data and come in as arguments.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from contracts.evaluation import (
    BatchFact,
    CandidateAdmitted,
    CandidateAssessed,
    CandidateRefused,
    EvaluationPlanned,
)
from contracts.programme import Level
from contracts.refusals import Invalid, NotAllowed, Refused
from contracts.values import (
    BatchId,
    DivisionCode,
    EnterpriseId,
    EvaluationId,
    Needs,
    OrderId,
    OrderLine,
    Part,
    PartMark,
    PersonId,
    ServiceLine,
    Slot,
    WorkerId,
)
from evaluation.examinations.batch import Batch, BatchState, Candidate, CandidateState
from evaluation.examinations.eligibility import Verdict

MarkOrAbsent = Decimal | None


@dataclass(frozen=True)
class Entry:
    """One part's mark of one candidate: entered by one, confirmed by another."""

    evaluation_id: EvaluationId
    part: Part
    mark: MarkOrAbsent
    entered_by: str
    entered_person: PersonId | None
    confirmed_by: str | None = None

    @property
    def confirmed(self) -> bool:
        """It stands."""
        return self.confirmed_by is not None


@dataclass(frozen=True)
class Marker:
    """Who enters or confirms marks: the login, the person sent behind it, and whether it is the union's."""

    user: str
    person: PersonId | None
    examiner: bool = False


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


def check_slot(slot: Slot, now: datetime) -> None:
    """A batch is planned before it begins."""
    if slot.starts_at <= now:
        raise Invalid("batch.in_the_past", field="body.day", day=slot.day)


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
                attempts[each.worker_id] = max(attempts[each.worker_id], each.attempt + 1)
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
) -> list[BatchFact]:
    """The batch, then each candidate admitted or refused with every reason."""
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
    return facts + [_decided(asked, verdict, attempts[verdict.worker_id], new_id()) for verdict in verdicts]


def _decided(asked: Asked, verdict: Verdict, attempt: int, evaluation_id: EvaluationId) -> BatchFact:
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
    )


def check_marker(batch: Batch, marker: Marker, assessors: Collection[PersonId], now: datetime) -> None:
    """Marks are given from the batch's begin on, by its assessors or the union; never by who taught."""
    if marker.person in batch.barred:
        raise NotAllowed("assessor.taught_the_cohort")
    if not marker.examiner and marker.person not in assessors:
        raise NotAllowed("assessor.not_of_this_batch")
    if batch.state is not BatchState.MARKING:
        raise Refused("batch.not_marking", state=batch.state)
    if now < batch.slot.starts_at:
        raise Refused("batch.not_begun", starts_at=batch.slot.starts_at.isoformat())


def enter(
    batch: Batch,
    part: Part,
    marks: Mapping[EvaluationId, MarkOrAbsent],
    entries: Mapping[EvaluationId, Entry],
    marker: Marker,
) -> list[Entry]:
    """The first entry. It may be entered anew until somebody else has confirmed it."""
    _check_part(batch, part, marks)
    for evaluation_id in marks:
        if (known := entries.get(evaluation_id)) is not None and known.confirmed:
            raise Refused("marks.confirmed_already", evaluation_id=evaluation_id)
    return [Entry(each, part, mark, marker.user, marker.person) for each, mark in marks.items()]


def confirm(
    batch: Batch,
    part: Part,
    marks: Mapping[EvaluationId, MarkOrAbsent],
    entries: Mapping[EvaluationId, Entry],
    marker: Marker,
) -> list[Entry]:
    """The second entry, by another person who has not seen the first: one difference, and none is taken."""
    _check_part(batch, part, marks)
    for evaluation_id in marks:
        entry = entries.get(evaluation_id)
        if entry is None:
            raise Refused("marks.not_entered", evaluation_id=evaluation_id, part=part)
        if entry.confirmed:
            raise Refused("marks.confirmed_already", evaluation_id=evaluation_id)
        same_person = marker.person is not None and marker.person == entry.entered_person
        if marker.user == entry.entered_by or same_person:
            raise NotAllowed("marks.same_person")
    differing = [
        {"evaluation_id": str(each), "first": _shown(entries[each].mark), "second": _shown(mark)}
        for each, mark in marks.items()
        if entries[each].mark != mark
    ]
    if differing:
        raise Refused("marks.differ", part=part, count=len(differing), differences=differing)
    return [
        Entry(each, part, mark, entries[each].entered_by, entries[each].entered_person, marker.user)
        for each, mark in marks.items()
    ]


def _check_part(batch: Batch, part: Part, marks: Collection[EvaluationId]) -> None:
    if part not in batch.parts:
        raise Invalid("marks.no_such_part", field="body.part", part=part, level=batch.level)
    for evaluation_id in marks:
        candidate = batch.candidate(evaluation_id)
        if candidate.state is CandidateState.REFUSED:
            raise Refused("marks.candidate_refused", evaluation_id=evaluation_id)
        if candidate.state is CandidateState.ASSESSED:
            raise Refused("marks.confirmed_already", evaluation_id=evaluation_id)


def _shown(mark: MarkOrAbsent) -> str | None:
    return None if mark is None else f"{mark:.1f}"


def passes(parts: Collection[PartMark]) -> bool:
    """Every part has reached its own pass mark. No averaging; absent is not reached."""
    return all(each.mark is not None and each.mark >= each.pass_mark for each in parts)


def assess(
    batch: Batch, candidate: Candidate, marks: Mapping[Part, MarkOrAbsent], pass_mark: Decimal
) -> CandidateAssessed | None:
    """The result, once all parts are marked and confirmed; nothing before."""
    if candidate.state is not CandidateState.ADMITTED or not set(batch.parts) <= set(marks):
        return None
    parts = tuple(PartMark(part=part, mark=marks[part], pass_mark=pass_mark) for part in batch.parts)
    return CandidateAssessed(
        order_id=batch.order_id,
        batch_id=batch.batch_id,
        evaluation_id=candidate.evaluation_id,
        worker_id=candidate.worker_id,
        occupation=batch.occupation,
        level=batch.level,
        parts=parts,
        passed=passes(parts),
        attempt=candidate.attempt,
    )
