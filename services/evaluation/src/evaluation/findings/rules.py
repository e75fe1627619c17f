"""How a finding goes on: raised, answered by whoever was asked, closed by somebody else. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from contracts.findings import FindingAnswered, FindingClosed, FindingRaised
from contracts.refusals import NotAllowed, Refused
from contracts.values import Reason
from evaluation.findings.checks import Finding, Kind

Asked = Literal["enterprise", "college", "instructor"]
"""Whom the union asks."""
Answer = Literal[
    "finding.as_it_was", "finding.entry_wrong", "finding.agreed_before", "finding.helped_others", "finding.cannot_say"
]  # fmt: skip
Ending = Literal["finding.explained", "finding.corrected", "finding.confirmed"]


class State(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True)
class Case:
    """A finding and what became of it; who wrote the answer down and who closed it are logins."""

    finding: Finding
    found_at: datetime
    state: State = State.OPEN
    asked: str | None = None
    answer: Reason | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    ended: Reason | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    version: int = 1


def raise_(finding: Finding, at: datetime) -> FindingRaised:
    """It is told."""
    return FindingRaised(
        order_id=finding.order_id,
        finding_id=finding.finding_id,
        kind=finding.kind,
        reason=finding.reason,
        sessions=finding.sessions,
        batch_id=finding.batch_id,
        workers=finding.workers,
        people=finding.people,
        found_at=at,
    )


def answer(case: Case, asked: Asked, reason: Answer, at: datetime) -> FindingAnswered:
    """What somebody said who was asked; once."""
    if case.state is not State.OPEN:
        raise Refused("finding.not_open", state=case.state)
    return FindingAnswered(
        order_id=case.finding.order_id,
        finding_id=case.finding.finding_id,
        asked=asked,
        reason=Reason(code=reason),
        answered_at=at,
    )


def close(case: Case, reason: Ending, *, user: str, at: datetime) -> FindingClosed:
    """How it stands, as somebody says who did not write the answer down."""
    if case.state is not State.ANSWERED:
        raise Refused("finding.not_answered", state=case.state)
    if user == case.answered_by:
        raise NotAllowed("finding.same_person")
    return FindingClosed(
        order_id=case.finding.order_id,
        finding_id=case.finding.finding_id,
        reason=Reason(code=reason),
        closed_at=at,
    )


def raised(fact: FindingRaised) -> Case:
    """A finding begins."""
    finding = Finding(
        kind=Kind(fact.kind),
        order_id=fact.order_id,
        reason=fact.reason,
        sessions=fact.sessions,
        batch_id=fact.batch_id,
        workers=fact.workers,
        people=fact.people,
    )
    return Case(finding, fact.found_at)


def evolve(case: Case, fact: FindingAnswered | FindingClosed, by: str | None) -> Case:
    """The case after a fact that this login said."""
    after = replace(case, version=case.version + 1)
    if isinstance(fact, FindingAnswered):
        return replace(
            after,
            state=State.ANSWERED,
            asked=fact.asked,
            answer=fact.reason,
            answered_by=by,
            answered_at=fact.answered_at,
        )
    return replace(after, state=State.CLOSED, ended=fact.reason, closed_by=by, closed_at=fact.closed_at)
