"""Joint orders as they are asked for and shown over HTTP."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, Field

from contracts.programme_rules import Programme
from contracts.values import (
    EnterpriseId,
    LevelCode,
    OccupationCode,
    OrderId,
    OrderNumber,
    Reason,
    ServiceLine,
)
from order_intake.orders.rules import State
from order_intake.orders.store import Stored
from order_intake.orders.views import ReasonRequest
from order_intake.pools.proposals import Proposal, Proposals
from order_intake.pools.savings import Teaching
from order_intake.pools.together import Small, joint_lines
from servicekit.http import Request


class NewPool(Request):
    """The orders of a proposal, and whose works the class is held at: without one, the first order's."""

    orders: Annotated[tuple[OrderId, ...], Field(min_length=1, max_length=20)]
    host: EnterpriseId | None = None


class Leaving(Request):
    """Why an enterprise refuses, or goes."""

    reason: ReasonRequest


class TeachingView(BaseModel):
    """What teaching takes and costs."""

    classes: int
    sessions: int
    class_hours: int
    lecture_fees: Decimal
    travel: Decimal
    total: Decimal

    @classmethod
    def of(cls, teaching: Teaching) -> "TeachingView":
        """In yuan, class-hours of lecturers, and sessions."""
        return cls.model_validate(teaching, from_attributes=True)


class MemberView(BaseModel):
    """An order of a proposal, and what it costs its people in travel."""

    order_id: OrderId
    number: OrderNumber
    enterprise_id: EnterpriseId
    enterprise_name: str
    state: State
    heads: int
    minutes: int
    """One way to the host's works."""
    person_minutes: int
    """There and back, for everybody, for all sessions at the works."""


class PooledLineView(BaseModel):
    """A line of the joint order."""

    service: ServiceLine
    occupation: OccupationCode
    level: LevelCode
    heads: int
    earliest: date
    latest: date


class ProposalView(BaseModel):
    """Orders that could be one class, with what that saves."""

    host: EnterpriseId
    members: tuple[MemberView, ...]
    lines: tuple[PooledLineView, ...]
    apart: TeachingView
    joint: TeachingView
    saved: TeachingView
    drives_saved: int
    """Round trips of instructors."""
    driving_minutes_saved_at_least: int

    @classmethod
    def of(cls, proposal: Proposal, programme: Programme) -> "ProposalView":
        """With its figures."""
        return cls(
            host=proposal.host.enterprise,
            members=tuple(
                MemberView(
                    **_named(one),
                    state=one.order.state,
                    heads=one.heads,
                    minutes=journey.minutes,
                    person_minutes=journey.person_minutes,
                )
                for one, journey in zip(proposal.members, proposal.journeys, strict=True)
            ),
            lines=tuple(
                PooledLineView(
                    service=line.service, occupation=line.occupation, level=line.level,
                    heads=len(line.trainees), earliest=line.earliest, latest=line.latest,
                )
                for line in joint_lines(proposal.members, programme)
            ),
            apart=TeachingView.of(proposal.apart),
            joint=TeachingView.of(proposal.joint),
            saved=TeachingView.of(proposal.saved),
            drives_saved=proposal.drives_saved,
            driving_minutes_saved_at_least=proposal.driving_saved,
        )  # fmt: skip


class AloneView(BaseModel):
    """An order that is in no proposal, and why."""

    order_id: OrderId
    number: OrderNumber
    enterprise_id: EnterpriseId
    enterprise_name: str
    reason: Reason


class ProposalsView(BaseModel):
    """What could be pooled, and what not."""

    proposals: tuple[ProposalView, ...]
    alone: tuple[AloneView, ...]

    @classmethod
    def of(cls, found: Proposals, programme_of: Callable[[Small], Programme]) -> "ProposalsView":
        """Each order of them stands here once."""
        return cls(
            proposals=tuple(ProposalView.of(each, programme_of(each.host)) for each in found.proposals),
            alone=tuple(AloneView(**_named(one), reason=reason) for one, reason in found.alone),
        )


def _named(one: Small) -> dict[str, Any]:
    assert one.order.site is not None
    return {
        "order_id": one.order.id, "number": one.order.number, "enterprise_id": one.enterprise,
        "enterprise_name": one.order.site.enterprise_name,
    }  # fmt: skip


class OpenedView(BaseModel):
    """The joint order that was proposed."""

    order_id: OrderId
    number: OrderNumber
    answer_by: datetime
    proposal: ProposalView


class PoolMemberView(BaseModel):
    """A member and its answer: `asked`, `consented`, `pooled`, `gone`, or `fulfilled`."""

    order_id: OrderId
    number: OrderNumber
    enterprise_id: EnterpriseId
    enterprise_name: str
    heads: int
    answer: str


class PoolView(BaseModel):
    """A joint order with its members."""

    order_id: OrderId
    number: OrderNumber
    host: EnterpriseId
    state: State
    answer_by: datetime | None
    reasons: tuple[Reason, ...]
    """Why it was withdrawn or cancelled."""
    members: tuple[PoolMemberView, ...]

    @classmethod
    def of(cls, joint: Stored, members: list[Stored]) -> "PoolView":
        """As the union and every member may see it."""
        order = joint.order
        return cls(
            order_id=order.id,
            number=order.number,
            host=order.enterprise_id,
            state=order.state,
            answer_by=order.pool.answer_by if order.pool else None,
            reasons=order.reasons,
            members=tuple(
                PoolMemberView(**dict(told), answer=_answer(own, order.id))
                for told, own in zip(order.members, members, strict=True)
            ),
        )


def _answer(member: Stored, joint_id: OrderId) -> str:
    order = member.order
    if order.pool is None or order.pool.joint_id != joint_id:
        return "gone"
    if order.state in {State.POOLED, State.FULFILLED}:
        return order.state.value
    return "consented" if order.pool.consented else "asked"
