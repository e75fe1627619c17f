"""A session as it is held, and what its facts make of it. Plain values; times are UTC."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

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
    CohortId,
    DivisionCode,
    EnterpriseId,
    LevelCode,
    OccupationCode,
    OrderId,
    PersonId,
    SessionId,
    Slot,
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
    attended: tuple[Attendance, ...] = ()
    absent: int = 0
    closed_at: datetime | None = None
    confirmed: Confirmed | None = None
    onsite: bool = False
    """False also of a session that was told before this was kept."""
    version: int = 1

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
    match fact:
        case SessionOpened():
            return replace(after, state=State.OPEN, opened_by=fact.person_id)
        case SessionMissed():
            return replace(after, state=State.MISSED)
        case SessionClosed():
            return replace(
                after,
                state=State.CLOSED,
                attended=fact.attended,
                absent=fact.absent,
                closed_at=fact.closed_at,
            )
        case SessionDisputed():
            return replace(after, state=State.DISPUTED)
        case SessionConfirmed():
            return replace(after, state=State.CONFIRMED, confirmed=_confirmed(fact))
        case AttendanceCorrected():
            return _corrected(after, fact)
    raise TypeError(f"{fact.type} says nothing about a session")


def _confirmed(fact: SessionConfirmed) -> Confirmed:
    if fact.lapsed:
        return Confirmed.LAPSED
    return Confirmed.UNION if fact.settled_by_union else Confirmed.ENTERPRISE


def _corrected(session: Session, fact: AttendanceCorrected) -> Session:
    others = tuple(each for each in session.attended if each.worker_id != fact.worker_id)
    entry = Attendance(worker_id=fact.worker_id, minutes=fact.minutes, way=fact.way, act_id=fact.act_id)
    attended = tuple(sorted((*others, entry), key=lambda each: each.worker_id)) if fact.minutes else others
    absent = session.absent + len(session.attended) - len(attended)
    corrected = replace(session, attended=attended, absent=absent)
    if session.state is State.CONFIRMED:
        return corrected
    # a dispute is answered, or the figures are others: the enterprise confirms or disputes, and its time runs anew
    return replace(corrected, state=State.CLOSED, closed_at=fact.corrected_at or session.closed_at)
