"""What scheduling and evaluation say is to be held: people are asked, asked again, or told that they are free."""

from dataclasses import replace

from contracts.evaluation import EvaluationPlanned
from contracts.scheduling import SessionWithPlace
from contracts.values import Mode, OrderId, Reason, Role, SessionId
from contracts.values import because as reason
from instructor_dispatch.offers import store
from instructor_dispatch.offers.commands import staffed
from instructor_dispatch.offers.commands.choosing import staff
from instructor_dispatch.offers.commands.endings import release
from instructor_dispatch.offers.rules import Duty, DutyState
from instructor_dispatch.reservations import commands as reservations
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.facts import hold_subject

FIRST, MOVED = 0, 3
"""Steps of dispatch that the first offers, and those after a move, belong to."""


async def session_scheduled(tx: Tx, session: SessionWithPlace) -> None:
    """A session of a confirmed scheme: it alone causes the first offers."""
    await hold_subject(tx, session.order_id)
    duty = _session(session)
    await store.save_duty(tx, duty)
    await staffed.one_arrived(tx, session.order_id)
    await staff(tx, duty, step=FIRST)


async def session_moved(tx: Tx, session: SessionWithPlace) -> None:
    """Another time, place or proposal: whoever was to come is free, and it is offered again."""
    await hold_subject(tx, session.order_id)
    await _replaced(tx, _session(session), reason("session.moved"))


async def batch_planned(tx: Tx, planned: EvaluationPlanned) -> None:
    """Evaluation asks for assessors: not one of those who taught. Planned anew, they are asked anew."""
    await hold_subject(tx, planned.order_id)
    duty = Duty(
        duty_id=planned.batch_id,
        order_id=planned.order_id,
        role=Role.ASSESSOR,
        needs=planned.needs,
        slot=planned.slot,
        division=planned.division,
        site=planned.enterprise_id,
        wanted=planned.assessors,
        barred=frozenset(planned.barred),
    )
    await _replaced(tx, duty, reason("batch.planned_again"))


async def session_cancelled(tx: Tx, session_id: SessionId, order_id: OrderId, why: Reason) -> None:
    """It will not be held: whoever was to come is free."""
    await hold_subject(tx, order_id)
    duty = await store.duty_of(tx, session_id)
    if duty is None or duty.state is DutyState.OFF:
        return
    await reservations.hold_choosing(tx)
    await _off(tx, duty, why)
    await staffed.look(tx, order_id)


async def order_cancelled(tx: Tx, order_id: OrderId, why: Reason) -> None:
    """All that has not begun is off: sessions freed, colleges told."""
    await hold_subject(tx, order_id)
    await staffed.expect_nothing(tx, order_id)
    moment = await now(tx)
    duties = [
        each
        for each in await store.duties_of_order(tx, order_id)
        if each.state is not DutyState.OFF and not each.begun(moment)
    ]
    if duties:
        await reservations.hold_choosing(tx)
    for duty in duties:
        await _off(tx, duty, why)


async def _off(tx: Tx, duty: Duty, why: Reason) -> None:
    await store.save_duty(tx, replace(duty, state=DutyState.OFF))
    await _release_all(tx, duty, why)


async def _replaced(tx: Tx, duty: Duty, why: Reason) -> None:
    """The duty is different now; a proposal of who is asked or promised already, all else equal, changes nothing."""
    before = await store.duty_of(tx, duty.duty_id)
    await store.save_duty(tx, duty)
    if before is not None:
        live = [each for each in await store.offers_of_duty(tx, duty.duty_id) if each.live]
        same = replace(duty, proposed=None, revision=0) == replace(
            before, proposed=None, revision=0, state=duty.state
        )
        if same and live and duty.proposed in {None, *(each.person_id for each in live)}:
            return
        await reservations.hold_choosing(tx)
        await _release_all(tx, duty, why)
    await staff(tx, duty, step=FIRST if before is None else MOVED)


async def _release_all(tx: Tx, duty: Duty, why: Reason) -> None:
    for offer in await store.offers_of_duty(tx, duty.duty_id):
        if (await store.read(tx, offer.assignment_id)).live:  # a swap's other half may end with the first
            await release(tx, offer, why)


def _session(session: SessionWithPlace) -> Duty:
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
