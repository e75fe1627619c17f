"""The smallest steps: a session with what is said about it, one that is expected, and whether all was held."""

from dataclasses import replace

from contracts.evaluation import (
    AttendanceCorrected,
    DeliveryCompleted,
    DeliveryFact,
    SessionClosed,
    SessionMissed,
    SessionOpened,
)
from contracts.programme_delivery import DeliveryRules, ScanRules
from contracts.values import OrderId
from evaluation.delivery import correction_store, rules, store
from evaluation.delivery.session import Session, State, evolve
from evaluation.known import known
from evaluation.orders import commands as orders
from servicekit.db import Cause, Position, Tx
from servicekit.facts import record
from servicekit.identity import Actor
from servicekit.timers import ask_for, drop_deadline, set_deadline

OPENING_OVER = "session.opening_over"
"""Deadline of every session that is to be held: from then on nobody opens it."""
ANSWER_OVER = "session.answer_over"
"""Deadline of every session that waits for its enterprise: from then on silence counts as a yes."""
LOOK = "findings.session"
"""Job of every session that was held: whether something about it is worth a second look."""


async def say(
    tx: Tx, session: Session, fact: DeliveryFact, *, by: Actor | None = None, because: Cause | None = None
) -> None:
    """The session after the fact, and the fact."""
    await keep(tx, session, fact)
    position = await record(tx, fact, by=by, because=because)
    await look(tx, fact, because=position)
    await wait(tx, session, fact, because=position)


async def keep(tx: Tx, session: Session, fact: DeliveryFact) -> None:
    """The session after the fact; opened or missed, it does not wait for that any more."""
    await store.save(tx, evolve(session, fact))
    if isinstance(fact, SessionOpened | SessionMissed):
        await no_opening(tx, session)


async def look(tx: Tx, fact: DeliveryFact, *, because: Cause | Position) -> None:
    """Who attended is told, or told otherwise: it is looked at soon."""
    if isinstance(fact, SessionClosed | AttendanceCorrected):
        await ask_for(tx, LOOK, key=fact.session_id, subject=fact.order_id, because=because)


async def wait(tx: Tx, before: Session, fact: DeliveryFact, *, because: Cause | Position) -> None:
    """Closed, or its dispute answered, it waits for the enterprise; confirmed or disputed, it does not any more."""
    after = evolve(before, fact)
    if after.state is State.CLOSED:
        await await_answer(tx, after, because=because)
    elif before.state is State.CLOSED:
        await drop_deadline(tx, ANSWER_OVER, before.session_id)


async def await_answer(tx: Tx, session: Session, *, because: Cause | Position | None) -> None:
    """Until then the enterprise may answer."""
    due = rules.answer_until(session, await dispute_hours(tx, session))
    if due is not None:
        await set_deadline(
            tx, ANSWER_OVER, key=session.session_id, subject=session.order_id, due=due, because=because
        )


async def dispute_hours(tx: Tx, session: Session) -> int:
    """The enterprise's time for an answer, as the order's programme has it now."""
    order = await orders.known(tx, session.order_id)
    return known(tx).programmes.programmes[order.programme].dispute_hours.value


async def expect(tx: Tx, session: Session) -> None:
    """The session is to be held, and opened in time."""
    await store.save(tx, session)
    await await_opening(tx, session)


async def await_opening(tx: Tx, session: Session, *, because: Cause | None = None) -> None:
    """Until then somebody may open it."""
    await set_deadline(
        tx,
        OPENING_OVER,
        key=session.session_id,
        subject=session.order_id,
        due=rules.opening_until(session, limits(tx)),
        because=because,
    )


async def no_opening(tx: Tx, session: Session) -> None:
    """Nobody is waited for."""
    await drop_deadline(tx, OPENING_OVER, session.session_id)


async def complete_if_all_confirmed(
    tx: Tx, order_id: OrderId, *, by: Actor | None = None, because: Cause | None = None
) -> None:
    """Every session of the confirmed scheme was held and confirmed: the delivery is complete."""
    completed = await keep_completed(tx, order_id)
    if completed is not None:
        await record(tx, completed, by=by, because=because)


async def keep_completed(tx: Tx, order_id: OrderId) -> DeliveryCompleted | None:
    """The delivery is complete, if it is by now and was not; what there is to say of it.

    Not while a correction waits for its second person: it would come too late to count.
    """
    if await correction_store.waits(tx, order_id):
        return None
    delivery = await store.delivery_of(tx, order_id)
    completed = rules.complete(delivery, await store.of_order(tx, order_id))
    if completed is not None:
        await store.save_delivery(tx, replace(delivery, completed=True))
    return completed


def scan_limits(tx: Tx, session: Session) -> ScanRules:
    """Figures of a scan, of the session's own day: a phone has them from the day on which it fetched its sheet."""
    return limits(tx).scanning(session.slot.day)


def limits(tx: Tx) -> DeliveryRules:
    """Figures of the rules in force."""
    return known(tx).programmes.rules.delivery
