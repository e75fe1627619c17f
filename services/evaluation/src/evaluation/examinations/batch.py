"""A batch and its candidates as they stand, and what each fact makes of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from contracts.evaluation import (
    AssessorBarred,
    BatchCancelled,
    BatchFact,
    BatchMoved,
    CandidateAdmitted,
    CandidateAssessed,
    CandidateFact,
    CandidateRefused,
    EvaluationCompleted,
    EvaluationPlanned,
    ObjectionRaised,
    ObjectionSettled,
    ResultsPosted,
)
from contracts.examined import AbsenceExcused, BatchArranged, BatchDue, EvidenceSeen
from contracts.refusals import NotFound
from contracts.values import (
    BatchId,
    Code,
    DivisionCode,
    EnterpriseId,
    EvaluationId,
    ExamRoom,
    Invigilator,
    LevelCode,
    OccupationCode,
    OrderId,
    Part,
    PartMark,
    PersonId,
    Reason,
    Slot,
    WorkerId,
)


class BatchState(StrEnum):
    """Where a batch stands."""

    MARKING = "marking"
    POSTED = "posted"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class CandidateState(StrEnum):
    """Where an evaluation stands."""

    ADMITTED = "admitted"
    REFUSED = "refused"
    ASSESSED = "assessed"


@dataclass(frozen=True)
class Candidate:
    """A worker in an evaluation."""

    evaluation_id: EvaluationId
    worker_id: WorkerId
    state: CandidateState
    reasons: tuple[Reason, ...] = ()
    parts: tuple[PartMark, ...] = ()
    passed: bool = False
    attempt: int = 1
    objection: bool = False
    """Somebody has objected and waits for the answer."""
    failed: tuple[Code, ...] = ()
    """Safety items of the practical that were failed."""
    carried: tuple[PartMark, ...] = ()
    """Parts passed at an earlier attempt, which count."""
    excused: bool = False
    """Was absent for a reason that the union accepts."""
    answer_by: date | None = None
    """The last day for the answer to the objection."""

    @property
    def absent(self) -> bool:
        """In a part that was examined."""
        return any(each.mark is None for each in self.parts)


@dataclass(frozen=True)
class Batch:
    """The evaluations planned and held together."""

    batch_id: BatchId
    order_id: OrderId
    line: int
    occupation: OccupationCode
    level: LevelCode
    enterprise_id: EnterpriseId
    division: DivisionCode
    slot: Slot
    parts: tuple[Part, ...]
    barred: tuple[PersonId, ...]
    """Whom dispatch was told not to send; who teaches these candidates now is asked of their lessons."""
    assessors: int
    """How many are to be firm before marks are taken."""
    state: BatchState = BatchState.MARKING
    posted_on: date | None = None
    objections_until: date | None = None
    candidates: tuple[Candidate, ...] = ()
    version: int = 1
    rooms: tuple[ExamRoom, ...] = ()
    invigilators: tuple[Invigilator, ...] = ()
    retake_until: date | None = None
    """Until then only what was failed is taken again."""

    @property
    def admitted(self) -> tuple[Candidate, ...]:
        """Everybody who is, or was, to be assessed."""
        return tuple(each for each in self.candidates if each.state is not CandidateState.REFUSED)

    @property
    def passed(self) -> tuple[Candidate, ...]:
        """Everybody who reached the mark in each part."""
        return tuple(each for each in self.candidates if each.passed)

    def candidate(self, evaluation_id: EvaluationId) -> Candidate:
        """`evaluation.unknown` when it is not of this batch."""
        for each in self.candidates:
            if each.evaluation_id == evaluation_id:
                return each
        raise NotFound("evaluation.unknown", evaluation_id=evaluation_id)


def planned(fact: EvaluationPlanned) -> Batch:
    """A batch begins."""
    return Batch(
        batch_id=fact.batch_id,
        order_id=fact.order_id,
        line=fact.line,
        occupation=fact.occupation,
        level=fact.level,
        enterprise_id=fact.enterprise_id,
        division=fact.division,
        slot=fact.slot,
        parts=fact.parts,
        barred=fact.barred,
        assessors=fact.assessors,
    )


def evolve(batch: Batch | None, fact: BatchFact) -> Batch:
    """The batch after a fact, for every fact about one. Nothing else changes it."""
    if isinstance(fact, EvaluationPlanned):
        return planned(fact)
    if batch is None:
        raise TypeError(f"{fact.type} before the batch was planned")
    after = replace(batch, version=batch.version + 1)
    match fact:
        case ResultsPosted():
            return replace(
                after,
                state=BatchState.POSTED,
                posted_on=fact.posted_on,
                objections_until=fact.objections_until,
            )
        case EvaluationCompleted():
            return replace(after, state=BatchState.COMPLETED, retake_until=fact.retake_until)
        case BatchDue() | EvidenceSeen():
            return after
        case BatchMoved() | BatchCancelled() | AssessorBarred() | BatchArranged():
            return _evolve_plan(after, fact)
        case CandidateFact():
            return _evolve_candidate(after, fact)
    raise TypeError(f"{fact.type} says nothing about a batch")


def _evolve_plan(batch: Batch, fact: BatchMoved | BatchCancelled | AssessorBarred | BatchArranged) -> Batch:
    match fact:
        case BatchMoved():
            return replace(
                batch, slot=fact.slot, assessors=fact.assessors, barred=fact.barred, invigilators=()
            )
        case BatchArranged():
            return replace(batch, rooms=fact.rooms, invigilators=fact.invigilators)
        case BatchCancelled():
            return replace(batch, state=BatchState.CANCELLED)
        case AssessorBarred():
            return replace(batch, barred=tuple(sorted({*batch.barred, fact.person_id})))


def _evolve_candidate(batch: Batch, fact: CandidateFact) -> Batch:
    match fact:
        case CandidateAdmitted():
            fresh = Candidate(
                fact.evaluation_id,
                fact.worker_id,
                CandidateState.ADMITTED,
                attempt=fact.attempt,
                carried=fact.carried,
            )
            return replace(batch, candidates=_taken_in(batch, fresh))
        case CandidateRefused():
            refused = Candidate(
                fact.evaluation_id, fact.worker_id, CandidateState.REFUSED, reasons=fact.reasons
            )
            return replace(batch, candidates=_taken_in(batch, refused))
        case CandidateAssessed():
            return _with(
                batch,
                fact,
                lambda each: replace(
                    each,
                    state=CandidateState.ASSESSED,
                    parts=fact.parts,
                    passed=fact.passed,
                    attempt=fact.attempt,
                    failed=fact.failed,
                ),
            )
        case ObjectionRaised():
            return _with(batch, fact, lambda each: replace(each, objection=True, answer_by=fact.answer_by))
        case AbsenceExcused():
            return _with(batch, fact, lambda each: replace(each, excused=True))
        case ObjectionSettled():
            return _settled(batch, fact)
    raise TypeError(f"{fact.type} says nothing about a candidate")


def _taken_in(batch: Batch, one: Candidate) -> tuple[Candidate, ...]:
    """With this candidate, in the place where they stood before."""
    if all(each.evaluation_id != one.evaluation_id for each in batch.candidates):
        return (*batch.candidates, one)
    return tuple(one if each.evaluation_id == one.evaluation_id else each for each in batch.candidates)


def _settled(batch: Batch, fact: ObjectionSettled) -> Batch:
    if not fact.upheld:
        return _with(batch, fact, lambda each: replace(each, objection=False, answer_by=None))
    # marked again: results are posted anew when the marks stand
    again = _with(
        batch,
        fact,
        lambda each: replace(
            each,
            objection=False,
            answer_by=None,
            excused=False,
            state=CandidateState.ADMITTED,
            parts=(),
            passed=False,
            failed=(),
        ),
    )
    return replace(again, state=BatchState.MARKING, posted_on=None, objections_until=None)


def _with(batch: Batch, fact: CandidateFact, change: Callable[[Candidate], Candidate]) -> Batch:
    return replace(
        batch,
        candidates=tuple(
            change(each) if each.evaluation_id == fact.evaluation_id else each for each in batch.candidates
        ),
    )
