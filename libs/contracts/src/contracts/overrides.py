"""Rules put aside by name, as instructor-dispatch says. Key on `songjiao.supply`: the override."""

from datetime import date

from contracts.base import SUPPLY, Fact
from contracts.values import BatchId, OverrideId, PersonId, Reason, ReasonCode, SessionId


class OverrideGranted(Fact):
    """The coordinator puts a rule aside on purpose. Its own words about it are in the owner's row."""

    source = "instructor-dispatch"
    topic = SUPPLY
    about = "override_id"
    type = "override.granted.v1"
    override_id: OverrideId
    rule: ReasonCode
    """The reason that no longer stands against sending somebody."""
    session_id: SessionId | None = None
    batch_id: BatchId | None = None
    """For which session or batch; none of both = for whatever the person is asked for."""
    person_id: PersonId | None = None
    """For whom; none = whoever comes."""
    reason: Reason
    valid_until: date
    """Last day of the sessions for which it holds; then it is over by itself."""


class OverrideWithdrawn(Fact):
    """The rule counts again. What was promised meanwhile stays promised."""

    source = "instructor-dispatch"
    topic = SUPPLY
    about = "override_id"
    type = "override.withdrawn.v1"
    override_id: OverrideId
