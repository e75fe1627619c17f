"""What evaluation says. Key on `songjiao.orders`: the order."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from contracts.base import ORDERS, Fact
from contracts.values import (
    ActId,
    Attendance,
    BatchId,
    CertificateId,
    CertificateNumber,
    CheckCode,
    CheckSum,
    ClassHours,
    Code,
    CohortId,
    CorrectionId,
    Count,
    DivisionCode,
    EnterpriseId,
    EvaluationId,
    Excused,
    Handed,
    Hash,
    LevelCode,
    LineNumber,
    Markers,
    Minutes,
    Needs,
    OccupationCode,
    OrderId,
    Ordinal,
    OrganisationName,
    Part,
    PartMark,
    PersonId,
    PhotoId,
    Reason,
    SessionId,
    Slot,
    Way,
    WorkerId,
)


class EvaluationFact(Fact):
    """Everything evaluation says is part of an order's story."""

    source = "evaluation"
    topic = ORDERS
    about = "order_id"
    order_id: OrderId


class DeliveryFact(EvaluationFact):
    """Said about the holding of one session."""

    session_id: SessionId


class SessionOpened(DeliveryFact):
    """The instructor opens the session; workers may sign in."""

    type = "session.opened.v1"
    person_id: PersonId
    opened_at: AwareDatetime
    arrived_at: AwareDatetime | None = None
    """The instructor is there, by the phone; none = opens it before arriving, or does not say."""


class SessionMissed(DeliveryFact):
    """Nobody opened the session in time: it was not held. The union moves it to a later time or cancels it."""

    type = "session.missed.v1"
    slot: Slot
    """When it was to be held."""
    opening_until: AwareDatetime
    """Until when it could have been opened."""
    person_id: PersonId | None = None
    """Who was firm to lead it; none = nobody was."""


class SessionClosed(DeliveryFact):
    """The session is over: who attended. Heads and person-times are counted from here."""

    type = "session.closed.v1"
    person_id: PersonId
    cohort_id: CohortId
    class_hours: ClassHours
    attended: tuple[Attendance, ...]
    """One entry per attending worker: their number is the session's person-times (人次)."""
    absent: Count
    """Of the cohort, those who were excused among them."""
    closed_at: AwareDatetime
    excused: tuple[Excused, ...] = ()
    """Who was absent and had been excused by the enterprise before it began."""
    arrived_at: AwareDatetime | None = None
    """When the instructor was there, by the phone; none = was not told, as `departed_at`."""
    departed_at: AwareDatetime | None = None
    incidents: tuple[Code, ...] = ()
    """What happened, by the programme's list; the words about it stay with evaluation."""
    materials: tuple[Handed, ...] = ()
    """What was handed out."""


class SessionPhotoKept(DeliveryFact):
    """A photo of the session is kept: where, and of what, is with evaluation; this proves that it is the same."""

    type = "session.photo_kept.v1"
    photo_id: PhotoId
    sha256: Hash
    size: Count
    """Bytes."""
    kept_at: AwareDatetime


class SessionDisputed(DeliveryFact):
    """The enterprise says that the session was not held as reported."""

    type = "session.disputed.v1"
    reason: Reason


class SessionConfirmed(DeliveryFact):
    """The enterprise confirms that the session was held; or its time ran out in silence, which counts as a yes."""

    type = "session.confirmed.v1"
    person_times: Count
    settled_by_union: bool = False
    """Said before silence counted as a yes: the enterprise had been silent, and the union confirmed in its place."""
    lapsed: bool = False
    """The enterprise neither confirmed nor disputed in the programme's time; nobody has said yes."""


class AttendanceCorrected(DeliveryFact):
    """One worker's attendance was wrong: an entry added, changed, or (minutes 0) taken back.

    Somebody has proposed it, and whoever says this, another person of the union, confirms it. Said of a disputed
    session it is the union's answer, also when the entry stands as it was; where it is not confirmed yet, the
    enterprise's time to confirm runs anew.
    """

    type = "attendance.corrected.v1"
    worker_id: WorkerId
    minutes: Minutes
    way: Way
    act_id: ActId
    reason: Reason
    corrected_at: AwareDatetime | None = None
    correction_id: CorrectionId | None = None
    """None, as the next two = said before two people were needed."""
    was: Minutes | None = None
    """Minutes of the record that stood until now; 0 = there was none."""
    class_hours: Count | None = None
    """What is credited of the session's class-hours from now on; none as in `Attendance`."""
    proposed_by: Code | None = None
    """The login that proposed it; whoever confirmed it says this fact."""


class DeliveryCompleted(EvaluationFact):
    """Every session of the order's scheme was held and confirmed."""

    type = "delivery.completed.v1"
    sessions: Count
    heads: Count
    """Different workers who attended at least once (人数)."""
    person_times: Count
    class_hours: ClassHours


class BatchFact(EvaluationFact):
    """Said about a batch: the evaluations planned and held together."""

    batch_id: BatchId


class BatchWithPlace(BatchFact):
    """A batch with everything that decides who can assess it, so that what is about it now stands in one fact."""

    line: LineNumber
    occupation: OccupationCode
    level: LevelCode
    enterprise_id: EnterpriseId
    division: DivisionCode
    slot: Slot
    candidates: Count
    parts: tuple[Part, ...]
    assessors: Count
    """How many are asked for."""
    needs: Needs
    barred: tuple[PersonId, ...]
    """Taught a cohort of these candidates: never their assessor."""


