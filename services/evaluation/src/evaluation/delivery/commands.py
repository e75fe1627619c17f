"""What is done about sessions: by the lead, by the enterprise, by the union, and because facts arrive."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from contracts.evaluation import DeliveryFact, SessionClosed
from contracts.instructor_dispatch import AssignmentAccepted, AssignmentSubstituted
from contracts.programme_rules import DeliveryRules
from contracts.refusals import NotFound
from contracts.scheduling import SchemeConfirmed, SessionMoved, SessionScheduled
from contracts.values import ActId, Minutes, OrderId, PersonId, Reason, SessionId, WorkerId
from evaluation import actors
from evaluation.delivery import rules, store
from evaluation.delivery.rules import Answer, Taken
from evaluation.delivery.session import AHEAD, Session, SignIn, State, evolve
from evaluation.known import known
from evaluation.orders import commands as orders
from servicekit.clock import now, today
from servicekit.db import Cause, Tx
from servicekit.facts import hold_subject, record
from servicekit.identity import Actor
from servicekit.timers import drop_deadline, set_deadline

__all__ = ["Answer", "Session", "SignIn", "State"]
OPENING_OVER = "session.opening_over"
"""Deadline of every session that is to be held: from then on nobody opens it."""


async def open_session(tx: Tx, session_id: SessionId, *, by: Actor) -> None:
    """The lead opens the session; workers may sign in."""
    session = await store.lock(tx, session_id)
    opened = rules.open_session(
        session, person=actors.person_of(by), today=await today(tx), at=await now(tx), limits=_limits(tx)
    )
    await drop_deadline(tx, OPENING_OVER, session_id)
    await _save(tx, session, opened, by=by)


async def note_not_opened(tx: Tx, session_id: SessionId, *, because: Cause | None) -> None:
    """The time for opening is over: the session was missed, unless it was opened, moved or cancelled."""
    session = await store.lock(tx, session_id)
    missed = rules.miss(session, at=await now(tx), limits=_limits(tx))
    if missed is not None:
        await store.save(tx, evolve(session, missed))
        await record(tx, missed, because=because)
    elif session.state is State.PLANNED:
        await _await_opening(tx, session, because=because)  # the rule's figure has changed meanwhile


async def take_acts(tx: Tx, session_id: SessionId, acts: Sequence[SignIn], *, by: Actor) -> list[Answer]:
    """Each act gets its own answer; a request sent again counts nothing twice."""
    session = await _led_by(tx, session_id, by)
    cohort = frozenset(await store.workers_of(tx, session.cohort_id))
    signed = await store.signed(tx, session_id)
    moment = await now(tx)
    answers: list[Answer] = []
    taken: list[SignIn] = []
    for act in acts:
        answer = rules.sign_in(session, cohort, signed, act, at=moment, limits=_limits(tx))
        answers.append(answer)
        if answer.outcome is Taken.TAKEN:
            signed[act.worker_id] = act
            taken.append(act)
    await store.sign(tx, session_id, taken)
    return answers


async def close(tx: Tx, session_id: SessionId, report: str | None, *, by: Actor) -> SessionClosed:
    """The lead closes the session with a report, or the union what was left open; the words stay here."""
    session = await store.lock(tx, session_id)
    closed = rules.close(
        session,
        await store.workers_of(tx, session.cohort_id),
        await store.signed(tx, session_id),
        person=actors.person_of(by),
        at=await now(tx),
        limits=_limits(tx),
        class_hour_minutes=_class_hour(tx),
        union=not by.may("instructor"),
    )
    if report:
        await store.save_note(tx, session_id, "report", report)
    await _save(tx, session, closed, by=by)
    return closed


async def confirm(tx: Tx, session_id: SessionId, *, by: Actor) -> None:
    """The enterprise confirms that the session was held, or the union settles it; the last completes the delivery."""
    session = await _seen_by(tx, session_id, by)
    if by.may("enterprise") and by.organisation == session.enterprise_id:
        confirmed = rules.confirm(session)
    else:
        order = await orders.known(tx, session.order_id)
        programme = known(tx).programmes.programmes[order.programme]
        hours = programme.dispute_hours.value
        confirmed = rules.settle(session, at=await now(tx), dispute_hours=hours)
    await _save(tx, session, confirmed, by=by)
    await complete_if_all_confirmed(tx, session.order_id, by=by)


async def dispute(tx: Tx, session_id: SessionId, reason: Reason, text: str | None, *, by: Actor) -> None:
    """The enterprise says that the session was not held as reported."""
    session = await _seen_by(tx, session_id, by)
    if text:
        await store.save_note(tx, session_id, "dispute", text)
    await _save(tx, session, rules.dispute(session, reason), by=by)


async def correct(
    tx: Tx,
    session_id: SessionId,
    worker_id: WorkerId,
    *,
    minutes: Minutes,
    act_id: ActId,
    reason: Reason,
    by: Actor,
) -> None:
    """The union sets one worker's attendance right."""
    session = await store.lock(tx, session_id)
    corrected = rules.correct(
        session,
        await store.workers_of(tx, session.cohort_id),
        delivered=(await store.delivery_of(tx, session.order_id)).completed,
        worker_id=worker_id,
        minutes=minutes,
        act_id=act_id,
        reason=reason,
        at=await now(tx),
        class_hour_minutes=_class_hour(tx),
    )
    if corrected is not None:
        await _save(tx, session, corrected, by=by)


