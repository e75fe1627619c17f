"""How a session is held: opened by its lead, signed in to, closed, confirmed. Times are UTC, `today` is local."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from contracts.evaluation import (
    DeliveryCompleted,
    SessionClosed,
    SessionConfirmed,
    SessionDisputed,
    SessionMissed,
    SessionOpened,
)
from contracts.programme_rules import DeliveryRules
from contracts.refusals import NotAllowed, Refused
from contracts.values import ActId, Attendance, Minutes, PersonId, Reason, WorkerId
from evaluation.delivery.session import AHEAD, Delivery, Session, SignIn, State


class Taken(StrEnum):
    """What became of an act."""

    TAKEN = "taken"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """To one act; `reason` is the rule that refused it, with its figures."""

    act_id: ActId
    outcome: Taken
    reason: str | None = None
    figures: Mapping[str, int | str] = field(default_factory=dict)


def open_session(
    session: Session, *, person: PersonId | None, today: date, at: datetime, limits: DeliveryRules
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
        order_id=session.order_id, session_id=session.session_id, person_id=session.lead, opened_at=at
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


def sign_in(
    session: Session,
    cohort: Collection[WorkerId],
    signed: Mapping[WorkerId, SignIn],
    act: SignIn,
    *,
    at: datetime,
    limits: DeliveryRules,
) -> Answer:
    """Whether an act counts. The same act again, or a second of the same worker, counts nothing more.

    When it is sent does not matter while the session is open: it may have been made without a network.
    """
    refused = _not_here(session, cohort, act)
    figures: dict[str, int | str] = {}
    if refused is None:
        refused, figures = _not_then(session, act, at=at, limits=limits)
    earlier = signed.get(act.worker_id)
    if earlier is not None and (earlier.act_id == act.act_id or refused is None):
        return Answer(act.act_id, Taken.ALREADY)
    if refused is None and any(other.act_id == act.act_id for other in signed.values()):
        refused = "sign_in.act_of_another"
    return Answer(act.act_id, Taken.REFUSED if refused else Taken.TAKEN, refused, figures)


def _not_here(session: Session, cohort: Collection[WorkerId], act: SignIn) -> str | None:
    if session.state in AHEAD:
        return "sign_in.not_open"
    if session.state is not State.OPEN:
        return "sign_in.closed"
    return None if act.worker_id in cohort else "sign_in.another_cohort"


def _not_then(
    session: Session, act: SignIn, *, at: datetime, limits: DeliveryRules
) -> tuple[str | None, dict[str, int | str]]:
    """The phone's clock against the session's time, and against now: phones are wrong by minutes, not by more."""
    allowed = timedelta(minutes=limits.phone_ahead_minutes.value)
    if abs(act.clock_offset) > allowed.total_seconds():
        return "sign_in.clock_off", {"minutes": abs(act.clock_offset) // 60}
    opens_at = session.slot.starts_at - timedelta(minutes=limits.sign_in_early_minutes.value)
    ahead = act.at - at
    if act.at < opens_at:
        return "sign_in.too_early", {"opens_at": session.local(opens_at)}
    if act.at >= session.slot.ends_at:
        return "sign_in.after_end", {}
    if ahead > allowed:
        return "sign_in.clock_ahead", {"minutes": int(ahead.total_seconds()) // 60}
    return None, {}


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
) -> SessionClosed:
    """Whoever leads it closes it when it is over, or nearly: who signed in attended, all others were absent.

    The union closes what its lead left open for so long that no phone can have anything to send any more.
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
    attended = tuple(
        Attendance(
            worker_id=worker,
            minutes=minutes_of(session, act, class_hour_minutes),
            way=act.way,
            act_id=act.act_id,
            at=act.at,
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


def check_left_open(session: Session, *, at: datetime, limits: DeliveryRules) -> None:
    """`session.lead_closes` while the lead may still close it: as long as a session may be opened."""
    until = opening_until(session, limits)
    if session.state is State.OPEN and at < until:
        raise Refused("session.lead_closes", until=session.local(until))


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
        person_times=len(session.attended),
        lapsed=True,
    )


def dispute(session: Session, reason: Reason) -> SessionDisputed:
    """The enterprise disputes a closed session; it confirms it when attendance is corrected."""
    if session.state is not State.CLOSED:
        raise Refused("session.not_closed", state=session.state)
    return SessionDisputed(order_id=session.order_id, session_id=session.session_id, reason=reason)


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
