"""What evaluation says of single attendances of a session. Key on `songjiao.orders`: the order."""

from pydantic import AwareDatetime

from contracts.evaluation import DeliveryFact
from contracts.values import ActId, CorrectionId, Minutes, Reason, WorkerId


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