class EvaluationPlanned(BatchWithPlace):
    """A batch is planned for a day and place; dispatch is asked for assessors."""

    type = "evaluation.planned.v1"


class BatchMoved(BatchWithPlace):
    """The union holds the batch at another time: whoever was to assess it is free, and it is asked for anew."""

    type = "batch.moved.v1"
    was: Slot


class BatchCancelled(BatchFact):
    """The union does not hold the batch: its assessors are free, its candidates can be planned again."""

    type = "batch.cancelled.v1"
    line: LineNumber
    reason: Reason


class AssessorBarred(BatchFact):
    """Who was to assess teaches these candidates by now: no assessor of theirs; somebody else is to be sent."""

    type = "assessor.barred.v1"
    person_id: PersonId


class CandidateFact(BatchFact):
    """Said about one candidate: a worker in an evaluation."""

    evaluation_id: EvaluationId
    worker_id: WorkerId
    occupation: OccupationCode
    level: LevelCode


class CandidateAdmitted(CandidateFact):
    """The worker may be evaluated: attendance and the standard's rules hold."""

    type = "candidate.admitted.v1"
    attendance_minutes: Minutes
    required_minutes: Minutes
    attempt: Ordinal = 1
    """1 = first evaluation of this line, 2 = retake, …"""
    carried: tuple[PartMark, ...] = ()
    """Parts that were passed at an earlier attempt and count: only the others are taken again."""
    on_evidence: bool = False
    """Was refused in this batch before, and is admitted on evidence that has come since."""


class CandidateRefused(CandidateFact):
    """The worker may not be evaluated, and which rules say so."""

    type = "candidate.refused.v1"
    reasons: Annotated[tuple[Reason, ...], Field(min_length=1)]


class CandidateAssessed(CandidateFact):
    """All parts are marked and confirmed by a second person. Each part must pass; nothing is averaged."""

    type = "candidate.assessed.v1"
    parts: tuple[PartMark, ...]
    passed: bool
    attempt: Ordinal = 1
    markers: tuple[Markers, ...] = ()
    """By part, who gave its mark."""
    failed: tuple[Code, ...] = ()
    """Safety items (★) of the practical that were failed: any of them fails it, whatever the mark."""


class ResultsPosted(BatchFact):
    """Results are posted for objections until the end of the posting days (公示)."""

    type = "results.posted.v1"
    candidates: Count
    passed: Count
    posted_on: date
    objections_until: date


class ObjectionRaised(CandidateFact):
    """Somebody objects to a posted result."""

    type = "objection.raised.v1"
    reason: Reason
    answer_by: date | None = None
    """The last day for its answer; older facts do not say."""


class ObjectionSettled(CandidateFact):
    """The objection is answered: the result stands, or the parts are marked again."""

    type = "objection.settled.v1"
    upheld: bool
    reason: Reason


class CertificateIssued(EvaluationFact):
    """One issuer certifies a passed evaluation. One evaluation can give several certificates."""

    type = "certificate.issued.v1"
    certificate_id: CertificateId
    evaluation_id: EvaluationId
    worker_id: WorkerId
    kind: Code
    """Kind of the programme: `skill_level`, `enterprise`, …"""
    number: CertificateNumber
    demo: bool
    """True while no authority's prefix is configured: the number is no official one."""
    check: CheckSum
    """Check sum that the QR code carries beside the number, where there is no check code."""
    check_code: CheckCode | None = None
    """Random code that the QR code carries beside the number; older certificates have none."""
    replaces: CertificateId | None = None
    """The certificate in whose place it is issued."""
    valid_until: date | None = None
    """Its last day; none = it has no end."""
    renews: CertificateId | None = None
    """The certificate of the same that ends or has ended, and that this one follows."""
    occupation: OccupationCode
    level: LevelCode
    parts: tuple[PartMark, ...]
    issuer: OrganisationName
    issued_on: date


class CertificateRevoked(EvaluationFact):
    """A certificate no longer holds."""

    type = "certificate.revoked.v1"
    certificate_id: CertificateId
    number: CertificateNumber
    reason: Reason
    revoked_on: date


class CertificateSuspended(EvaluationFact):
    """A certificate does not hold until that is lifted, or it is revoked."""

    type = "certificate.suspended.v1"
    certificate_id: CertificateId
    number: CertificateNumber
    reason: Reason
    suspended_on: date


class CertificateReinstated(EvaluationFact):
    """A suspended certificate holds again."""

    type = "certificate.reinstated.v1"
    certificate_id: CertificateId
    number: CertificateNumber
    reason: Reason
    reinstated_on: date


class CertificateReissued(EvaluationFact):
    """Another certificate, with a number of its own, was issued in the place of this one, which was revoked with it."""

    type = "certificate.reissued.v1"
    certificate_id: CertificateId
    number: CertificateNumber
    replaced_by: CertificateId
    new_number: CertificateNumber
    reason: Reason
    reissued_on: date


class EvaluationCompleted(BatchFact):
    """Every candidate of the batch has an end: certified, failed, absent or refused."""

    type = "evaluation.completed.v1"
    line: LineNumber
    candidates: Count
    passed: Count
    certificates: Count
    retake_until: date | None = None
    """Until then only what was failed is taken again; none = everything."""
