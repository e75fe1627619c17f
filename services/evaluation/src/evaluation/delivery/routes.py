"""Addresses of sessions as they are held."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from contracts.evaluation import SessionClosed
from contracts.programme_delivery import CreditRules
from contracts.values import (
    Attendance,
    ClassHours,
    Code,
    Guest,
    Handed,
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
from evaluation.delivery.act_routes import ClockOffset
from evaluation.delivery.as_read import AsRead, Reader
from evaluation.delivery.commands import Confirmed, End, Moment, Session, State
from evaluation.delivery.correction_routes import CorrectionView
from evaluation.delivery.present import Standing, standing_of
from servicekit.http import Request, Router, Transaction, refusals, set_version
from servicekit.identity import Actor, actor_with
from staffing.counting import person_times

router = Router(tags=["sessions"])
Instructor = Annotated[Actor, Depends(actor_with("instructor"))]
Enterprise = Annotated[Actor, Depends(actor_with("enterprise"))]
InstructorOrUnion = Annotated[Actor, Depends(actor_with("instructor", "union"))]
Words = Annotated[str, Field(max_length=4000)]
"""Free words; they stay in this service, encrypted."""


class Report(Request):
    """The lead's report; incidents and materials are codes of the programme's lists."""

    report_text: Words | None = None
    departed_at: AwareDatetime | None = None
    """When whoever led it went, by the phone; none = is not told."""
    class_left_at: AwareDatetime | None = None
    """When the whole class left, but for those who had signed out; none = was there to the end."""
    clock_offset: ClockOffset = 0
    incidents: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    incident_text: Words | None = None
    materials: Annotated[tuple[Handed, ...], Field(max_length=20)] = ()

    def end(self) -> End:
        """The moments, as the phone knows them."""
        departed, left = self.departed_at, self.class_left_at
        return End(
            departed=Moment(departed, self.clock_offset) if departed else None,
            class_left=Moment(left, self.clock_offset) if left else None,
        )

    def told(self) -> commands.Report:
        """As the rules read it."""
        return commands.Report(self.report_text, self.incidents, self.incident_text, self.materials)


class Opening(Request):
    """Whether who opens it is there already."""

    arrived_at: AwareDatetime | None = None
    """By the phone; none = opens it before arriving, or does not say."""
    clock_offset: ClockOffset = 0


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
            person_times=person_times(session),
            absent=session.absent,
        )


class Other(BaseModel):
    """A worker of the order who is not of the cohort."""

    worker_id: WorkerId
    name: str


class SheetRow(BaseModel):
    """One worker of the cohort on the attendance sheet."""

    worker_id: WorkerId
    name: str
    signed_in: bool
    signed_at: AwareDatetime | None = None
    left_at: AwareDatetime | None = None
    way: Way | None = None
    standing: list[Standing]
    """In words of their own: somebody may have come late and left early."""
    guest: Guest | None = None
    """Of another cohort; whether it makes up for a missed session is known once it is closed."""
    excused: Reason | None = None
    """Why the enterprise has excused them beforehand, whether or not they came."""
    attendance: Attendance | None = None


class SessionSheet(SessionView):
    """The session with its attendance sheet."""

    rows: list[SheetRow]
    others: list[Other]
    """Whom whoever leads it may call in from other cohorts, while it is open; told to them alone."""
    arrived_at: AwareDatetime | None
    departed_at: AwareDatetime | None
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
        "session.clock_off",
        "version.stale",
    ),
)
async def open_session(
    session_id: SessionId, tx: Transaction, by: Instructor, _: AsRead, given: Opening | None = None
) -> None:
    """Open the session; only its firm lead, not before its day and not days after it."""
    arrived = Moment(given.arrived_at, given.clock_offset) if given and given.arrived_at else None
    await commands.open_session(tx, session_id, by=by, arrived=arrived)


@router.post(
    "/sessions/{session_id}/close",
    responses=refusals(
        "session.unknown",
        "session.another_lead",
        "session.lead_closes",
        "session.not_open",
        "session.not_over",
        "session.clock_off",
        "report.incident_unknown",
        "report.material_unknown",
        "report.twice",
        "version.stale",
    ),
)
async def close(
    session_id: SessionId, tx: Transaction, by: InstructorOrUnion, _: AsRead, given: Report | None = None
) -> Closed:
    """Close the session at its end: who signed in attended, everybody else of the cohort was absent.

    The union closes one that its lead has left open for days.
    """
    report = given or Report()
    closed = await commands.close(tx, session_id, report.told(), by=by, end=report.end())
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
    responses=refusals(
        "session.unknown", "session.not_closed", "session.dispute_why_unknown", "version.stale"
    ),
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
    sheet = await commands.sheet_of(tx, session, seen_by=by)
    workers = sheet.workers(session)
    others = await commands.others_of(tx, session, by=by)
    names = await directory.names(tx, [*workers, *others])
    until = await commands.answers_until(tx, [session])
    set_version(response, session.version)
    return SessionSheet(
        **SessionView.of(session, until.get(session_id)).model_dump(),
        rows=[_row(each, session, sheet, names[each], commands.crediting(tx, session)) for each in workers],
        others=[Other(worker_id=each, name=names[each]) for each in others if each not in sheet.signed],
        arrived_at=session.arrived_at,
        departed_at=session.departed_at,
        corrections=[
            CorrectionView.of(each) for each in await correcting.of_session(tx, session, seen_by=by)
        ],
        report_text=sheet.report,
    )


def _row(worker: WorkerId, session: Session, sheet: commands.Sheet, name: str, rule: CreditRules) -> SheetRow:
    came, left = sheet.signed.get(worker), sheet.left.get(worker)
    record = next((each for each in session.attended if each.worker_id == worker), None)
    left_at = record.left_at if record else left.at if left else None
    guest = None if worker in sheet.cohort else Guest.WALK_IN
    return SheetRow(
        worker_id=worker,
        name=name,
        signed_in=came is not None,
        signed_at=came.at if came else None,
        left_at=left_at,
        way=came.way if came else None,
        standing=standing_of(session, worker, came.at if came else None, left_at, rule),
        guest=record.guest if record else guest,
        excused=next((each.reason for each in session.excused if each.worker_id == worker), None),
        attendance=record,
    )