async def complete_if_all_confirmed(tx: Tx, order_id: OrderId, *, by: Actor | None = None) -> None:
    """Every session of the confirmed scheme was held and confirmed: the delivery is complete."""
    delivery = await store.delivery_of(tx, order_id)
    completed = rules.complete(delivery, await store.of_order(tx, order_id))
    if completed is not None:
        await store.save_delivery(tx, replace(delivery, completed=True))
        await record(tx, completed, by=by)


async def note_scheme(tx: Tx, fact: SchemeConfirmed) -> None:
    """Remember the cohorts and how many sessions are promised; if none is left to hold, all was held."""
    await store.save_cohorts(tx, fact.order_id, fact.cohorts)
    delivery = await store.delivery_of(tx, fact.order_id)
    await store.save_delivery(
        tx, replace(delivery, promised=delivery.arrived + fact.sessions, completed=False)
    )
    if not fact.sessions:
        await hold_subject(tx, fact.order_id)
        await complete_if_all_confirmed(tx, fact.order_id)


async def note_scheme_ended(tx: Tx, order_id: OrderId) -> None:
    """The order was amended or cancelled: nothing is complete until another scheme is confirmed."""
    delivery = await store.delivery_of(tx, order_id)
    await store.save_delivery(tx, replace(delivery, promised=delivery.arrived + 1, completed=False))


async def note_scheduled(tx: Tx, fact: SessionScheduled) -> None:
    """Remember a session that is to be held; told again after it was opened, it stays as it was held."""
    if not await store.is_begun(tx, fact.session_id):
        await _expect(tx, _planned(fact))
    delivery = await store.delivery_of(tx, fact.order_id)
    await store.save_delivery(tx, replace(delivery, arrived=delivery.arrived + 1))


async def note_moved(tx: Tx, fact: SessionMoved) -> None:
    """The session has another time, a missed one too; who leads it is told anew. What was opened stays as it was."""
    session = await store.read(tx, fact.session_id)
    if session.state in AHEAD:
        await _expect(tx, replace(_planned(fact), version=session.version + 1))


async def note_cancelled(tx: Tx, session_id: SessionId) -> None:
    """The session will not be held; the others may all be confirmed already."""
    session = await store.read(tx, session_id)
    if session.state in AHEAD:
        await drop_deadline(tx, OPENING_OVER, session_id)
        await store.save(tx, replace(session, state=State.CANCELLED, version=session.version + 1))
        await hold_subject(tx, session.order_id)
        await complete_if_all_confirmed(tx, session.order_id)


