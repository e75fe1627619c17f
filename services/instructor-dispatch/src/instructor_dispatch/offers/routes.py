"""Offers: a college answers its own, the union sees all and calls."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, Field

from contracts.refusals import NotFound, Refused
from contracts.sentences import sentences_of
from contracts.values import (
    AssignmentId,
    BatchId,
    CollegeId,
    DivisionCode,
    Needs,
    OrderId,
    PersonId,
    Role,
    SessionId,
    Slot,
)
from instructor_dispatch.offers.commands import answers, calls, reads
from instructor_dispatch.offers.commands.reasons import declining
from instructor_dispatch.offers.rules import UNSETTLED, OfferState
from servicekit.http import IfMatch, Request, Router, Transaction, check_version, refusals, set_version
from servicekit.identity import Actor, actor_with

router = Router(tags=["offers"])
College = Annotated[Actor, Depends(actor_with("college"))]
Coordinator = Annotated[Actor, Depends(actor_with("union"))]
Office = Annotated[Actor, Depends(actor_with("college", "union"))]
Reader = Annotated[Actor, Depends(actor_with("college", "union", "instructor", "assessor"))]
CALL = ("call.has_offer", "call.asked_already", "college.unknown", "agreement.none")
ANSWER = ("offer.unknown", "offer.closed", "offer.too_late", "version.stale")
REASON = ("decline.unknown_reason", "decline.says_nothing")


class Acceptance(Request):
    """Who comes, in answer to an open call; a directed offer names the person already."""

    person_id: PersonId | None = None


class Several(Request):
    """Offers to be accepted together, each for itself."""

    assignment_ids: Annotated[tuple[AssignmentId, ...], Field(min_length=1, max_length=1000)]


class Substitution(Request):
    """Who comes instead."""

    person_id: PersonId


class Declining(Request):
    """Why not: one of the reasons of the programmes (`own_lessons`, `illness`, …)."""

    reason: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    words: Annotated[str, Field(max_length=500)] = ""
    """Own words, which some reasons (`other`) cannot do without; they are kept here, and are in no fact."""


class Call(Request):
    """Which colleges are asked for anybody who can come."""

    college_ids: Annotated[tuple[CollegeId, ...], Field(min_length=1, max_length=50)]


class SessionCall(Call):
    """For a lead, or for the assistants that the session lacks."""

    role: Literal[Role.LEAD, Role.ASSISTANT] = Role.LEAD


class OfferSeen(BaseModel):
    """An offer or the assignment it became, and what it is for."""

    assignment_id: AssignmentId
    order_id: OrderId
    session_id: SessionId | None
    batch_id: UUID | None
    role: Role
    college_id: CollegeId
    person_id: PersonId | None
    slot: Slot
    division: DivisionCode | None
    """Where; none = online."""
    enterprise_id: str | None
    needs: Needs
    state: OfferState
    open_call: bool
    answer_by: datetime
    name_by: datetime | None
    """Of a place that was taken: until when the college says who comes."""
    step: int
    linked: AssignmentId | None
    version: int


class Answered(BaseModel):
    """What became of one of several."""

    assignment_id: AssignmentId
    accepted: bool
    code: str | None = None
    detail: dict[str, str] | None = None


class Called(BaseModel):
    """The offers of an open call, one a college."""

    assignment_ids: list[AssignmentId]


@router.get("/offers")
async def offers(
    tx: Transaction,
    by: Office,
    state: Annotated[Literal["open", "firm", "all"], Query()] = "open",
    since: Annotated[date | None, Query(description="Held on this day or later.")] = None,
) -> list[OfferSeen]:
    """Offers that are not settled (or firm, or all): a college its own, the union everybody's.

    `open`: those that wait for an answer, or were taken and wait for a name (`taken`), answers to a call that is
    not decided (`volunteered`), and halves of a swap that wait for the other half (`agreed`).
    """
    states = {"open": UNSETTLED, "firm": (OfferState.FIRM,), "all": ()}[state]
    return [seen(each) for each in await reads.offers(tx, college_id=_own(by), states=states, since=since)]


@router.get("/offers/{assignment_id}", responses=refusals("offer.unknown"))
async def offer(assignment_id: AssignmentId, tx: Transaction, by: Office, response: Response) -> OfferSeen:
    """One offer."""
    found = await reads.offer(tx, assignment_id, college_id=_own(by))
    set_version(response, found[1])
    return seen(found)


@router.post("/offers/accept")
async def accept_all(asked: Several, tx: Transaction, by: College) -> list[Answered]:
    """Accept several directed offers, each for itself: the answer says which were taken and why others not."""
    told = await answers.accept_all(tx, asked.assignment_ids, college_id=college_of(by), by=by)
    return [_answered(each, refused) for each, refused in told.items()]


@router.post(
    "/offers/{assignment_id}/accept",
    responses=refusals(
        *ANSWER, "offer.names_nobody", "offer.for_somebody_else", "person.cannot_come", "person.taken"
    ),
)
async def accept(
    *,
    assignment_id: AssignmentId,
    tx: Transaction,
    by: College,
    response: Response,
    asked: Acceptance | None = None,
    if_match: IfMatch = None,
) -> OfferSeen:
    """Send the person proposed; to an open call, somebody of one's own.

    Where other colleges may still answer the call, the person is held (`volunteered`) until it is decided.
    """
    await check(tx, assignment_id, by, if_match)
    person_id = asked.person_id if asked else None
    await answers.accept(tx, assignment_id, person_id, college_id=college_of(by), by=by)
    return await as_it_is(tx, assignment_id, by, response)


@router.post(
    "/offers/{assignment_id}/substitute",
    responses=refusals(
        *ANSWER,
        "offer.begun",
        "offer.linked",
        "offer.same_person",
        "person.unknown",
        "person.cannot_come",
        "person.taken",
    ),
)
async def substitute(
    *,
    assignment_id: AssignmentId,
    asked: Substitution,
    tx: Transaction,
    by: College,
    response: Response,
    if_match: IfMatch = None,
) -> OfferSeen:
    """Send somebody else of the college, before or after it was accepted."""
    await check(tx, assignment_id, by, if_match)
    await answers.substitute(tx, assignment_id, asked.person_id, college_id=college_of(by), by=by)
    return await as_it_is(tx, assignment_id, by, response)


@router.post("/offers/{assignment_id}/decline", responses=refusals(*ANSWER, *REASON))
async def decline(
    *,
    assignment_id: AssignmentId,
    asked: Declining,
    tx: Transaction,
    by: College,
    response: Response,
    if_match: IfMatch = None,
) -> OfferSeen:
    """Say no with a reason; the next best is asked in the same moment."""
    await check(tx, assignment_id, by, if_match)
    why = declining(tx.known, asked.reason, asked.words)
    await answers.decline(tx, assignment_id, why, asked.words, college_id=college_of(by), by=by)
    return await as_it_is(tx, assignment_id, by, response)


@router.post(
    "/offers/{assignment_id}/withdraw",
    responses=refusals("offer.unknown", "offer.not_firm", "offer.begun", "version.stale", *REASON),
)
async def withdraw(
    *,
    assignment_id: AssignmentId,
    asked: Declining,
    tx: Transaction,
    by: College,
    response: Response,
    if_match: IfMatch = None,
) -> OfferSeen:
    """Give a firm promise back with a reason, before it begins; the next best is asked in the same moment."""
    await check(tx, assignment_id, by, if_match)
    why = declining(tx.known, asked.reason, asked.words)
    await answers.withdraw(tx, assignment_id, why, asked.words, college_id=college_of(by), by=by)
    return await as_it_is(tx, assignment_id, by, response)


@router.post(
    "/sessions/{session_id}/open-call",
    status_code=201,
    responses=refusals("call.session_unknown", "call.session_off", "call.session_begun", *CALL),
)
async def open_call(session_id: SessionId, asked: SessionCall, tx: Transaction, by: Coordinator) -> Called:
    """Ask several colleges for anybody who can come.

    After the first answer others may answer within the programme's window; then the least loaded has it, against
    the college's target and the person's fair load, and of equals the earlier answer. All are told why.
    """
    made = await calls.call_for_session(tx, session_id, asked.college_ids, role=asked.role, by=by)
    return Called(assignment_ids=made)


@router.post(
    "/batches/{batch_id}/open-call",
    status_code=201,
    responses=refusals("call.batch_unknown", "call.batch_off", "call.batch_begun", *CALL),
)
async def open_call_for_batch(batch_id: BatchId, asked: Call, tx: Transaction, by: Coordinator) -> Called:
    """Ask several colleges for the assessors that are missing; each answer names one, until nobody is missing."""
    made = await calls.call_for_batch(tx, batch_id, asked.college_ids, by=by)
    return Called(assignment_ids=made)


@router.get("/assignments")
async def assignments(
    tx: Transaction,
    by: Reader,
    person: Annotated[Literal["me"] | PersonId | None, Query()] = None,
    session_id: Annotated[SessionId | None, Query()] = None,
) -> list[OfferSeen]:
    """Firm assignments of a person (`me`, for an instructor or assessor) or of a session."""
    person_id = None if person == "me" else person
    if not by.may("college", "union"):
        own = person_of(by)
        if own is None or person_id not in {None, own}:
            raise NotFound("person.unknown")
        person_id = own
    elif person == "me":
        raise NotFound("person.unknown")
    college = None if by.may("union") or not by.may("college") else college_of(by)
    found = await reads.offers(
        tx, college_id=college, person_id=person_id, duty_id=session_id, states=(OfferState.FIRM,)
    )
    return [seen(each) for each in found]


def seen(listed: reads.Listed) -> OfferSeen:
    """As people see it."""
    made, version, duty = listed
    told = {name: getattr(made, name) for name in OfferSeen.model_fields if hasattr(made, name)}
    return OfferSeen(
        **told,
        session_id=duty.session_id,
        batch_id=duty.duty_id if duty.is_batch else None,
        division=duty.division,
        enterprise_id=duty.site,
        needs=duty.needs,
        version=version,
    )


def person_of(by: Actor) -> PersonId | None:
    """The person that the actor is, for instructors and assessors."""
    return UUID(by.person) if by.person else None


def _own(by: Actor) -> CollegeId | None:
    return None if by.may("union") else college_of(by)


def college_of(by: Actor) -> CollegeId:
    """The college for which is answered."""
    return by.organisation or ""


async def check(tx: Transaction, assignment_id: AssignmentId, by: Actor, if_match: str | None) -> None:
    """Whether the offer is still as whoever answers has seen it."""
    if if_match is not None:
        check_version(if_match, await answers.held_version(tx, assignment_id, college_id=college_of(by)))


async def as_it_is(tx: Transaction, assignment_id: AssignmentId, by: Actor, response: Response) -> OfferSeen:
    """The offer after the answer, with its version."""
    found = await reads.offer(tx, assignment_id, college_id=college_of(by))
    set_version(response, found[1])
    return seen(found)


def _answered(assignment_id: AssignmentId, refused: Refused | None) -> Answered:
    if refused is None:
        return Answered(assignment_id=assignment_id, accepted=True)
    return Answered(
        assignment_id=assignment_id,
        accepted=False,
        code=refused.code,
        detail=sentences_of(refused.code, refused.parameters),
    )
