"""Addresses of sessions as they are held."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from contracts.evaluation import SessionClosed
from contracts.sentences import sentences_of
from contracts.values import (
    ActId,
    Attendance,
    ClassHours,
    LevelCode,
    OccupationCode,
    OrderId,
    PersonId,
    Reason,
    SessionId,
    Slot,
    Way,
    WorkerId,
)
from evaluation import actors, directory
from evaluation.delivery import commands, correcting
from evaluation.delivery.as_read import AsRead, Reader
from evaluation.delivery.commands import Answer, Confirmed, Session, SignIn, State
from evaluation.delivery.correction_routes import CorrectionView
from servicekit.http import Request, Router, Transaction, refusals, set_version
from servicekit.identity import Actor, actor_with

router = Router(tags=["sessions"])
Instructor = Annotated[Actor, Depends(actor_with("instructor"))]
Enterprise = Annotated[Actor, Depends(actor_with("enterprise"))]
InstructorOrUnion = Annotated[Actor, Depends(actor_with("instructor", "union"))]
Words = Annotated[str, Field(max_length=4000)]
"""Free words; they stay in this service, encrypted."""


class Act(Request):
    """One sign-in: `act_id` is made by the phone, `at` is the moment as it knows it."""

    act_id: ActId
    worker_id: WorkerId
    at: AwareDatetime
    way: Way
    clock_offset: Annotated[int, Field(ge=-(10**9), le=10**9)] = 0
    """How far the phone's own clock was behind the service's when it last had a network (s)."""


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


class Report(Request):
    """The lead's report."""

    report_text: Words | None = None


class Closed(BaseModel):
    """What was counted."""

    person_times: int
    absent: int

    @classmethod
    def of(cls, closed: SessionClosed) -> "Closed":
        """From the fact."""
        return cls(person_times=len(closed.attended), absent=closed.absent)


class Dispute(Request):
    """Why the enterprise says that the session was not held as reported."""

    reason: Reason
    text: Words | None = None


class SessionView(BaseModel):
    """A session as it stands here."""

    session_id: SessionId
    order_id: OrderId
    line: int
    occupation: OccupationCode
    level: LevelCode
    class_hours: ClassHours
    day: date
    slot: Slot
    state: State
    confirmed: Confirmed | None
    answer_until: AwareDatetime | None
    """Until when the enterprise confirms or disputes it; after that its silence confirms."""
    lead: PersonId | None
    person_times: int
    absent: int

    @classmethod
    def of(cls, session: Session, until: datetime | None) -> "SessionView":
        """What everybody sees who may see the session."""
        return cls(
            session_id=session.session_id,
            order_id=session.order_id,
            line=session.line,
            occupation=session.occupation,
            level=session.level,
            class_hours=session.class_hours,
            day=session.slot.day,
            slot=session.slot,
            state=session.state,
            confirmed=session.confirmed,
            answer_until=until,
            lead=session.lead,
            person_times=len(session.attended),
            absent=session.absent,
        )


class SheetRow(BaseModel):
    """One worker of the cohort on the attendance sheet."""

    worker_id: WorkerId
    name: str
    signed_in: bool
    signed_at: AwareDatetime | None = None
    way: Way | None = None
    attendance: Attendance | None = None


class SessionSheet(SessionView):
    """The session with its attendance sheet."""

    rows: list[SheetRow]
    corrections: list[CorrectionView]
    report_text: str | None = None


@router.post(
    "/sessions/{session_id}/open",
    status_code=204,
    responses=refusals(
        "session.unknown",
        "session.no_lead",
        "session.another_lead",
        "session.not_planned",
        "session.not_yet",
        "session.too_late_to_open",
        "version.stale",
    ),
)
async def open_session(session_id: SessionId, tx: Transaction, by: Instructor, _: AsRead) -> None:
    """Open the session; only its firm lead, not before its day and not days after it."""
    await commands.open_session(tx, session_id, by=by)


@router.post(
    "/sessions/{session_id}/sign-in",
    responses=refusals("session.unknown", "session.another_lead"),
)
async def sign_in(session_id: SessionId, given: Acts, tx: Transaction, by: Instructor) -> list[ActAnswer]:
    """Sign workers in. Every act has its own answer; sent again, it counts once."""
    acts = [SignIn(each.act_id, each.worker_id, each.at, each.way, each.clock_offset) for each in given.acts]
    answers = await commands.take_acts(tx, session_id, acts, by=by)
    return [ActAnswer.of(each) for each in answers]


@router.post(
    "/sessions/{session_id}/close",
    responses=refusals(
        "session.unknown",
        "session.another_lead",
        "session.lead_closes",
        "session.not_open",
        "session.not_over",
        "version.stale",
    ),
)
async def close(
    session_id: SessionId, tx: Transaction, by: InstructorOrUnion, _: AsRead, given: Report | None = None
) -> Closed:
    """Close the session at its end: who signed in attended, everybody else of the cohort was absent.

    The union closes one that its lead has left open for days.
    """
    closed = await commands.close(tx, session_id, given.report_text if given else None, by=by)
    return Closed.of(closed)


@router.post(
    "/sessions/{session_id}/confirm",
    status_code=204,
    responses=refusals(
        "session.unknown",
        "session.not_closed",
        "version.stale",
    ),
)
async def confirm(session_id: SessionId, tx: Transaction, by: Enterprise, _: AsRead) -> None:
    """The enterprise confirms that the session was held. Silent until its time is over, it counts as having done so."""
    await commands.confirm(tx, session_id, by=by)


@router.post(
    "/sessions/{session_id}/dispute",
    status_code=204,
    responses=refusals("session.unknown", "session.not_closed", "version.stale"),
)
async def dispute(session_id: SessionId, given: Dispute, tx: Transaction, by: Enterprise, _: AsRead) -> None:
    """The enterprise says that the session was not held as reported."""
    await commands.dispute(tx, session_id, given.reason, given.text, by=by)


@router.get("/sessions", responses=refusals("order.unknown"))
async def list_sessions(
    tx: Transaction, by: Reader, order_id: Annotated[OrderId | None, Query()] = None
) -> list[SessionView]:
    """Sessions of an order (union, the enterprise), or those that the asker leads."""
    if order_id is not None:
        found = await commands.sessions_of(tx, order_id, seen_by=by)
    else:
        person = actors.person_of(by)
        found = await commands.sessions_led_by(tx, person) if person else []
    until = await commands.answers_until(tx, found)
    return [SessionView.of(each, until.get(each.session_id)) for each in found]


@router.get("/sessions/{session_id}", responses=refusals("session.unknown"))
async def read_session(
    session_id: SessionId, tx: Transaction, by: Reader, response: Response
) -> SessionSheet:
    """The session with its attendance sheet, for its lead, its enterprise and the union."""
    session = await commands.session_for(tx, session_id, seen_by=by)
    workers, signed, report = await commands.sheet_of(tx, session, seen_by=by)
    names = await directory.names(tx, workers)
    attended = {each.worker_id: each for each in session.attended}
    until = await commands.answers_until(tx, [session])
    set_version(response, session.version)
    return SessionSheet(
        **SessionView.of(session, until.get(session_id)).model_dump(),
        rows=[
            SheetRow(
                worker_id=each,
                name=names[each],
                signed_in=each in signed,
                signed_at=signed[each].at if each in signed else None,
                way=signed[each].way if each in signed else None,
                attendance=attended.get(each),
            )
            for each in workers
        ],
        corrections=[
            CorrectionView.of(each) for each in await correcting.of_session(tx, session, seen_by=by)
        ],
        report_text=report,
    )
