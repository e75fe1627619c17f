"""What the facts about offers do to rows, reservations and deadlines, when they are all that is left.

Whom to ask is not chosen again: the facts name who was asked, who came and who was freed, in their order.
"""

from dataclasses import replace
from uuid import UUID

from contracts.instructor_dispatch import (
    AssignmentAccepted,
    AssignmentAgreed,
    AssignmentDeclined,
    AssignmentFact,
    AssignmentLapsed,
    AssignmentOffered,
    AssignmentReleased,
    AssignmentReminded,
    AssignmentSubstituted,
    AssignmentTaken,
    AssignmentUnconfirmed,
    AssignmentVolunteered,
    BatchUnstaffable,
    InstructorTimetabled,
    InstructorUnavailable,
    OrderStaffed,
    SessionUnassisted,
    SessionUnstaffable,
)
from contracts.values import PersonId
from instructor_dispatch.instructors import commands as people
from instructor_dispatch.instructors import evolve as instructors
from instructor_dispatch.instructors.rules import timetable_change
from instructor_dispatch.offers import store
from instructor_dispatch.offers.assisting import assistants_of
from instructor_dispatch.offers.commands import absences, staffed, timetables
from instructor_dispatch.offers.commands.choosing import is_given_up
from instructor_dispatch.offers.commands.saying import (
    NEARS,
    REMINDS,
    decide_then,
    keep,
    remind_then,
    row_of,
    wait_for_answer,
)
from instructor_dispatch.offers.rules import Duty, DutyState, Offer
from instructor_dispatch.reservations import commands as reservations
from servicekit.clock import now
from servicekit.db import Cause, Tx
from servicekit.evolution import position_of
from servicekit.facts import hold_subject
from servicekit.timers import drop_deadline


async def offered(tx: Tx, fact: AssignmentOffered, cause: Cause) -> None:
    """Somebody is asked and held from here on; who gives something up for it is not held yet."""
    await hold_subject(tx, fact.order_id)
    offer = await keep(tx, None, fact)
    duty = await _duty(tx, offer)
    if offer.person_id is not None and not is_given_up(fact):
        await _reserve(tx, duty, offer, offer.person_id, "held")
    await _turn(tx, duty.duty_id, DutyState.UNSTAFFABLE, DutyState.OPEN)
    await wait_for_answer(tx, offer, because=position_of(cause))


async def sent(tx: Tx, fact: AssignmentAccepted | AssignmentSubstituted, _cause: Cause) -> None:
    """This person is firm, whoever was held or called before."""
    before = await _before(tx, fact)
    duty = await _duty(tx, before)
    if before.person_id != fact.person_id:
        await reservations.free(tx, [before.assignment_id])
    if before.assignment_id not in await reservations.reserved(tx, [before.assignment_id]):
        await _reserve(tx, duty, before, fact.person_id, "firm")
    await keep(tx, before, fact)
    await staffed.note(tx, fact.order_id)


async def taken(tx: Tx, fact: AssignmentTaken, cause: Cause) -> None:
    """The college's, to be named; whom the offer proposed is held as before, unless he cannot come any more."""
    before = await _before(tx, fact)
    if fact.person_id is None:
        await reservations.free(tx, [fact.assignment_id])
        await keep(tx, before, fact)
        return
    after = await keep(tx, before, fact)
    await wait_for_answer(tx, after, because=position_of(cause))
    await remind_then(tx, after, because=position_of(cause))


async def reminded(tx: Tx, fact: AssignmentReminded, _cause: Cause) -> None:
    """It is not said twice."""
    await drop_deadline(tx, REMINDS, fact.assignment_id)


async def unconfirmed(tx: Tx, fact: AssignmentUnconfirmed, _cause: Cause) -> None:
    """It is not said twice."""
    await drop_deadline(tx, NEARS, fact.assignment_id)


async def volunteered(tx: Tx, fact: AssignmentVolunteered, cause: Cause) -> None:
    """This person is held until the call is decided."""
    before = await _before(tx, fact)
    await _reserve(tx, await _duty(tx, before), before, fact.person_id, "held")
    after = await keep(tx, before, fact)
    await decide_then(tx, after, fact.decides_at, because=position_of(cause))


