"""What is done about sessions: by the lead, by the enterprise and by the union."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.evaluation import SessionClosed
from contracts.programme_delivery import CreditRules
from contracts.refusals import NotFound
from contracts.values import OrderId, PersonId, Reason, SessionId, WorkerId
from evaluation import actors
from evaluation.delivery import correcting, keeping, reported, rules, signing_in, store, ticket_store
from evaluation.delivery.acts import Answer
from evaluation.delivery.reported import Report
from evaluation.delivery.rules import NOTHING_TOLD, End, Moment
from evaluation.delivery.session import Confirmed, Delivery, Session, SignIn, SignOut, State
from evaluation.known import known
from evaluation.orders import commands as orders
from servicekit.clock import now, today
from servicekit.db import Cause, Tx
from servicekit.identity import Actor


@dataclass(frozen=True)
class Sheet:
    """Who was to come to a session, who came and who left before the end; `only` = of whom its reader may know."""

    cohort: tuple[WorkerId, ...]
    signed: Mapping[WorkerId, SignIn]
    left: Mapping[WorkerId, SignOut]
    report: str | None
    only: frozenset[WorkerId] | None = None

    def workers(self, session: Session) -> tuple[WorkerId, ...]:
        """The cohort, then those who came from elsewhere."""
        came = {*self.signed, *(each.worker_id for each in session.attended)} - set(self.cohort)
        return (*self.cohort, *sorted(each for each in came if self.only is None or each in self.only))


__all__ = ["Answer", "Confirmed", "End", "Moment", "Report", "Session", "SignIn", "SignOut", "State"]


async def open_session(tx: Tx, session_id: SessionId, *, by: Actor, arrived: Moment | None = None) -> None:
    """The lead opens the session, and may say to be there; workers may sign in."""
    session = await store.lock(tx, session_id)
    opened = rules.open_session(
        session,
        person=actors.person_of(by),
        today=await today(tx),
        at=await now(tx),
        limits=keeping.limits(tx),
        arrived=arrived,
    )
    await keeping.say(tx, session, opened, by=by)


async def arrive(tx: Tx, session_id: SessionId, moment: Moment, *, by: Actor) -> None:
    """The lead is there."""
    session = await store.lock(tx, session_id)
    person = actors.person_of(by)
    arrived = rules.arrive(session, moment, person=person, at=await now(tx), limits=keeping.limits(tx))
    if arrived is not None:
        await keeping.say(tx, session, arrived, by=by)


async def excuse(tx: Tx, session_id: SessionId, worker_id: WorkerId, code: str, *, by: Actor) -> None:
    """The enterprise excuses one of its own people beforehand."""
    session = await store.lock(tx, session_id)
    if not await orders.sees_part(tx, session.order_id, session.enterprise_id, seen_by=by):
        raise NotFound("session.unknown", session_id=session_id)
    cohort = frozenset(await store.workers_of(tx, session.cohort_id))
    own = await orders.whose(tx, session.order_id, seen_by=by)
    excused = rules.excuse(
        session,
        cohort if own is None else cohort & own,
        worker_id,
        code,
        at=await now(tx),
        limits=keeping.limits(tx),
    )
    await keeping.say(tx, session, excused, by=by)


async def note_not_opened(tx: Tx, session_id: SessionId, *, because: Cause | None) -> None:
    """The time for opening is over: the session was missed, unless it was opened, moved or cancelled."""
    session = await store.lock(tx, session_id)
    missed = rules.miss(session, at=await now(tx), limits=keeping.limits(tx))
    if missed is not None:
        await keeping.say(tx, session, missed, because=because)
    elif session.state is State.PLANNED:
        await keeping.await_opening(tx, session, because=because)  # the rule's figure has changed meanwhile


async def close(
    tx: Tx, session_id: SessionId, report: Report, *, by: Actor, end: End = NOTHING_TOLD
) -> SessionClosed:
    """The lead closes the session with a report, or the union what was left open; the words stay here."""
    session = await store.lock(tx, session_id)
    order = await orders.known(tx, session.order_id)
    reported.check(report, known(tx).programmes.programmes[order.programme])
    cohort = frozenset(await store.workers_of(tx, session.cohort_id))
    signed = await store.signed(tx, session_id)
    closed = rules.close(
        session,
        cohort,
        signed,
        person=actors.person_of(by),
        at=await now(tx),
        limits=keeping.limits(tx),
        class_hour_minutes=_class_hour(tx),
        union=not by.may("instructor"),
        left=await store.left(tx, session_id),
        end=end,
        made_up=await signing_in.missed_before(tx, session, signed.keys() - cohort),
    )
    closed = closed.model_copy(update={"incidents": report.incidents, "materials": report.materials})
    for kind, words in (("report", report.text), ("incident", report.incident_text)):
        if words:
            await store.save_note(tx, session_id, kind, words)
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
    disputed = rules.dispute(session, reason, keeping.limits(tx))
    if text:
        await store.save_note(tx, session_id, "dispute", text)
    await keeping.say(tx, session, disputed, by=by)


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


async def session_of(tx: Tx, session_id: SessionId) -> Session:
    """The session, for whoever has proved that they may know of it; `session.unknown`."""
    return await store.read(tx, session_id)


async def held_by_order(tx: Tx, order_ids: Collection[OrderId] | None = None) -> list[Session]:
    """All sessions that were held, of these orders or of all, by time."""
    return await store.all_held(tx, order_ids)


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


async def sheet_of(tx: Tx, session: Session, *, seen_by: Actor) -> Sheet:
    """The cohort's workers and its guests, who of them has come and gone and how, and the lead's report.

    Of a joint order an enterprise reads its own people, and the report where the class is held.
    """
    sheet = Sheet(
        cohort=await store.workers_of(tx, session.cohort_id),
        signed=await store.signed(tx, session.session_id),
        left=await store.left(tx, session.session_id),
        report=(await store.notes(tx, session.session_id)).get("report"),
    )
    own = await orders.whose(tx, session.order_id, seen_by=seen_by)
    if own is None or session.is_led_by(actors.person_of(seen_by)):
        return sheet
    return Sheet(
        cohort=tuple(each for each in sheet.cohort if each in own),
        signed={worker: act for worker, act in sheet.signed.items() if worker in own},
        left={worker: act for worker, act in sheet.left.items() if worker in own},
        report=sheet.report if orders.sees(seen_by, session.enterprise_id) else None,
        only=own,
    )


async def others_of(tx: Tx, session: Session, *, by: Actor) -> list[WorkerId]:
    """Whom whoever leads it may call in from the order's other cohorts, for them alone."""
    if not session.is_led_by(actors.person_of(by)) or session.state is not State.OPEN:
        return []
    return sorted(await signing_in.others_of(tx, session))


def crediting(tx: Tx, session: Session) -> CreditRules:
    """The figures that count on the session's day."""
    return keeping.limits(tx).crediting(session.slot.day)


async def words_of(tx: Tx, session_id: SessionId) -> dict[str, str]:
    """The free words about a session, by kind."""
    return await store.notes(tx, session_id)


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


def _class_hour(tx: Tx) -> int:
    return known(tx).programmes.rules.class_hour_minutes.value
