"""What the facts of the holding of sessions do to rows and deadlines, when they are all that is left.

The words of a report or a dispute, and who had signed in to a session that was open still, are in no fact.
"""

from dataclasses import replace

from contracts.evaluation import (
    AttendanceCorrected,
    DeliveryCompleted,
    DeliveryFact,
    SessionClosed,
    SessionMissed,
)
from contracts.values import Attendance
from evaluation.delivery import correcting, store
from evaluation.delivery.keeping import keep, keep_completed, look, wait
from evaluation.delivery.session import Session, SignIn, State
from servicekit.db import Cause, Tx
from servicekit.evolution import position_of
from servicekit.facts import hold_subject


async def changed(tx: Tx, fact: DeliveryFact, cause: Cause) -> None:
    """The session after the fact."""
    session = await store.lock(tx, fact.session_id)
    await keep(tx, session, fact)
    await look(tx, fact, because=cause)
    await wait(tx, session, fact, because=position_of(cause))


async def corrected(tx: Tx, fact: AttendanceCorrected, cause: Cause) -> None:
    """The session after it, and the proposal is decided."""
    await correcting.remember_confirmed(tx, fact, cause)
    await changed(tx, fact, cause)


async def missed(tx: Tx, fact: SessionMissed, _cause: Cause) -> None:
    """Not opened at that time; one that was moved or cancelled before this was said, and taken after, stays so."""
    session = await store.lock(tx, fact.session_id)
    if session.state is State.PLANNED and session.slot == fact.slot:
        await keep(tx, session, fact)
    else:
        await store.save(tx, replace(session, version=session.version + 1))


async def closed(tx: Tx, fact: SessionClosed, cause: Cause) -> None:
    """Whoever attended had signed in."""
    session = await store.lock(tx, fact.session_id)
    known = await store.signed(tx, fact.session_id)
    await store.sign(
        tx, fact.session_id, [_act(session, each) for each in fact.attended if each.worker_id not in known]
    )
    await keep(tx, session, fact)
    await look(tx, fact, because=cause)
    await wait(tx, session, fact, because=position_of(cause))


async def completed(tx: Tx, fact: DeliveryCompleted, _cause: Cause) -> None:
    """All was held, unless more was promised before this was said, and taken after."""
    await hold_subject(tx, fact.order_id)
    await keep_completed(tx, fact.order_id)


def _act(session: Session, entry: Attendance) -> SignIn:
    """An older fact does not say when: the session's begin stands for it."""
    return SignIn(
        entry.act_id, entry.worker_id, entry.at or session.slot.starts_at, entry.way, on_paper=entry.on_paper
    )
