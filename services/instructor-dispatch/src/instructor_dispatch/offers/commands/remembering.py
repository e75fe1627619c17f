"""What is known of sessions and batches by what others say of them; whom to ask follows in `duties`.

Also the whole of it while lost facts are folded: who was asked, came or was freed, is in facts of our own.
"""

from dataclasses import replace
from uuid import UUID

from contracts.evaluation import AssessorBarred, BatchCancelled, BatchMoved, BatchWithPlace
from contracts.order_intake import OrderCancelled
from contracts.scheduling import SessionCancelled, SessionWithPlace
from contracts.values import Mode, Needs, OrderId, Role
from instructor_dispatch.offers import store
from instructor_dispatch.offers.assisting import assistants_of
from instructor_dispatch.offers.commands import staffed
from instructor_dispatch.offers.rules import Duty, DutyState
from servicekit.clock import now
from servicekit.db import Cause, Tx
from servicekit.facts import hold_subject
from staffing.rulebook import Rulebook


async def remember_scheduled(tx: Tx, session: SessionWithPlace, _cause: Cause | None = None) -> None:
    """One of the sessions that were expected."""
    await hold_subject(tx, session.order_id)
    await _remember(tx, session)
    await staffed.one_arrived(tx, session.order_id)


async def remember_moved(tx: Tx, session: SessionWithPlace, _cause: Cause) -> None:
    """The session as it is now."""
    await hold_subject(tx, session.order_id)
    await at_its_time(tx, session)
    await _remember(tx, session)
    if not assistants_wanted(session, tx.known):  # at its time before, somebody may have had to assist
        await not_held(tx, assistants_of(session.session_id), session.order_id)


async def _remember(tx: Tx, session: SessionWithPlace) -> None:
    await store.save_duty(tx, duty_of_session(session))
    assisting = duty_of_assistants(session, tx.known)
    if assisting is not None:
        await store.save_duty(tx, assisting)


async def remember_planned(tx: Tx, batch: BatchWithPlace, _cause: Cause) -> None:
    """The batch as it is now."""
    await hold_subject(tx, batch.order_id)
    await store.save_duty(tx, duty_of_batch(batch))


async def remember_batch_moved(tx: Tx, moved: BatchMoved, _cause: Cause) -> None:
    """The batch at another time, for which everybody may be asked."""
    await hold_subject(tx, moved.order_id)
    before = await store.duty_of(tx, moved.batch_id)
    if before is None or before.state is not DutyState.OFF:
        await store.forget_pairs(tx, moved.batch_id)
        await store.save_duty(tx, duty_of_batch(moved))


async def remember_barred(tx: Tx, told: AssessorBarred, _cause: Cause) -> None:
    """Who may not assess it."""
    await barred(tx, told)


async def remember_not_held(tx: Tx, told: SessionCancelled | BatchCancelled, _cause: Cause) -> None:
    """It is off, and no gap any more."""
    if isinstance(told, SessionCancelled):
        await not_held(tx, assistants_of(told.session_id), told.order_id)
    duty_id = told.session_id if isinstance(told, SessionCancelled) else told.batch_id
    if await not_held(tx, duty_id, told.order_id):
        await staffed.note(tx, told.order_id)


async def remember_cancelled(tx: Tx, told: OrderCancelled, _cause: Cause) -> None:
    """All of the order that has not begun is off."""
    await all_off(tx, told.order_id)


async def at_its_time(tx: Tx, session: SessionWithPlace) -> None:
    """At another time than before, whose offer only lapsed may be asked again. What was known stands still."""
    before = await store.duty_of(tx, session.session_id)
    if before is not None and before.slot != session.slot:
        await store.forget_lapsed(tx, session.session_id)
        await store.forget_lapsed(tx, assistants_of(session.session_id))


async def barred(tx: Tx, told: AssessorBarred) -> Duty | None:
    """Who may not assess it; nothing when it is not to be held."""
    await hold_subject(tx, told.order_id)
    duty = await store.duty_of(tx, told.batch_id)
    if duty is None or duty.state is DutyState.OFF:
        return None
    duty = replace(duty, barred=duty.barred | {told.person_id})
    await store.save_duty(tx, duty)
    return duty


async def not_held(tx: Tx, duty_id: UUID, order_id: OrderId) -> Duty | None:
    """It is off; nothing when it was, or is unknown."""
    await hold_subject(tx, order_id)
    duty = await store.duty_of(tx, duty_id)
    if duty is None or duty.state is DutyState.OFF:
        return None
    return await _off(tx, duty)


async def all_off(tx: Tx, order_id: OrderId) -> list[Duty]:
    """All of the order that has not begun is off; which that is."""
    await hold_subject(tx, order_id)
    await staffed.expect_nothing(tx, order_id)
    moment = await now(tx)
    duties = await store.duties_of_order(tx, order_id)
    return [
        await _off(tx, each) for each in duties if each.state is not DutyState.OFF and not each.begun(moment)
    ]


async def _off(tx: Tx, duty: Duty) -> Duty:
    duty = replace(duty, state=DutyState.OFF)
    await store.save_duty(tx, duty)
    return duty


def duty_of_batch(batch: BatchWithPlace) -> Duty:
    """What assessors are asked for."""
    return Duty(
        duty_id=batch.batch_id,
        order_id=batch.order_id,
        role=Role.ASSESSOR,
        needs=batch.needs,
        slot=batch.slot,
        division=batch.division,
        site=batch.enterprise_id,
        wanted=batch.assessors,
        barred=frozenset(batch.barred),
    )


def duty_of_session(session: SessionWithPlace) -> Duty:
    """What a lead is asked for."""
    onsite = session.mode is Mode.ONSITE
    return Duty(
        duty_id=session.session_id,
        order_id=session.order_id,
        role=Role.LEAD,
        needs=session.needs,
        slot=session.slot,
        division=session.division if onsite else None,
        site=session.enterprise_id if onsite else None,
        proposed=session.proposed,
        cohort_id=session.cohort_id,
        unit=session.unit,
        revision=session.revision,
    )


def duty_of_assistants(session: SessionWithPlace, book: Rulebook) -> Duty | None:
    """What assistants are asked for; none where nobody has to assist."""
    wanted = assistants_wanted(session, book)
    if not wanted:
        return None
    return replace(
        duty_of_session(session),
        duty_id=assistants_of(session.session_id),
        role=Role.ASSISTANT,
        needs=Needs(occupation=session.needs.occupation, level=session.level),
        wanted=wanted,
        proposed=None,
    )


def assistants_wanted(session: SessionWithPlace, book: Rulebook) -> int:
    """As many as the unit needs, or more where so many people need more to teach them (on this session's day)."""
    unit = book.programmes.units.get(session.unit)
    of_unit = unit.assistants if unit else 0
    if session.people is None:
        return of_unit
    rules = book.programmes.rules.dispatch
    return max(of_unit, rules.instructors(session.people, session.slot.day) - 1)
