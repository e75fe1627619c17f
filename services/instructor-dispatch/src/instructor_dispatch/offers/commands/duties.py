"""What scheduling and evaluation say is to be held: people are asked, asked again, or told that they are free.

Called for facts that arrive: the consumer holds the orders, those of swaps with them too.
"""

from dataclasses import replace
from uuid import UUID

from contracts.evaluation import AssessorBarred, BatchMoved, EvaluationPlanned
from contracts.scheduling import SessionWithPlace
from contracts.values import OrderId, Reason
from contracts.values import because as reason
from instructor_dispatch.offers import store
from instructor_dispatch.offers.assisting import assistants_of
from instructor_dispatch.offers.commands import remembering, staffed
from instructor_dispatch.offers.commands.absences import free_offers
from instructor_dispatch.offers.commands.choosing import staff
from instructor_dispatch.offers.commands.endings import release, staff_again
from instructor_dispatch.offers.commands.remembering import (
    duty_of_assistants,
    duty_of_batch,
    duty_of_session,
    remember_scheduled,
)
from instructor_dispatch.offers.rules import Duty, DutyState
from instructor_dispatch.reservations import commands as reservations
from servicekit.db import Tx
from servicekit.facts import hold_subject

FIRST, MOVED = 0, 3
"""Steps of dispatch that the first offers, and those after a move, belong to."""


async def session_scheduled(tx: Tx, session: SessionWithPlace) -> None:
    """A session of a confirmed scheme: it alone causes the first offers."""
    await remember_scheduled(tx, session)
    await staff(tx, duty_of_session(session), step=FIRST)
    assisting = duty_of_assistants(session, tx.known)
    if assisting is not None:  # after the lead: one person is not both
        await staff(tx, assisting, step=FIRST)


async def session_moved(tx: Tx, session: SessionWithPlace) -> None:
    """Another time, place or proposal: whoever was to come is free, and it is offered again."""
    await hold_subject(tx, session.order_id)
    await remembering.at_its_time(tx, session)
    await _replaced(tx, duty_of_session(session), reason("session.moved"))
    assisting = duty_of_assistants(session, tx.known)
    if assisting is not None:
        await _replaced(tx, assisting, reason("session.moved"))
    elif needless := await remembering.not_held(tx, assistants_of(session.session_id), session.order_id):
        await reservations.hold_choosing(tx)
        await _release_all(tx, needless, reason("session.moved"))


async def batch_planned(tx: Tx, planned: EvaluationPlanned) -> None:
    """Evaluation asks for assessors: not one of those who taught. Planned anew, they are asked anew."""
    await hold_subject(tx, planned.order_id)
    await _replaced(tx, duty_of_batch(planned), reason("batch.planned_again"))


async def batch_moved(tx: Tx, moved: BatchMoved) -> None:
    """Another time: whoever was to come is free, and everybody may be asked, who said no to the old time too."""
    await hold_subject(tx, moved.order_id)
    before = await store.duty_of(tx, moved.batch_id)
    if before is not None and before.state is DutyState.OFF:
        return
    await store.forget_pairs(tx, moved.batch_id)
    await _replaced(tx, duty_of_batch(moved), reason("batch.moved"))


async def assessor_barred(tx: Tx, told: AssessorBarred) -> None:
    """Somebody teaches the candidates by now: he is free, and somebody else is asked."""
    duty = await remembering.barred(tx, told)
    if duty is None:
        return
    await reservations.hold_choosing(tx)
    offers = await store.offers_of_duty(tx, duty.duty_id)
    his = [each for each in offers if each.live and each.person_id == told.person_id]
    await free_offers(tx, his, reason("assessor.taught_cohort"))
    await staff_again(tx, duty.duty_id)


async def not_held(tx: Tx, duty_id: UUID, order_id: OrderId, why: Reason) -> None:
    """The session or batch is cancelled: whoever was to come is free, assistants too."""
    found = [await remembering.not_held(tx, each, order_id) for each in (duty_id, assistants_of(duty_id))]
    duties = [each for each in found if each is not None]
    if not duties:
        return
    await reservations.hold_choosing(tx)
    for duty in duties:
        await _release_all(tx, duty, why)
    await staffed.look(tx, order_id)


async def order_cancelled(tx: Tx, order_id: OrderId, why: Reason) -> None:
    """All that has not begun is off: sessions freed, colleges told."""
    duties = await remembering.all_off(tx, order_id)
    if duties:
        await reservations.hold_choosing(tx)
    for duty in duties:
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
