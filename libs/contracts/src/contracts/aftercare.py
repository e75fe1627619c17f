"""What evaluation says of what comes after: how a session was, and how people fare later. Key: the order.

Figures and codes of the programme's own questions only; what somebody wrote in their own words is in the owner's row.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.base import Value
from contracts.evaluation import EvaluationFact
from contracts.values import Code, Count, EnterpriseId, SessionId, WorkerId

Score = Annotated[int, Field(ge=1, le=5)]
Months = Annotated[int, Field(ge=1, le=60)]


class Scored(Value):
    """An answer to one of the programme's questions, from 1 (bad) to 5 (good)."""

    question: Code
    score: Score


class Answered(Value):
    """An answer to one of the programme's questions, by its code."""

    question: Code
    answer: Code


class AskedLater(Value):
    """Somebody who is asked, and whose worker it is."""

    worker_id: WorkerId
    enterprise_id: EnterpriseId


class SatisfactionGiven(EvaluationFact):
    """Somebody who was at the session says how it was, once. Who it was nobody can tell from the fact."""

    type = "satisfaction.given.v1"
    session_id: SessionId
    answer_id: UUID
    """The same whenever the same person answers for the same session; made with a key of the owner's."""
    scores: Annotated[tuple[Scored, ...], Field(min_length=1)]
    given_on: date


class FollowupDue(EvaluationFact):
    """So many months after the order's end everybody who was taught or certified is asked how they fare."""

    type = "followup.due.v1"
    months: Months
    people: Annotated[tuple[AskedLater, ...], Field(min_length=1)]
    due_on: date
    answers_by: date
    """Last day before the answers are overdue."""


class FollowupAnswered(EvaluationFact):
    """How one of them fares, by the enterprise's clerk or by themselves; said again, the last counts."""

    type = "followup.answered.v1"
    months: Months
    worker_id: WorkerId
    answers: Annotated[tuple[Answered, ...], Field(min_length=1)]
    by: Code
    """`enterprise` or `worker`."""
    answered_on: date


class FollowupReminded(EvaluationFact):
    """The union reminds an enterprise of answers that are not there yet."""

    type = "followup.reminded.v1"
    months: Months
    enterprise_id: EnterpriseId
    waiting: Count
    reminded_on: date
