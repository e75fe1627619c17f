"""How a session is held: opened by its lead, signed in to, closed, confirmed. Times are UTC, `today` is local."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.attendance import InstructorArrived, WorkerExcused
from contracts.evaluation import (
    DeliveryCompleted,
    SessionClosed,
    SessionConfirmed,
    SessionDisputed,
    SessionMissed,
    SessionOpened,
)
from contracts.programme_delivery import DeliveryRules
from contracts.refusals import Invalid, NotAllowed, Refused
from contracts.values import Attendance, Guest, PersonId, Reason, SessionId, WorkerId
from evaluation.delivery import present
from evaluation.delivery.reasons import check_reason
from evaluation.delivery.session import Delivery, Session, SignIn, SignOut, State
from staffing.counting import person_times, totals


@dataclass(frozen=True)
class Moment:
    """A moment as a phone knows it, with how far its clock was behind ours (s)."""

    at: datetime
    clock_offset: int = 0


@dataclass(frozen=True)
class End:
    """What whoever closes a session says of its end: when they went, and when the whole class did."""

    departed: Moment | None = None
    class_left: Moment | None = None


NOTHING_TOLD = End()
NOBODY: Mapping[WorkerId, SignOut] = {}
NOTHING: Mapping[WorkerId, SessionId] = {}


def open_session(
    session: Session,
    *,
    person: PersonId | None,
    today: date,
    at: datetime,
    limits: DeliveryRules,
    arrived: Moment | None = None,
) -> SessionOpened:
    """Only the firm lead opens a session, once: on its day, or as late as a phone without a network may be."""
    if session.lead is None:
        raise Refused("session.no_lead")
    if person != session.lead:
        raise NotAllowed("session.another_lead")
    until = opening_until(session, limits)
    if session.state is State.MISSED or (session.state is State.PLANNED and at >= until):
        raise Refused("session.too_late_to_open", until=session.local(until))
    if session.state is not State.PLANNED:
        raise Refused("session.not_planned", state=session.state)
    if today < session.slot.day:
        raise Refused("session.not_yet", day=session.slot.day)
    return SessionOpened(
        order_id=session.order_id,
        session_id=session.session_id,
        person_id=session.lead,
        opened_at=at,
        arrived_at=moment_of(arrived, at=at, limits=limits) if arrived else None,
    )


def arrive(
    session: Session, moment: Moment, *, person: PersonId | None, at: datetime, limits: DeliveryRules
) -> InstructorArrived | None:
    """Who leads the session is there, once; the same told again changes nothing."""
    check_lead(session, person)
    if session.state not in (State.PLANNED, State.OPEN):
        raise Refused("session.not_open", state=session.state)
    arrived = moment_of(moment, at=at, limits=limits)
    if session.arrived_at == arrived:
        return None
    if session.arrived_at is not None:
        raise Refused("session.arrived_already", at=session.local(session.arrived_at))
    if arrived.astimezone(ZoneInfo(session.slot.zone)).date() != session.slot.day:
        raise Refused("session.not_its_day", day=session.slot.day)
    assert person is not None
    return InstructorArrived(
        order_id=session.order_id, session_id=session.session_id, person_id=person, arrived_at=arrived
    )


def moment_of(moment: Moment, *, at: datetime, limits: DeliveryRules) -> datetime:
    """What a phone says; `session.clock_off` when its clock is further off, or ahead, than phones are."""
    allowed = timedelta(minutes=limits.phone_ahead_minutes.value)
    off = max(abs(timedelta(seconds=moment.clock_offset)), moment.at - at)
    if off > allowed:
        raise Refused("session.clock_off", minutes=int(off.total_seconds()) // 60)
    return moment.at


def excuse(
    session: Session,
    cohort: Collection[WorkerId],
    worker_id: WorkerId,
    code: str,
    *,
    at: datetime,
    limits: DeliveryRules,
) -> WorkerExcused:
    """The enterprise excuses a worker before the session begins, for a reason that the rules know."""
    if session.state not in (State.PLANNED, State.OPEN):
        raise Refused("session.not_planned", state=session.state)
    if at >= session.slot.starts_at:
        raise Refused("attendance.excuse_too_late", begins=session.local(session.slot.starts_at))
    if worker_id not in cohort:
        raise Invalid("attendance.another_cohort", field="body.worker_id", worker_id=worker_id)
    if code not in {each.code for each in limits.excuses.value}:
        raise Invalid("attendance.excuse_unknown", field="body.reason", reason=code)
    if any(each.worker_id == worker_id for each in session.excused):
        raise Refused("attendance.excused_already")
    return WorkerExcused(
        order_id=session.order_id,
        session_id=session.session_id,
        worker_id=worker_id,
        reason=Reason(code=code),
        excused_at=at,
    )


def opening_until(session: Session, limits: DeliveryRules) -> datetime:
    """From this moment on the session is not opened any more."""
    return session.slot.ends_at + timedelta(hours=limits.open_late_hours.value)


def miss(session: Session, *, at: datetime, limits: DeliveryRules) -> SessionMissed | None:
    """Nobody opened it and nobody can any more; nothing while somebody still may."""
    until = opening_until(session, limits)
    if session.state is not State.PLANNED or at < until:
        return None
    return SessionMissed(
        order_id=session.order_id,
        session_id=session.session_id,
        slot=session.slot,
        opening_until=until,
        person_id=session.lead,
    )


def check_lead(session: Session, person: PersonId | None) -> None:
    """`session.another_lead` for everybody but the lead."""
    if not session.is_led_by(person):
        raise NotAllowed("session.another_lead")


def close(
    session: Session,
    cohort: Collection[WorkerId],
    signed: Mapping[WorkerId, SignIn],
    *,
    person: PersonId | None,
    at: datetime,
    limits: DeliveryRules,
    class_hour_minutes: int,
    union: bool = False,
    left: Mapping[WorkerId, SignOut] = NOBODY,
    end: End = NOTHING_TOLD,
    made_up: Mapping[WorkerId, SessionId] = NOTHING,
) -> SessionClosed:
    """Whoever leads it closes it when it is over, or nearly: who signed in attended, all others were absent.

    Who did not sign out was there to the end, or until the class left. `made_up`: the missed sessions of those of
    other cohorts. The union closes what its lead left open for so long that no phone can have anything to send.
    """
    if union:
        check_left_open(session, at=at, limits=limits)
    else:
        check_lead(session, person)
    if session.state is not State.OPEN or session.opened_by is None:
        raise Refused("session.not_open", state=session.state)
    closes_from = session.slot.ends_at - timedelta(minutes=limits.close_early_minutes.value)
    if at < closes_from:
        raise Refused("session.not_over", closes_from=session.local(closes_from))
    departed = moment_of(end.departed, at=at, limits=limits) if end.departed else None
    class_left = moment_of(end.class_left, at=at, limits=limits) if end.class_left else None
    rule = limits.crediting(session.slot.day)
    when = present.taught(session, departed, rule)
    attended = []
    for worker, act in sorted(signed.items()):
        out = left[worker].at if worker in left else act.left_at or class_left
        minutes = present.minutes_of(session, when, act.at, out, class_hour_minutes)
        attended.append(
            Attendance(
                worker_id=worker,
                minutes=minutes,
                way=act.way,
                act_id=act.act_id,
                at=act.at,
                on_paper=act.on_paper,
                left_at=out,
                class_hours=present.credited(minutes, session.class_hours, rule, class_hour_minutes),
                guest=None if worker in cohort else _guest(worker, made_up),
                makes_up=None if worker in cohort else made_up.get(worker),
            )
        )
    absent = set(cohort) - set(signed)
    return SessionClosed(
        order_id=session.order_id,
        session_id=session.session_id,
        person_id=session.opened_by,
        cohort_id=session.cohort_id,
        class_hours=session.class_hours,
        attended=tuple(attended),
        absent=len(absent),
        closed_at=at,
        excused=tuple(each for each in session.excused if each.worker_id in absent),
        arrived_at=session.arrived_at,
        departed_at=departed,
    )


def _guest(worker: WorkerId, made_up: Mapping[WorkerId, SessionId]) -> Guest:
    return Guest.MAKE_UP if worker in made_up else Guest.WALK_IN


def check_left_open(session: Session, *, at: datetime, limits: DeliveryRules) -> None:
    """`session.lead_closes` while the lead may still close it: as long as a session may be opened."""
    until = opening_until(session, limits)
    if session.state is State.OPEN and at < until:
        raise Refused("session.lead_closes", until=session.local(until))


def confirm(session: Session) -> SessionConfirmed:
    """The enterprise confirms a closed session, also one that it disputed before."""
    if session.state not in (State.CLOSED, State.DISPUTED):
        raise Refused("session.not_closed", state=session.state)
    return SessionConfirmed(
        order_id=session.order_id, session_id=session.session_id, person_times=person_times(session)
    )


def answer_until(session: Session, dispute_hours: int) -> datetime | None:
    """Until when the enterprise confirms or disputes; nothing where it is not asked."""
    if session.state is not State.CLOSED or session.closed_at is None:
        return None
    return session.closed_at + timedelta(hours=dispute_hours)


def lapse(session: Session, *, at: datetime, dispute_hours: int) -> SessionConfirmed | None:
    """The enterprise was silent for its whole time: that counts as a yes, and is marked as what it is.

    Nothing while it may still answer, nor of a session that it disputes: it has spoken.
    """
    until = answer_until(session, dispute_hours)
    if until is None or at < until:
        return None
    return SessionConfirmed(
        order_id=session.order_id,
        session_id=session.session_id,
        person_times=person_times(session),
        lapsed=True,
    )


def dispute(session: Session, reason: Reason, limits: DeliveryRules) -> SessionDisputed:
    """The enterprise disputes a closed session by a reason of the list; it confirms it when attendance is corrected."""
    if session.state is not State.CLOSED:
        raise Refused("session.not_closed", state=session.state)
    check_reason(reason, limits.disputes.value, "session.dispute_why_unknown")
    return SessionDisputed(order_id=session.order_id, session_id=session.session_id, reason=reason)


def complete(delivery: Delivery, sessions: Sequence[Session]) -> DeliveryCompleted | None:
    """The delivery is complete when every session that was promised and not cancelled is confirmed."""
    standing = [each for each in sessions if each.state is not State.CANCELLED]
    if delivery.completed or delivery.arrived < delivery.promised or not standing:
        return None
    if any(each.state is not State.CONFIRMED for each in standing):
        return None
    counted = totals(standing)
    return DeliveryCompleted(
        order_id=delivery.order_id,
        sessions=counted.sessions,
        heads=counted.heads,
        person_times=counted.person_times,
        class_hours=counted.class_hours,
    )
