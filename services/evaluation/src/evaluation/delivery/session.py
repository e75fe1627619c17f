"""A session as it is held, and what its facts make of it. Plain values; times are UTC."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from contracts.attendance import InstructorArrived, WorkerExcused
from contracts.evaluation import (
    AttendanceCorrected,
    DeliveryFact,
    SessionClosed,
    SessionConfirmed,
    SessionDisputed,
    SessionMissed,
    SessionOpened,
)
from contracts.values import (
    ActId,
    AssignmentId,
    Attendance,
    ClassHours,
    Code,
    CohortId,
    DivisionCode,
    EnterpriseId,
    Excused,
    Handed,
    LevelCode,
    OccupationCode,
    OrderId,
    PersonId,
    SessionId,
    Slot,
    UnitCode,
    Way,
    WorkerId,
)


class State(StrEnum):
    """Where a session stands."""

    PLANNED = "planned"
    MISSED = "missed"
    """Nobody opened it in time: it is moved or cancelled."""
    OPEN = "open"
    CLOSED = "closed"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Confirmed(StrEnum):
    """How a session came to be confirmed."""

    ENTERPRISE = "enterprise"
    UNION = "union"
    """In the place of an enterprise that was silent, before silence itself counted."""
    LAPSED = "lapsed"
    """The enterprise was silent for the programme's time."""


AHEAD = frozenset({State.PLANNED, State.MISSED})
"""Was not opened: another time, or none, may be told for it."""
HELD = frozenset({State.CLOSED, State.DISPUTED, State.CONFIRMED})


@dataclass(frozen=True)
class Session:
    """A session as it is to be held, or was."""

    session_id: SessionId
    order_id: OrderId
    cohort_id: CohortId
    line: int
    occupation: OccupationCode
    level: LevelCode
    class_hours: ClassHours
    enterprise_id: EnterpriseId
    division: DivisionCode
    slot: Slot
    state: State = State.PLANNED
    lead: PersonId | None = None
    """Who is firm to lead it now."""
    assignment: AssignmentId | None = None
    opened_by: PersonId | None = None
    arrived_at: datetime | None = None
    """When its lead was there, by the phone; none = was not told."""
    departed_at: datetime | None = None
    attended: tuple[Attendance, ...] = ()
    absent: int = 0
    excused: tuple[Excused, ...] = ()
    """Whom the enterprise has excused before it began, whether or not they came."""
    closed_at: datetime | None = None
    confirmed: Confirmed | None = None
    unit: UnitCode | None = None
    """What is taught; none = told before this was kept."""
    incidents: tuple[Code, ...] = ()
    materials: tuple[Handed, ...] = ()
    onsite: bool = False
    """False also of a session that was told before this was kept."""
    version: int = 1

    @property
    def workers(self) -> frozenset[WorkerId]:
        """Who was there: what `staffing.counting` counts."""
        return frozenset(each.worker_id for each in self.attended)

    def is_led_by(self, person: PersonId | None) -> bool:
        """Who opened it stays responsible for it, though the assignment may go on to somebody else."""
        return person is not None and person in (self.lead, self.opened_by)

    def local(self, at: datetime) -> str:
        """A moment as people at the session's place read it, with its offset."""
        return at.astimezone(ZoneInfo(self.slot.zone)).isoformat(timespec="minutes")


@dataclass(frozen=True)
class SignIn:
    """One worker says "here", or is called and answers. `at` is the moment, as the phone knows it."""

    act_id: ActId
    worker_id: WorkerId
    at: datetime
    way: Way
    clock_offset: int = 0
    """How far the phone's own clock was behind ours when it was last compared (s); `at` has it in already."""
    device: str | None = None
    """The mark of the phone that scanned, under a key of the session's own; none = not told."""
    walk_in: bool = False
    """Whoever calls says that this worker is of another cohort, and knows it."""
    on_paper: bool = False
    """Read from the signed sheet; `at` is the time in that stands there, or the session's begin."""
    left_at: datetime | None = None
    """The time out that stands on the sheet; none = stayed to the end."""


@dataclass(frozen=True)
class SignOut:
    """One worker leaves before the end. `at` is the moment, as the phone knows it."""

    act_id: ActId
    worker_id: WorkerId
    at: datetime
    way: Way
    clock_offset: int = 0


@dataclass(frozen=True)
class Delivery:
    """How far the teaching of an order is: sessions promised by its schemes, and told one by one so far."""

    order_id: OrderId
    promised: int = 0
    arrived: int = 0
    completed: bool = False


def evolve(session: Session, fact: DeliveryFact) -> Session:
    """The session after a fact, for every fact about the holding of one. Nothing else changes what was held."""
    after = replace(session, version=session.version + 1)
    if isinstance(fact, AttendanceCorrected):
        return _corrected(after, fact)
    return replace(after, **_changes(session, fact))


def _changes(session: Session, fact: DeliveryFact) -> dict[str, Any]:
    match fact:
        case SessionOpened():
            arrived = fact.arrived_at or session.arrived_at
            found = {"state": State.OPEN, "opened_by": fact.person_id, "arrived_at": arrived}
        case InstructorArrived():
            found = {"arrived_at": fact.arrived_at}
        case WorkerExcused():
            one = Excused(worker_id=fact.worker_id, reason=fact.reason)
            found = {"excused": (*session.excused, one)}
        case SessionMissed():
            found = {"state": State.MISSED}
        case SessionClosed():
            found = {
                "state": State.CLOSED,
                "attended": fact.attended,
                "absent": fact.absent,
                "closed_at": fact.closed_at,
                "arrived_at": fact.arrived_at or session.arrived_at,
                "departed_at": fact.departed_at,
                "incidents": fact.incidents,
                "materials": fact.materials,
            }
        case SessionDisputed():
            found = {"state": State.DISPUTED}
        case SessionConfirmed():
            found = {"state": State.CONFIRMED, "confirmed": _confirmed(fact)}
        case _:
            raise TypeError(f"{fact.type} says nothing about a session")
    return found


def _confirmed(fact: SessionConfirmed) -> Confirmed:
    if fact.lapsed:
        return Confirmed.LAPSED
    return Confirmed.UNION if fact.settled_by_union else Confirmed.ENTERPRISE


def _corrected(session: Session, fact: AttendanceCorrected) -> Session:
    others = tuple(each for each in session.attended if each.worker_id != fact.worker_id)
    stood = next((each for each in session.attended if each.worker_id == fact.worker_id), None)
    entry = Attendance(
        worker_id=fact.worker_id, minutes=fact.minutes, way=fact.way, act_id=fact.act_id,
        class_hours=fact.class_hours, guest=stood and stood.guest, makes_up=stood and stood.makes_up,
    )  # fmt: skip
    attended = tuple(sorted((*others, entry), key=lambda each: each.worker_id)) if fact.minutes else others
    guest = stood is not None and stood.guest is not None  # was never one of those who could be absent
    absent = session.absent + (0 if guest else len(session.attended) - len(attended))
    corrected = replace(session, attended=attended, absent=absent)
    if session.state is State.CONFIRMED:
        return corrected
    # a dispute is answered, or the figures are others: the enterprise confirms or disputes, and its time runs anew
    return replace(corrected, state=State.CLOSED, closed_at=fact.corrected_at or session.closed_at)
