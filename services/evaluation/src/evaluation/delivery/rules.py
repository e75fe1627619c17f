"""How a session is held: opened by its lead, signed in to, closed, confirmed. Times are UTC, `today` is local."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from contracts.evaluation import (
    AttendanceCorrected,
    DeliveryCompleted,
    DeliveryFact,
    SessionClosed,
    SessionConfirmed,
    SessionDisputed,
    SessionOpened,
)
from contracts.refusals import Invalid, NotAllowed, Refused
from contracts.values import (
    ActId,
    AssignmentId,
    Attendance,
    ClassHours,
    CohortId,
    DivisionCode,
    EnterpriseId,
    LevelCode,
    Minutes,
    OccupationCode,
    OrderId,
    PersonId,
    Reason,
    SessionId,
    Slot,
    Way,
    WorkerId,
)


class State(StrEnum):
    """Where a session stands."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


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
    version: int = 1

    def is_led_by(self, person: PersonId | None) -> bool:
        """Who opened it stays responsible for it, though the assignment may go on to somebody else."""
        return person is not None and person in (self.lead, self.opened_by)


@dataclass(frozen=True)
class SignIn:
    """One worker says "here", or is called and answers. `at` is the time on the phone."""

    act_id: ActId
    worker_id: WorkerId
    at: datetime
    way: Way


class Taken(StrEnum):
    """What became of an act."""

    TAKEN = "taken"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """To one act; `reason` is the rule that refused it."""

    act_id: ActId
    outcome: Taken
    reason: str | None = None


def open_session(session: Session, *, person: PersonId | None, today: date, at: datetime) -> SessionOpened:
    """Only the firm lead opens a session, on its day or later (never before), once."""
    if session.lead is None:
        raise Refused("session.no_lead")
    if person != session.lead:
        raise NotAllowed("session.another_lead")
    if session.state is not State.PLANNED:
        raise Refused("session.not_planned", state=session.state)
    if today < session.slot.day:
        raise Refused("session.not_yet", day=session.slot.day)
    return SessionOpened(
        order_id=session.order_id, session_id=session.session_id, person_id=session.lead, opened_at=at
    )


def check_lead(session: Session, person: PersonId | None) -> None:
    """`session.another_lead` for everybody but the lead."""
    if not session.is_led_by(person):
        raise NotAllowed("session.another_lead")


def sign_in(
    session: Session,
    cohort: Collection[WorkerId],
    signed: Mapping[WorkerId, SignIn],
    act: SignIn,
) -> Answer:
    """Whether an act counts. The same act again, or a second of the same worker, counts nothing more."""
    refused = _against_sign_in(session, cohort, act)
    earlier = signed.get(act.worker_id)
    if earlier is not None and (earlier.act_id == act.act_id or refused is None):
        return Answer(act.act_id, Taken.ALREADY)
    if refused is None and any(other.act_id == act.act_id for other in signed.values()):
        refused = "sign_in.act_of_another"
    return Answer(act.act_id, Taken.REFUSED if refused else Taken.TAKEN, refused)


def _against_sign_in(session: Session, cohort: Collection[WorkerId], act: SignIn) -> str | None:
    if session.state is State.PLANNED:
        return "sign_in.not_open"
    if session.state is not State.OPEN:
        return "sign_in.closed"
    if act.worker_id not in cohort:
        return "sign_in.another_cohort"
    if act.at >= session.slot.ends_at:
        return "sign_in.after_end"
    return None


def close(
    session: Session,
    cohort: Collection[WorkerId],
    signed: Mapping[WorkerId, SignIn],
    *,
    person: PersonId | None,
    at: datetime,
    class_hour_minutes: int,
) -> SessionClosed:
    """Whoever leads it closes it, once it has begun: who signed in attended, everybody else was absent."""
    check_lead(session, person)
    if session.state is not State.OPEN or session.opened_by is None:
        raise Refused("session.not_open", state=session.state)
    if at < session.slot.starts_at:
        raise Refused("session.not_begun", starts_at=session.slot.starts_at.isoformat())
    attended = tuple(
        Attendance(
            worker_id=worker,
            minutes=minutes_of(session, act, class_hour_minutes),
            way=act.way,
            act_id=act.act_id,
        )
        for worker, act in sorted(signed.items())
    )
    return SessionClosed(
        order_id=session.order_id,
        session_id=session.session_id,
        person_id=session.opened_by,
        cohort_id=session.cohort_id,
        class_hours=session.class_hours,
        attended=attended,
        absent=len(set(cohort) - set(signed)),
        closed_at=at,
    )


