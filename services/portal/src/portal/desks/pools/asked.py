"""What order-intake tells of joint orders."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel

from portal.desks.signed import ReasonSeen


class TeachingSeen(BaseModel):
    """What teaching takes, and costs in yuan."""

    sessions: int
    class_hours: int
    total: Decimal


class MemberSeen(BaseModel):
    """An order of a proposal."""

    order_id: UUID
    number: str
    enterprise_id: str
    enterprise_name: str
    heads: int
    minutes: int
    person_minutes: int


class LineSeen(BaseModel):
    """A line of the joint order."""

    service: str
    occupation: str
    level: str
    heads: int


class ProposalSeen(BaseModel):
    """Orders that could be one class."""

    host: str
    members: list[MemberSeen]
    lines: list[LineSeen]
    apart: TeachingSeen
    joint: TeachingSeen
    saved: TeachingSeen
    drives_saved: int
    driving_minutes_saved_at_least: int


class AloneSeen(BaseModel):
    """An order that is in no proposal, and why."""

    order_id: UUID
    number: str
    enterprise_id: str
    enterprise_name: str
    reason: ReasonSeen


class ProposalsSeen(BaseModel):
    """All of it."""

    proposals: list[ProposalSeen]
    alone: list[AloneSeen]


class AnswerSeen(BaseModel):
    """A member of a joint order and its answer."""

    order_id: UUID
    number: str
    enterprise_id: str
    enterprise_name: str
    heads: int
    answer: str


class PoolSeen(BaseModel):
    """A joint order with its members."""

    order_id: UUID
    number: str
    host: str
    state: str
    answer_by: datetime | None
    reasons: list[ReasonSeen]
    members: list[AnswerSeen]


def orders_of(members: Sequence[MemberSeen]) -> str:
    """The proposal's orders as a form names them."""
    return ",".join(str(each.order_id) for each in members)
