"""What is done about sessions: by the lead, by the enterprise and by the union."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from contracts.evaluation import SessionClosed
from contracts.refusals import NotFound
from contracts.values import OrderId, PersonId, Reason, SessionId, WorkerId
from evaluation import actors
from evaluation.delivery import correcting, keeping, rules, store, ticket_store
from evaluation.delivery.rules import Answer, Taken
from evaluation.delivery.session import Confirmed, Delivery, Session, SignIn, State
from evaluation.known import known
from evaluation.orders import commands as orders
from servicekit.clock import now, today
from servicekit.db import Cause, Tx
from servicekit.identity import Actor

__all__ = ["Answer", "Confirmed", "Session", "SignIn", "State"]


async def open_session(tx: Tx, session_id: SessionId, *, by: Actor) -> None:
    """The lead opens the session; workers may sign in."""
    session = await store.lock(tx, session_id)
    opened = rules.open_session(
        session,
        person=actors.person_of(by),
        today=await today(tx),
        at=await now(tx),
        limits=keeping.limits(tx),
    )
    await keeping.say(tx, session, opened, by=by)


async def note_not_opened(tx: Tx, session_id: SessionId, *, because: Cause | None) -> None:
    """The time for opening is over: the session was missed, unless it was opened, moved or cancelled."""
    session = await store.lock(tx, session_id)
    missed = rules.miss(session, at=await now(tx), limits=keeping.limits(tx))
    if missed is not None:
        await keeping.say(tx, session, missed, because=because)
    elif session.state is State.PLANNED:
        await keeping.await_opening(tx, session, because=because)  # the rule's figure has changed meanwhile


async def take_acts(tx: Tx, session_id: SessionId, acts: Sequence[SignIn], *, by: Actor) -> list[Answer]:
    """Each act gets its own answer; a request sent again counts nothing twice."""
    session = await _led_by(tx, session_id, by)
    cohort = frozenset(await store.workers_of(tx, session.cohort_id))
    signed = await store.signed(tx, session_id)
    moment = await now(tx)
    answers: list[Answer] = []
    taken: list[SignIn] = []
    for act in acts:
        answer = rules.sign_in(session, cohort, signed, act, at=moment, limits=keeping.limits(tx))
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
        limits=keeping.limits(tx),
        class_hour_minutes=_class_hour(tx),
        union=not by.may("instructor"),
    )
    if report:
        await store.save_note(tx, session_id, "report", report)
    await ticket_store.forget(tx, session_id)
    await keeping.say(tx, session, closed, by=by)
    return closed


async def confirm(tx: Tx, session_id: SessionId, *, by: Actor) -> None:
    """The enterprise confirms that the session was held; the last one completes the delivery."""
    session = await _seen_by(tx, session_id, by)
    await keeping.say(tx, session, rules.confirm(session), by=by)
    await keeping.complete_if_all_confirmed(tx, session.order_id, by=by)


async def note_no_answer(tx: Tx, session_id: SessionId, *, because: Cause | None) -> None:
    """The enterprise's time is over: silence confirms, unless it has answered meanwhile."""
    session = await store.lock(tx, session_id)
    if await correcting.is_open(tx, session_id):
        return  # the enterprise would be silent about figures that may change: once decided, it is asked again
    hours = await keeping.dispute_hours(tx, session)
    lapsed = rules.lapse(session, at=await now(tx), dispute_hours=hours)
    if lapsed is not None:
        await keeping.say(tx, session, lapsed, because=because)
        await keeping.complete_if_all_confirmed(tx, session.order_id, because=because)
    else:
        await keeping.await_answer(
            tx, session, because=because
        )  # the programme's figure has changed meanwhile


async def dispute(tx: Tx, session_id: SessionId, reason: Reason, text: str | None, *, by: Actor) -> None:
    """The enterprise says that the session was not held as reported."""
    session = await _seen_by(tx, session_id, by)
    if text:
        await store.save_note(tx, session_id, "dispute", text)
    await keeping.say(tx, session, rules.dispute(session, reason), by=by)