def minutes_of(session: Session, act: SignIn, class_hour_minutes: int) -> Minutes:
    """The session's class-hours in minutes, less the minutes that the worker came late; 1 at least."""
    late = int((act.at - session.slot.starts_at).total_seconds()) // 60
    return max(1, session.class_hours * class_hour_minutes - max(0, late))


def confirm(session: Session) -> SessionConfirmed:
    """The enterprise confirms a closed session, also one that it disputed before."""
    if session.state not in (State.CLOSED, State.DISPUTED):
        raise Refused("session.not_closed", state=session.state)
    return SessionConfirmed(
        order_id=session.order_id, session_id=session.session_id, person_times=len(session.attended)
    )


def dispute(session: Session, reason: Reason) -> SessionDisputed:
    """The enterprise disputes a closed session; it confirms it when attendance is corrected."""
    if session.state is not State.CLOSED:
        raise Refused("session.not_closed", state=session.state)
    return SessionDisputed(order_id=session.order_id, session_id=session.session_id, reason=reason)


def correct(
    session: Session,
    cohort: Collection[WorkerId],
    *,
    delivered: bool,
    worker_id: WorkerId,
    minutes: Minutes,
    act_id: ActId,
    reason: Reason,
    class_hour_minutes: int,
) -> AttendanceCorrected | None:
    """One worker's attendance is set right, until the order's delivery is completed; nothing if it is so."""
    if session.state not in HELD:
        raise Refused("session.not_closed", state=session.state)
    if delivered:
        raise Refused("delivery.completed_already")
    if worker_id not in cohort:
        raise Invalid("attendance.another_cohort", field="body.worker_id", worker_id=worker_id)
    most = session.class_hours * class_hour_minutes
    if minutes > most:
        raise Invalid("attendance.too_long", field="body.minutes", minutes=minutes, most=most)
    entry = next((each for each in session.attended if each.worker_id == worker_id), None)
    if (entry.minutes if entry else 0) == minutes:
        return None
    return AttendanceCorrected(
        order_id=session.order_id,
        session_id=session.session_id,
        worker_id=worker_id,
        minutes=minutes,
        way=Way.ROLL_CALL,
        act_id=act_id,
        reason=reason,
    )


@dataclass(frozen=True)
class Delivery:
    """How far the teaching of an order is: sessions promised by its schemes, and told one by one so far."""

    order_id: OrderId
    promised: int = 0
    arrived: int = 0
    completed: bool = False


def complete(delivery: Delivery, sessions: Sequence[Session]) -> DeliveryCompleted | None:
    """The delivery is complete when every session that was promised and not cancelled is confirmed."""
    standing = [each for each in sessions if each.state is not State.CANCELLED]
    if delivery.completed or delivery.arrived < delivery.promised or not standing:
        return None
    if any(each.state is not State.CONFIRMED for each in standing):
        return None
    return DeliveryCompleted(
        order_id=delivery.order_id,
        sessions=len(standing),
        heads=len({entry.worker_id for each in standing for entry in each.attended}),
        person_times=sum(len(each.attended) for each in standing),
        class_hours=sum(each.class_hours for each in standing),
    )


def evolve(session: Session, fact: DeliveryFact) -> Session:
    """The session after a fact, for every fact about the holding of one. Nothing else changes what was held."""
    after = replace(session, version=session.version + 1)
    match fact:
        case SessionOpened():
            return replace(after, state=State.OPEN, opened_by=fact.person_id)
        case SessionClosed():
            return replace(after, state=State.CLOSED, attended=fact.attended, absent=fact.absent)
        case SessionDisputed():
            return replace(after, state=State.DISPUTED)
        case SessionConfirmed():
            return replace(after, state=State.CONFIRMED)
        case AttendanceCorrected():
            return _corrected(after, fact)
    raise TypeError(f"{fact.type} says nothing about a session")


def _corrected(session: Session, fact: AttendanceCorrected) -> Session:
    others = tuple(each for each in session.attended if each.worker_id != fact.worker_id)
    entry = Attendance(worker_id=fact.worker_id, minutes=fact.minutes, way=fact.way, act_id=fact.act_id)
    attended = tuple(sorted((*others, entry), key=lambda each: each.worker_id)) if fact.minutes else others
    absent = session.absent + len(session.attended) - len(attended)
    return replace(session, attended=attended, absent=absent)
