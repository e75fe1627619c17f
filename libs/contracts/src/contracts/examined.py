"""What evaluation says around a batch: rooms, papers seen, absences, days. Key on `songjiao.orders`: the order."""

from datetime import date

from contracts.evaluation import BatchFact, CandidateFact
from contracts.values import Code, EvaluationId, EvidenceId, ExamRoom, Invigilator, Reason


class BatchArranged(BatchFact):
    """The union says in which rooms the batch is held and who watches over them, all of it anew."""

    type = "batch.arranged.v1"
    rooms: tuple[ExamRoom, ...]
    invigilators: tuple[Invigilator, ...]


class EvidenceSeen(CandidateFact):
    """The union has seen a paper about a candidate who was refused. What it says is in no fact."""

    type = "evidence.seen.v1"
    evidence_id: EvidenceId
    kind: Code
    """What it is about: `certificate`, `diploma`, `title`, `years`, `apprenticeship`."""
    paper: Code
    """What was looked at: `original`, `copy`, `online`, `statement`."""
    seen_on: date


class AbsenceExcused(CandidateFact):
    """Somebody was absent for a reason that the union accepts: the next examination is the same attempt."""

    type = "absence.excused.v1"
    reason: Reason


class BatchDue(BatchFact):
    """A day of the batch has gone by: posting is over, an objection has no answer, retakes are no more of a part."""

    type = "batch.due.v1"
    what: Code
    """`posting_over`, `answer_late`, `retake_over`."""
    evaluation_id: EvaluationId | None = None
    """Of which objection."""
    last_day: date