async def sessions_of(tx: Tx, order_id: OrderId, *, seen_by: Actor) -> list[Session]:
    """The order's sessions by time; `order.unknown` for an order that is not theirs."""
    await orders.known(tx, order_id, seen_by=seen_by)
    return await store.of_order(tx, order_id)


async def answers_until(tx: Tx, sessions: Sequence[Session]) -> dict[SessionId, datetime]:
    """Until when the enterprise answers, of those sessions that wait for it."""
    waiting = [each for each in sessions if each.state is State.CLOSED]
    hours = {each.order_id: await keeping.dispute_hours(tx, each) for each in _one_an_order(waiting)}
    told = {each.session_id: rules.answer_until(each, hours[each.order_id]) for each in waiting}
    return {session: until for session, until in told.items() if until is not None}


def _one_an_order(sessions: Sequence[Session]) -> Sequence[Session]:
    return list({each.order_id: each for each in sessions}.values())


async def sessions_led_by(tx: Tx, person: PersonId) -> list[Session]:
    """The sessions that this person is to lead, by time."""
    return await store.of_person(tx, person)


async def session_for(tx: Tx, session_id: SessionId, *, seen_by: Actor) -> Session:
    """The session, for its lead, its enterprise and the union; `session.unknown` for everybody else."""
    session = await store.read(tx, session_id)
    if session.is_led_by(actors.person_of(seen_by)):
        return session
    if not await orders.sees_part(tx, session.order_id, session.enterprise_id, seen_by=seen_by):
        raise NotFound("session.unknown", session_id=session_id)
    return session


async def version_of(tx: Tx, session_id: SessionId) -> int:
    """The version a change would be made to; the session is held from here on. `session.unknown`."""
    return (await store.lock(tx, session_id)).version


async def sheet_of(
    tx: Tx, session: Session, *, seen_by: Actor
) -> tuple[tuple[WorkerId, ...], Mapping[WorkerId, SignIn], str | None]:
    """The cohort's workers, who of them has signed in and how, and the lead's report.

    Of a joint order an enterprise reads its own people, and the report where the class is held.
    """
    signed = await store.signed(tx, session.session_id)
    report = (await store.notes(tx, session.session_id)).get("report")
    workers = await store.workers_of(tx, session.cohort_id)
    own = await orders.whose(tx, session.order_id, seen_by=seen_by)
    if own is None or session.is_led_by(actors.person_of(seen_by)):
        return workers, signed, report
    told = report if orders.sees(seen_by, session.enterprise_id) else None
    return (
        tuple(each for each in workers if each in own),
        {worker: act for worker, act in signed.items() if worker in own},
        told,
    )


async def taught_to(tx: Tx, order_id: OrderId) -> tuple[list[Session], Mapping[UUID, frozenset[WorkerId]]]:
    """All sessions of the order and who learns in which cohort: what eligibility is decided by."""
    return await store.of_order(tx, order_id), await store.cohorts_of(tx, order_id)


async def stand_of(tx: Tx, order_id: OrderId) -> Delivery:
    """How far the teaching of an order is."""
    return await store.delivery_of(tx, order_id)


async def signed_in(tx: Tx, session_id: SessionId) -> dict[WorkerId, SignIn]:
    """Who has signed in, and how: what was kept beside the session's facts."""
    return await store.signed(tx, session_id)


async def _seen_by(tx: Tx, session_id: SessionId, by: Actor) -> Session:
    session = await store.lock(tx, session_id)
    if not orders.sees(by, session.enterprise_id):
        raise NotFound("session.unknown", session_id=session_id)
    return session


async def _led_by(tx: Tx, session_id: SessionId, by: Actor) -> Session:
    session = await store.lock(tx, session_id)
    rules.check_lead(session, actors.person_of(by))
    return session


def _class_hour(tx: Tx) -> int:
    return known(tx).programmes.rules.class_hour_minutes.value
