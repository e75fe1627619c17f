"""Addresses of signing in by a scan: for the instructor's phone, and for the portal's page behind the code."""

import base64
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import AwareDatetime, BaseModel, Field

from contracts.sentences import sentences_of
from contracts.values import ClassHours, EnterpriseId, OccupationCode, SessionId, Slot
from evaluation import directory
from evaluation.delivery import scanning
from evaluation.delivery.session import Session
from evaluation.delivery.tickets import Ticket
from servicekit.http import Request, Router, Transaction, refusals, without_key
from servicekit.identity import Actor, actor_with

router = Router(tags=["sessions"])
Instructor = Annotated[Actor, Depends(actor_with("instructor"))]
Portal = Annotated[Actor, Depends(actor_with("service"))]


class CodeKey(BaseModel):
    """What a phone makes the session's codes of, without a network: HMAC-SHA256 under `secret` (base64)."""

    session_id: SessionId
    secret: str
    seconds: int
    """A code holds so long (s)."""
    now: AwareDatetime
    """What time it is here; codes are made for this clock, not for the phone's."""


class Scanned(Request):
    """The code as it stood in the address."""

    code: str = Field(max_length=200)


class TicketView(BaseModel):
    """A scan's ticket, and the session it is for."""

    ticket: UUID
    until: AwareDatetime
    occupation: OccupationCode
    class_hours: ClassHours
    enterprise_id: EnterpriseId
    slot: Slot

    @classmethod
    def of(cls, session: Session, ticket: Ticket, until: datetime) -> "TicketView":
        """No name and no count: whoever scans may be anybody."""
        return cls(
            ticket=ticket.ticket_id,
            until=until,
            occupation=session.occupation,
            class_hours=session.class_hours,
            enterprise_id=session.enterprise_id,
            slot=session.slot,
        )


class Digits(Request):
    """The last four characters of the ID number."""

    digits: str = Field(max_length=20)
    device: str | None = Field(default=None, max_length=64)
    """A random number that the phone's browser keeps for this alone."""


class SignedView(BaseModel):
    """`taken` or `already` with name and time; or `refused` with the rule's code and its sentences."""

    outcome: str
    name: str | None = None
    at: AwareDatetime | None = None
    answer: str | None = None
    """The link by which this worker says how the session was, once it is over; none = nobody is asked."""
    reason: str | None = None
    parameters: dict[str, int | str] = {}
    sentences: dict[str, str] = {}


@router.get("/sessions/{session_id}/code-key", responses=refusals("session.unknown", "session.another_lead"))
async def code_key(session_id: SessionId, tx: Transaction, by: Instructor) -> CodeKey:
    """The secret of the session's codes, for its lead's phone."""
    made = await scanning.codes_for(tx, session_id, by=by)
    return CodeKey(
        session_id=session_id,
        secret=base64.b64encode(made.secret).decode(),
        seconds=made.seconds,
        now=made.now,
    )


@router.post(
    "/sign-in/tickets",
    responses=refusals("sign_in.code_unknown", "sign_in.code_expired", "sign_in.not_open", "sign_in.closed"),
)
@without_key  # a scan twice is two tickets, of which nobody has anything until one is used
async def exchange(given: Scanned, tx: Transaction, _: Portal) -> TicketView:
    """A ticket of some minutes for the code that is on the instructor's screen now."""
    return TicketView.of(*await scanning.exchange(tx, given.code))


@router.post("/sign-in/tickets/{ticket_id}", responses=refusals("sign_in.ticket_unknown"))
@without_key  # a ticket signs one worker in, once
async def sign_in(ticket_id: UUID, given: Digits, tx: Transaction, _: Portal) -> SignedView:
    """Sign in whom the digits name. A few tries; a no is an answer with its reason."""
    signed = await scanning.sign_in(tx, ticket_id, given.digits, given.device)
    figures = signed.figures or {}
    names = await directory.names(tx, [signed.worker_id]) if signed.worker_id else {}
    return SignedView(
        outcome=signed.outcome,
        name=next(iter(names.values()), None),
        at=signed.at,
        answer=signed.answer,
        reason=signed.reason,
        parameters=figures,
        sentences=sentences_of(signed.reason, figures) if signed.reason else {},
    )
