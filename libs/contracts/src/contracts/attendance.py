"""What evaluation says of single attendances of a session. Key on `songjiao.orders`: the order."""

from pydantic import AwareDatetime

from contracts.evaluation import DeliveryFact
from contracts.values import ActId, CorrectionId, Minutes, PersonId, Reason, WorkerId


class CorrectionFact(DeliveryFact):
    """Said about one correction of one worker's attendance, after the session was closed."""

    correction_id: CorrectionId
    worker_id: WorkerId


class CorrectionProposed(CorrectionFact):
    """Somebody says that one worker's attendance was otherwise; another person of the union decides."""

    type = "attendance.correction_proposed.v1"
    minutes: Minutes
    """As it is to be; 0 = was not there."""
    was: Minutes
    """As it stands; 0 = no record."""
    act_id: ActId
    reason: Reason
    proposed_at: AwareDatetime


class CorrectionRefused(CorrectionFact):
    """The record stays as it stands, as another person of the union says."""

    type = "attendance.correction_refused.v1"
    reason: Reason
    refused_at: AwareDatetime


class WorkerExcused(DeliveryFact):
    """The enterprise says before the session begins that a worker will not come; absent then is excused."""

    type = "attendance.excused.v1"
    worker_id: WorkerId
    reason: Reason
    excused_at: AwareDatetime


class InstructorArrived(DeliveryFact):
    """Who leads the session is there, by the phone: told apart from the opening, which may be before the drive."""

    type = "session.instructor_arrived.v1"
    person_id: PersonId
    arrived_at: AwareDatetime
