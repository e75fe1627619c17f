"""What follows from facts of others: which sessions are to be held, who leads them, and how many are promised."""

from dataclasses import replace
from uuid import UUID

from contracts.instructor_dispatch import AssignmentAccepted, AssignmentSubstituted
from contracts.scheduling import SchemeConfirmed, SessionMoved, SessionScheduled
from contracts.values import Mode, OrderId, SessionId
from evaluation.delivery import keeping, store
from evaluation.delivery.session import AHEAD, Session, State
from servicekit.db import Tx
from servicekit.facts import hold_subject


async def note_scheme(tx: Tx, fact: SchemeConfirmed) -> None:
    """Remember the cohorts and how many sessions are promised."""
    await store.save_cohorts(tx, fact.order_id, fact.cohorts)
    delivery = await store.delivery_of(tx, fact.order_id)
    await store.save_delivery(
        tx, replace(delivery, promised=delivery.arrived + fact.sessions, completed=False)
    )


async def complete_if_none_is_left(tx: Tx, fact: SchemeConfirmed) -> None:
    """A scheme with no session to hold: all was held."""
    if not fact.sessions:
        await _complete(tx, fact.order_id)


async def note_scheme_ended(tx: Tx, order_id: OrderId) -> None:
    """The order was amended or cancelled: nothing is complete until another scheme is confirmed."""
    delivery = await store.delivery_of(tx, order_id)
    await store.save_delivery(tx, replace(delivery, promised=delivery.arrived + 1, completed=False))


async def note_scheduled(tx: Tx, fact: SessionScheduled) -> None:
    """Remember a session that is to be held; told again after it was opened, it stays as it was held."""
    if not await store.is_begun(tx, fact.session_id):
        await keeping.expect(tx, _planned(fact))
    delivery = await store.delivery_of(tx, fact.order_id)
    await store.save_delivery(tx, replace(delivery, arrived=delivery.arrived + 1))


async def note_moved(tx: Tx, fact: SessionMoved) -> None:
    """The session has another time, a missed one too; who leads it is told anew. What was opened stays as it was."""
    session = await store.read(tx, fact.session_id)
    if session.state in AHEAD:
        await keeping.expect(tx, replace(_planned(fact), version=session.version + 1))


async def note_cancelled(tx: Tx, session_id: SessionId) -> Session | None:
    """The session will not be held; nothing when it was opened, or is off already."""
    session = await store.read(tx, session_id)
    if session.state not in AHEAD:
        return None
    await keeping.no_opening(tx, session)
    cancelled = replace(session, state=State.CANCELLED, version=session.version + 1)
    await store.save(tx, cancelled)
    return cancelled


async def complete_without(tx: Tx, session_id: SessionId) -> None:
    """The session will not be held; the others may all be confirmed already."""
    cancelled = await note_cancelled(tx, session_id)
    if cancelled is not None:
        await _complete(tx, cancelled.order_id)


async def note_lead(tx: Tx, session_id: SessionId, fact: AssignmentAccepted | AssignmentSubstituted) -> None:
    """This person is firm to lead the session."""
    session = await store.read(tx, session_id)
    await store.save(tx, replace(session, lead=fact.person_id, assignment=fact.assignment_id))


async def note_released(tx: Tx, assignment: UUID) -> None:
    """Whoever was to lead by this assignment no longer does."""
    session = await store.by_assignment(tx, assignment)
    if session is not None:
        await store.save(tx, replace(session, lead=None, assignment=None))


async def _complete(tx: Tx, order_id: OrderId) -> None:
    await hold_subject(tx, order_id)
    await keeping.complete_if_all_confirmed(tx, order_id)


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
        unit=fact.unit,
        onsite=fact.mode is Mode.ONSITE,
    )
