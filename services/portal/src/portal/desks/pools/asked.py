"""What order-intake tells of joint orders, asked for as the one who looks, and what is done about them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import httpx
from pydantic import BaseModel, ValidationError

from contracts.sentences import all_sentences
from portal.desks.signed import ReasonSeen
from portal.known import known
from portal.web.text import Text
from servicekit.db import Tx

OWNER = "order-intake"
Seen = TypeVar("Seen", bound=BaseModel)


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


async def read(tx: Tx, token: str | None, path: str, what: type[Seen]) -> Seen | None:
    """What order-intake tells; nothing when it does not answer."""
    try:
        return what.model_validate_json(await known(tx).neighbours.read(OWNER, path, token or ""))
    except (LookupError, httpx.HTTPError, ValidationError):
        return None


async def do(tx: Tx, token: str | None, path: str, body: Any, *, key: str, text: Text) -> str:
    """Ask for it as the one who does it; why not, in words, when it is refused."""
    try:
        await known(tx).neighbours.act(OWNER, path, token or "", key=key, body=body)
    except httpx.HTTPStatusError as refused:
        return _told(refused.response, text)
    except (LookupError, httpx.HTTPError):
        return text("pool.away")
    return ""


def _told(answer: httpx.Response, text: Text) -> str:
    """The refusal's own sentence."""
    try:
        problem = answer.json()
    except ValueError:
        return text("pool.away")
    code = problem.get("code")
    sentences = problem.get("sentences", {})
    if code not in all_sentences() or text.language not in sentences:
        return text("pool.away")
    return str(sentences[text.language])


def orders_of(members: Sequence[MemberSeen]) -> str:
    """The proposal's orders as a form names them."""
    return ",".join(str(each.order_id) for each in members)