async def agreed(tx: Tx, fact: AssignmentAgreed, _cause: Cause) -> None:
    """Half of a swap."""
    await keep(tx, await _before(tx, fact), fact)


async def refused(tx: Tx, fact: AssignmentDeclined | AssignmentLapsed, _cause: Cause) -> None:
    """Whoever was held is free, and not asked for it again; after a lapse, not at this time.

    What was offered for a time at which it no longer stands was moved before this was said, and taken after.
    """
    ended = await keep(tx, await _before(tx, fact), fact)
    lapsed = isinstance(fact, AssignmentLapsed)
    if ended.person_id is None or (lapsed and (await _duty(tx, ended)).slot != ended.slot):
        return
    await store.add_pair(tx, ended.duty_id, ended.person_id, lapsed=lapsed)


async def released(tx: Tx, fact: AssignmentReleased, _cause: Cause) -> None:
    """Whoever was held or firm is free; a promise that was given back is a no."""
    ended = await keep(tx, await _before(tx, fact), fact)
    if fact.given_back and ended.person_id is not None:
        await store.add_pair(tx, ended.duty_id, ended.person_id, lapsed=False)
    await staffed.note(tx, fact.order_id)


async def unstaffable(
    tx: Tx, fact: SessionUnstaffable | SessionUnassisted | BatchUnstaffable, _cause: Cause
) -> None:
    """Nobody can come as it stands."""
    match fact:
        case SessionUnstaffable():
            duty_id = fact.session_id
        case SessionUnassisted():
            duty_id = assistants_of(fact.session_id)
        case BatchUnstaffable():
            duty_id = fact.batch_id
    await _turn(tx, duty_id, DutyState.OPEN, DutyState.UNSTAFFABLE)


async def all_staffed(tx: Tx, fact: OrderStaffed, _cause: Cause) -> None:
    """The last gap was closed."""
    await hold_subject(tx, fact.order_id)
    await staffed.note(tx, fact.order_id)


async def unavailable(tx: Tx, fact: InstructorUnavailable, cause: Cause) -> None:
    """The time away, instead of whatever does not go with it; what is freed has facts of its own."""
    await instructors.changed(tx, fact, cause)
    await absences.make_room(tx, fact.person_id, fact.away[-1], moment=await now(tx))


async def timetabled(tx: Tx, fact: InstructorTimetabled, cause: Cause) -> None:
    """A calendar's times instead of those that it said before; what is freed has facts of its own."""
    person = await people.known(tx, fact.person_id)
    told = [each for each in fact.away if each.calendar == fact.calendar]
    given_back, taken = timetable_change(person, fact.calendar, told, now=await now(tx))
    await instructors.changed(tx, fact, cause)
    await timetables.replaced(tx, fact.person_id, given_back, taken, fact.away)


async def _turn(tx: Tx, duty_id: UUID, before: DutyState, after: DutyState) -> None:
    """What is off stays off: it was cancelled before this was said, and taken after."""
    duty = await store.duty_of(tx, duty_id)
    if duty is not None and duty.state is before:
        await store.set_duty_state(tx, duty_id, after)


async def _reserve(tx: Tx, duty: Duty, offer: Offer, person_id: PersonId, state: str) -> None:
    """At the time that was offered: the duty may have been moved before this was said, and taken after."""
    row = row_of(replace(duty, slot=offer.slot), person_id, offer.assignment_id, state)
    if not await reservations.reserve(tx, row):
        raise LookupError(f"{person_id} is at another place at {offer.slot.starts_at}")


async def _before(tx: Tx, fact: AssignmentFact) -> Offer:
    await hold_subject(tx, fact.order_id)
    return await store.read(tx, fact.assignment_id)


async def _duty(tx: Tx, offer: Offer) -> Duty:
    duty = await store.duty_of(tx, offer.duty_id)
    if duty is None:
        raise LookupError(f"offer {offer.assignment_id} is for nothing that is known")
    return duty
