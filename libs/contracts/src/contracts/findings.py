"""What evaluation says of things that are worth a second look. Key on `songjiao.orders`: the order."""

from uuid import UUID

from pydantic import AwareDatetime

from contracts.evaluation import EvaluationFact
from contracts.values import BatchId, Code, PersonId, Reason, SessionId, WorkerId

FindingId = UUID
"""The same for the same finding, whenever it is looked for."""


class FindingFact(EvaluationFact):
    """Said about one finding. It accuses nobody: two things do not go together as they are written down."""

    finding_id: FindingId


class FindingRaised(FindingFact):
    """Something is worth a second look: the union asks about it."""

    type = "finding.raised.v1"
    kind: Code
    reason: Reason
    """What was seen, with the figures that show it."""
    sessions: tuple[SessionId, ...] = ()
    batch_id: BatchId | None = None
    workers: tuple[WorkerId, ...] = ()
    """Of whom; none = of everybody who was there, or of nobody."""
    people: tuple[PersonId, ...] = ()
    """Who was sent, where it is about them."""
    found_at: AwareDatetime


class FindingAnswered(FindingFact):
    """Somebody was asked and has answered. Their own words are in the owner's row."""

    type = "finding.answered.v1"
    asked: Code
    """Whom: `enterprise`, `college`, `instructor`."""
    reason: Reason
    answered_at: AwareDatetime


class FindingClosed(FindingFact):
    """Somebody else than whoever wrote the answer down says how it stands: explained, corrected, confirmed."""

    type = "finding.closed.v1"
    reason: Reason
    closed_at: AwareDatetime