async def note_lead(tx: Tx, session_id: SessionId, fact: AssignmentAccepted | AssignmentSubstituted) -> None:
    """This person is firm to lead the session."""
    session = await store.read(tx, session_id)
    await store.save(tx, replace(session, lead=fact.person_id, assignment=fact.assignment_id))


async def note_released(tx: Tx, assignment: UUID) -> None:
    """Whoever was to lead by this assignment no longer does."""
    session = await store.by_assignment(tx, assignment)
    if session is not None:
        await store.save(tx, replace(session, lead=None, assignment=None))


async def sessions_of(tx: Tx, order_id: OrderId, *, seen_by: Actor) -> list[Session]:
    """The order's sessions by time; `order.unknown` for an order that is not theirs."""
    await orders.known(tx, order_id, seen_by=seen_by)
    return await store.of_order(tx, order_id)


async def sessions_led_by(tx: Tx, person: PersonId) -> list[Session]:
    """The sessions that this person is to lead, by time."""
    return await store.of_person(tx, person)


async def session_for(tx: Tx, session_id: SessionId, *, seen_by: Actor) -> Session:
    """The session, for its lead, its enterprise and the union; `session.unknown` for everybody else."""
    session = await store.read(tx, session_id)
    if not (orders.sees(seen_by, session.enterprise_id) or session.is_led_by(actors.person_of(seen_by))):
        raise NotFound("session.unknown", session_id=session_id)
    return session


async def version_of(tx: Tx, session_id: SessionId) -> int:
    """The version a change would be made to; the session is held from here on. `session.unknown`."""
    return (await store.lock(tx, session_id)).version


async def sheet_of(tx: Tx, session: Session) -> tuple[tuple[WorkerId, ...], frozenset[WorkerId], str | None]:
    """The cohort's workers, who of them has signed in, and the lead's report."""
    signed = await store.signed(tx, session.session_id)
    report = (await store.notes(tx, session.session_id)).get("report")
    return await store.workers_of(tx, session.cohort_id), frozenset(signed), report


async def taught_to(tx: Tx, order_id: OrderId) -> tuple[list[Session], Mapping[UUID, frozenset[WorkerId]]]:
    """All sessions of the order and who learns in which cohort: what eligibility is decided by."""
    return await store.of_order(tx, order_id), await store.cohorts_of(tx, order_id)


async def _seen_by(tx: Tx, session_id: SessionId, by: Actor) -> Session:
    session = await store.lock(tx, session_id)
    if not orders.sees(by, session.enterprise_id):
        raise NotFound("session.unknown", session_id=session_id)
    return session


async def _led_by(tx: Tx, session_id: SessionId, by: Actor) -> Session:
    session = await store.lock(tx, session_id)
    rules.check_lead(session, actors.person_of(by))
    return session


async def _save(tx: Tx, session: Session, fact: DeliveryFact, *, by: Actor) -> None:
    await store.save(tx, evolve(session, fact))
    await record(tx, fact, by=by)


async def _expect(tx: Tx, session: Session) -> None:
    await store.save(tx, session)
    await _await_opening(tx, session)


async def _await_opening(tx: Tx, session: Session, *, because: Cause | None = None) -> None:
    await set_deadline(
        tx,
        OPENING_OVER,
        key=session.session_id,
        subject=session.order_id,
        due=rules.opening_until(session, _limits(tx)),
        because=because,
    )


def _limits(tx: Tx) -> DeliveryRules:
    return known(tx).programmes.rules.delivery


def _class_hour(tx: Tx) -> int:
    return known(tx).programmes.rules.class_hour_minutes.value


def _planned(fact: SessionScheduled | SessionMoved) -> Session:
    return Session(
        session_id=fact.session_id,
        order_id=fact.order_id,
        cohort_id=fact.cohort_id,
        line=fact.line,
        occupation=fact.occupation,
        level=fact.level,
        class_hours=fact.class_hours,
        enterprise_id=fact.enterprise_id,
        division=fact.division,
        slot=fact.slot,
    )
