"""An open call: the coordinator asks several colleges at once, and the first that names somebody has it."""

from collections.abc import Sequence

from contracts.refusals import NotFound, Refused
from contracts.values import AssignmentId, CollegeId, SessionId
from instructor_dispatch.colleges import commands as colleges
from instructor_dispatch.offers import store
from instructor_dispatch.offers.commands.saying import offer_to
from instructor_dispatch.offers.rules import DutyState
from instructor_dispatch.reservations import commands as reservations
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.identity import Actor

BY_THE_COORDINATOR = 5
"""The step of dispatch at which a person takes over."""


async def open_call(
    tx: Tx, session_id: SessionId, college_ids: Sequence[CollegeId], *, by: Actor
) -> list[AssignmentId]:
    """Ask these colleges for anybody who can come. Holds nobody; answers the offers' ids."""
    duty = await store.lock_duty(tx, session_id)
    await reservations.hold_choosing(tx)
    if duty.state is DutyState.OFF:
        raise Refused("call.session_off", session_id=str(session_id))
    if duty.begun(await now(tx)):
        raise Refused("call.session_begun", starts_at=duty.slot.starts_at.isoformat())
    if any(each.live for each in await store.offers_of_duty(tx, session_id)):
        raise Refused("call.has_offer", session_id=str(session_id))
    known = {each.college_id: each for each in await colleges.colleges(tx, college_ids)}
    made: list[AssignmentId] = []
    for college_id in dict.fromkeys(college_ids):
        college = known.get(college_id)
        if college is None:
            raise NotFound("college.unknown", field="college_ids", college_id=college_id)
        if college.agreement_on(duty.slot.day) is None:
            raise Refused(
                "agreement.none", field="college_ids", college_id=college_id, day=str(duty.slot.day)
            )
        offer = await offer_to(tx, duty, college_id, None, step=BY_THE_COORDINATOR, by=by)
        if offer is not None:
            made.append(offer.assignment_id)
    await store.set_duty_state(tx, session_id, DutyState.OPEN)
    return made
