"""An open call: the coordinator asks several colleges at once; who of those that answer comes is decided elsewhere.

One offer a college, one person an answer. A batch may lack several people: the other offers wait until nobody
is missing any more, and a college that has named one can be called again.
"""

from collections.abc import Sequence
from uuid import UUID

from contracts.refusals import NotFound, Refused
from contracts.values import AssignmentId, BatchId, CollegeId, Role, SessionId
from contracts.values import because as reason
from instructor_dispatch.colleges import commands as colleges
from instructor_dispatch.offers import rules, store
from instructor_dispatch.offers.assisting import assistants_of
from instructor_dispatch.offers.commands.endings import staff_again
from instructor_dispatch.offers.commands.saying import Why, offer_to, say
from instructor_dispatch.offers.rules import Duty, DutyState, Offer
from instructor_dispatch.reservations import commands as reservations
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.identity import Actor

BY_THE_COORDINATOR = 5
"""The step of dispatch at which a person takes over."""


async def call_for_session(
    tx: Tx, session_id: SessionId, college_ids: Sequence[CollegeId], *, by: Actor, role: Role = Role.LEAD
) -> list[AssignmentId]:
    """Ask these colleges for somebody to lead the session, or to assist. Holds nobody; answers the offers' ids."""
    assists = role is Role.ASSISTANT
    duty = await store.lock_duty(tx, assistants_of(session_id) if assists else session_id)
    if duty is None or duty.is_batch:
        raise NotFound("call.session_unknown", session_id=str(session_id))
    await reservations.hold_choosing(tx)
    if duty.state is DutyState.OFF:
        raise Refused("call.session_off", session_id=str(session_id))
    if duty.begun(await now(tx)):
        raise Refused("call.session_begun", starts_at=duty.slot.starts_at.isoformat())
    return await _call(tx, duty, college_ids, by)


async def call_for_batch(
    tx: Tx, batch_id: BatchId, college_ids: Sequence[CollegeId], *, by: Actor
) -> list[AssignmentId]:
    """Ask these colleges for the assessors that the batch lacks. Holds nobody; answers the offers' ids."""
    duty = await store.lock_duty(tx, batch_id)
    if duty is None or not duty.is_batch:
        raise NotFound("call.batch_unknown", batch_id=str(batch_id))
    await reservations.hold_choosing(tx)
    if duty.state is DutyState.OFF:
        raise Refused("call.batch_off", batch_id=str(batch_id))
    if duty.begun(await now(tx)):
        raise Refused("call.batch_begun", starts_at=duty.slot.starts_at.isoformat())
    return await _call(tx, duty, college_ids, by)


async def answered(tx: Tx, offer: Offer, position: Why) -> None:
    """A call has its answer: the others end once nobody is missing; with the last one the search goes on."""
    duty = await _duty(tx, offer.duty_id)
    offers = await store.offers_of_duty(tx, offer.duty_id)
    if rules.missing(duty, offers) > 0:
        await staff_again(tx, offer.duty_id, because=position)
        return
    for other in offers:
        if other.calls:
            await say(tx, other, rules.release(other, reason("call.taken")), because=position)


async def _call(tx: Tx, duty: Duty, college_ids: Sequence[CollegeId], by: Actor) -> list[AssignmentId]:
    offers = await store.offers_of_duty(tx, duty.duty_id)
    if rules.missing(duty, offers) <= 0:
        raise Refused("call.has_offer")
    known = {each.college_id: each for each in await colleges.colleges(tx, college_ids)}
    asked = {each.college_id for each in offers if each.undecided}
    made: list[AssignmentId] = []
    for college_id in dict.fromkeys(college_ids):
        college = known.get(college_id)
        if college is None:
            raise NotFound("college.unknown", field="college_ids", college_id=college_id)
        if college_id in asked:
            raise Refused("call.asked_already", field="college_ids", college_id=college_id)
        if college.agreement_on(duty.slot.day) is None:
            raise Refused(
                "agreement.none", field="college_ids", college_id=college_id, day=str(duty.slot.day)
            )
        offer = await offer_to(tx, duty, college_id, None, step=BY_THE_COORDINATOR, by=by)
        if offer is not None:
            made.append(offer.assignment_id)
    await store.set_duty_state(tx, duty.duty_id, DutyState.OPEN)
    return made


async def _duty(tx: Tx, duty_id: UUID) -> Duty:
    duty = await store.duty_of(tx, duty_id)
    if duty is None:
        raise LookupError(f"an offer is for {duty_id}, which nobody knows")
    return duty
