"""What each fact that evaluation says does to its tables, when the tables have lost it."""

from contracts.aftercare import FollowupAnswered, FollowupDue, FollowupReminded, SatisfactionGiven
from contracts.attendance import CorrectionProposed, CorrectionRefused, InstructorArrived, WorkerExcused
from contracts.claims import ClaimFiled, ClaimSettled, ClaimWithdrawn
from contracts.evaluation import (
    AssessorBarred,
    AttendanceCorrected,
    BatchCancelled,
    BatchMoved,
    CandidateAdmitted,
    CandidateAssessed,
    CandidateRefused,
    CertificateIssued,
    CertificateReinstated,
    CertificateReissued,
    CertificateRevoked,
    CertificateSuspended,
    DeliveryCompleted,
    EvaluationCompleted,
    EvaluationPlanned,
    ObjectionRaised,
    ObjectionSettled,
    ResultsPosted,
    SessionClosed,
    SessionConfirmed,
    SessionDisputed,
    SessionMissed,
    SessionOpened,
    SessionPhotoKept,
)
from contracts.examined import AbsenceExcused, BatchArranged, BatchDue, EvidenceSeen
from contracts.findings import FindingAnswered, FindingClosed, FindingRaised
from evaluation import directory
from evaluation.aftercare import evolve as aftercare
from evaluation.certificates import evolve as certificates
from evaluation.claims import evolve as claims
from evaluation.delivery import correcting
from evaluation.delivery import evolve as delivery
from evaluation.delivery.keeping import LOOK as LOOK_AT_SESSION
from evaluation.examinations import evolve as examinations
from evaluation.examinations.commands.keeping import LOOK as LOOK_AT_BATCH
from evaluation.findings import evolve as findings
from evaluation.persons.commands import NAME_ENDS
from evaluation.photos import evolve as photos
from evaluation.printing import commands as printing
from servicekit.evolution import Evolution

evolution = Evolution("evaluation")

evolution.on(SessionOpened, SessionDisputed, SessionConfirmed, WorkerExcused, InstructorArrived)(
    delivery.changed
)
evolution.on(AttendanceCorrected)(delivery.corrected)
evolution.on(CorrectionProposed)(correcting.remember_proposed)
evolution.on(CorrectionRefused)(correcting.remember_refused)
evolution.on(SessionMissed)(delivery.missed)
evolution.on(SessionClosed)(delivery.closed)
evolution.on(SessionPhotoKept)(photos.kept)
evolution.on(DeliveryCompleted)(delivery.completed)

evolution.on(EvaluationPlanned)(examinations.planned)
evolution.on(
    BatchMoved, BatchArranged, BatchCancelled, AssessorBarred, CandidateAdmitted, CandidateRefused,
    EvidenceSeen, AbsenceExcused, BatchDue, ResultsPosted,
    ObjectionRaised, ObjectionSettled, EvaluationCompleted,
)(examinations.changed)  # fmt: skip
evolution.on(CandidateAssessed)(examinations.assessed)

evolution.on(CertificateIssued)(certificates.issued)
evolution.on(CertificateRevoked, CertificateSuspended, CertificateReinstated, CertificateReissued)(
    certificates.changed
)

evolution.on(ClaimFiled)(claims.filed)
evolution.on(ClaimWithdrawn, ClaimSettled)(claims.ended)

evolution.on(FindingRaised)(findings.raised)
evolution.on(FindingAnswered, FindingClosed)(findings.changed)

evolution.on(SatisfactionGiven)(aftercare.given)
evolution.on(FollowupDue)(aftercare.due)
evolution.on(FollowupAnswered)(aftercare.answered)
evolution.on(FollowupReminded)(aftercare.reminded)

evolution.cannot_bring_back(
    f"due.{LOOK_AT_SESSION}",
    f"due.{LOOK_AT_BATCH}",
    because="all that was held is looked at once more; known findings stay as they are",
)
evolution.cannot_bring_back(
    "directory", because="names and evidence are in no fact: order-intake is asked again, once this is open"
)
evolution.cannot_bring_back(
    "removal", because="what was removed last is told to whoever looks, and decides nothing"
)
evolution.cannot_bring_back(
    f"due.{NAME_ENDS}", because="the fact that somebody was erased is read again, and the name dropped by it"
)
evolution.cannot_bring_back(
    f"due.{directory.FILL}",
    because="whether order-intake was asked is in no fact: it is asked again for every scheme",
)
evolution.cannot_bring_back(
    "evidence", because="what a paper says of somebody is in no fact: it is to be seen again, and noted anew"
)
evolution.cannot_bring_back(
    "session_note",
    "objection_note",
    "finding_note",
    "batch_name",
    "satisfaction_words",
    because="free words are in no fact: they are gone",
)
evolution.cannot_bring_back(
    "due.finding.words_end",
    "due.aftercare.words_end",
    because="where there are no words there is no end of them",
)
evolution.cannot_bring_back(
    "sign_in",
    "sign_in_again",
    because="who signed in is in no fact until the session is closed: they sign in again, or the union sets it right",
)
evolution.cannot_bring_back(
    "sign_out",
    because="who left before the end is in no fact until the session is closed, and then in the session itself",
)
evolution.cannot_bring_back(
    "session_photo.place", because="where a photo was taken is in no fact: it is gone"
)
evolution.cannot_bring_back("sign_in_ticket", because="a scan holds for five minutes: they scan again")
evolution.cannot_bring_back(
    "part_mark", because="marks are in no fact until they have led to a result: both people enter them anew"
)
evolution.cannot_bring_back(
    "number_range", "number_void",
    because="an authority's papers are in no fact: ranges and numbers put aside are entered again; what was given of "
    "them is never given again",
)  # fmt: skip
evolution.cannot_bring_back(
    "print_run", "printed_certificate", f"due.{printing.PRINT}", f"due.{printing.FORGET}",
    because="papers that waited to be fetched are printed again, the same bytes, once somebody asks",
)  # fmt: skip
evolution.cannot_bring_back(
    "badge_key",
    because="the public halves of earlier keys are in no fact: a badge of before is to be downloaded anew",
)
