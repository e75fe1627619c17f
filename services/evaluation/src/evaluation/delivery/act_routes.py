"""Addresses of a session while it is held: signing in and out, the instructor's arrival; and excuses before it."""

from typing import Annotated

from fastapi import Depends
from pydantic import AwareDatetime, BaseModel, Field

from contracts.sentences import sentences_of
from contracts.values import ActId, ReasonCode, SessionId, Way, WorkerId
from evaluation.delivery import commands, signing_in
from evaluation.delivery.commands import Answer, Moment, SignIn, SignOut
from servicekit.http import Request, Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(tags=["sessions"])
Instructor = Annotated[Actor, Depends(actor_with("instructor"))]
Enterprise = Annotated[Actor, Depends(actor_with("enterprise"))]
ClockOffset = Annotated[int, Field(ge=-(10**9), le=10**9)]
"""How far the phone's own clock was behind the service's when it last had a network (s)."""


class Act(Request):
    """One sign-in: `act_id` is made by the phone, `at` is the moment as it knows it."""

    act_id: ActId
    worker_id: WorkerId
    at: AwareDatetime
    way: Way
    clock_offset: ClockOffset = 0
    walk_in: bool = False
    """The worker is of another cohort of the order, and is called in."""


class Acts(Request):
    """Several sign-ins, in the order in which they were made."""

    acts: Annotated[list[Act], Field(min_length=1, max_length=500)]


class ActAnswer(BaseModel):
    """`taken`, `already` (counts nothing more), or `refused` with the rule's code and its sentence."""

    act_id: ActId
    outcome: str
    reason: str | None = None
    parameters: dict[str, int | str] = {}
    sentences: dict[str, str] = {}
    """Why it was refused, in every language: what the phone shows."""

    @classmethod
    def of(cls, answer: Answer) -> "ActAnswer":
        """From the rule's answer."""
        figures = dict(answer.figures)
        return cls(
            act_id=answer.act_id,
            outcome=answer.outcome,
            reason=answer.reason,
            parameters=figures,
            sentences=sentences_of(answer.reason, figures) if answer.reason else {},
        )


class Leave(Request):
    """One worker leaves before the end, or is called at the end: `at` is the moment as the phone knows it."""

    act_id: ActId
    worker_id: WorkerId
    at: AwareDatetime
    way: Way
    clock_offset: ClockOffset = 0


class Leaves(Request):
    """Several, in the order in which they were made."""

    acts: Annotated[list[Leave], Field(min_length=1, max_length=500)]


class Arrival(Request):
    """The moment as the phone knows it."""

    at: AwareDatetime
    clock_offset: ClockOffset = 0


class Excuse(Request):
    """Who will not come, and why: a code of the rules (`delivery.excuses`)."""

    worker_id: WorkerId
    reason: ReasonCode


@router.post("/sessions/{session_id}/sign-in", responses=refusals("session.unknown", "session.another_lead"))
async def sign_in(session_id: SessionId, given: Acts, tx: Transaction, by: Instructor) -> list[ActAnswer]:
    """Sign workers in. Every act has its own answer; sent again, it counts once."""
    acts = [
        SignIn(each.act_id, each.worker_id, each.at, each.way, each.clock_offset, walk_in=each.walk_in)
        for each in given.acts
    ]
    answers = await signing_in.take_acts(tx, session_id, acts, by=by)
    return [ActAnswer.of(each) for each in answers]


@router.post("/sessions/{session_id}/sign-out", responses=refusals("session.unknown", "session.another_lead"))
async def sign_out(session_id: SessionId, given: Leaves, tx: Transaction, by: Instructor) -> list[ActAnswer]:
    """Workers leave before the end. Every act has its own answer; who has none was there to the end."""
    acts = [SignOut(each.act_id, each.worker_id, each.at, each.way, each.clock_offset) for each in given.acts]
    answers = await signing_in.take_leaves(tx, session_id, acts, by=by)
    return [ActAnswer.of(each) for each in answers]


@router.post(
    "/sessions/{session_id}/arrival",
    status_code=204,
    responses=refusals(
        "session.unknown",
        "session.another_lead",
        "session.not_open",
        "session.clock_off",
        "session.arrived_already",
        "session.not_its_day",
    ),
)
async def arrive(session_id: SessionId, given: Arrival, tx: Transaction, by: Instructor) -> None:
    """Who leads the session is there, by the phone; once."""
    await commands.arrive(tx, session_id, Moment(given.at, given.clock_offset), by=by)


@router.post(
    "/sessions/{session_id}/excuses",
    status_code=204,
    responses=refusals(
        "session.unknown",
        "session.not_planned",
        "attendance.excuse_too_late",
        "attendance.another_cohort",
        "attendance.excuse_unknown",
        "attendance.excused_already",
    ),
)
async def excuse(session_id: SessionId, given: Excuse, tx: Transaction, by: Enterprise) -> None:
    """The enterprise says before the session begins that one of its people will not come."""
    await commands.excuse(tx, session_id, given.worker_id, given.reason, by=by)
