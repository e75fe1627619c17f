"""A qualification ends: it is said in time, and promises after its end go to others unless it is renewed."""

from uuid import UUID

from contracts.values import PersonId
from contracts.values import because as reason
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.instructors.ending import Terms, goes_to_others
from instructor_dispatch.offers import store
from instructor_dispatch.offers.commands.absences import free_offers
from instructor_dispatch.offers.commands.endings import staff_again
from instructor_dispatch.offers.commands.gaps import AFTER
from instructor_dispatch.offers.commands.saying import Why
from instructor_dispatch.offers.rules import Duty
from instructor_dispatch.reservations import commands as reservations
from servicekit.clock import now, today
from servicekit.db import Tx
from servicekit.timers import set_deadline
from staffing.people import reasons_against_assessing, reasons_against_teaching
from staffing.rulebook import Rulebook

FALLS = "promise.falls"
EXPIRED = "qualification.expired"


async def look_at(tx: Tx, person_id: PersonId, *, because: Why) -> None:
    """Say what ends, and ask for each promise after the end to be looked at. The person alone is held here.

    Each promise is looked at by itself, its order held first, for nobody who holds a person may ask for an order.
    """
    person, position = await instructors.say_what_ends(tx, person_id, because=because)
    book: Rulebook = tx.known
    if person.retired or not goes_to_others(person, await today(tx), Terms.of(book), book.ladder):
        return
    moment = await now(tx)
    falling = [
        each
        for each in await store.live_of_person(tx, person_id)
        if each.slot.starts_at > moment and not await store.waits(tx, FALLS, each.assignment_id)
    ]
    for number, offer in enumerate(sorted(falling, key=lambda each: each.slot.starts_at)):
        due = moment + number * AFTER
        cause = position or because
        await set_deadline(tx, FALLS, key=offer.assignment_id, subject=offer.order_id, due=due, because=cause)


async def let_fall(tx: Tx, assignment_id: UUID, *, because: Why) -> None:
    """Free the person if nothing that is held is good on the promise's day, and ask the next best.

    Nothing when it was renewed, ended or begun meanwhile. Its order is held, with those of its swaps.
    """
    await reservations.hold_choosing(tx)
    offer = await store.read(tx, assignment_id)
    duty = await store.duty_of(tx, offer.duty_id)
    if not offer.live or offer.person_id is None or duty is None or duty.begun(await now(tx)):
        return
    if not await _ended_by_then(tx, offer.person_id, duty):
        return
    why = reason("person.qualification_ends", occupation=duty.needs.occupation, day=duty.slot.day)
    for each in await free_offers(tx, [offer], why, because):
        await staff_again(tx, each.duty_id, because=because)


async def _ended_by_then(tx: Tx, person_id: PersonId, duty: Duty) -> bool:
    book: Rulebook = tx.known
    (person,) = await instructors.people(tx, [person_id])
    needs, day, held = duty.needs, duty.slot.day, person.qualifications
    if duty.is_batch:
        reasons = reasons_against_assessing(person_id, held, needs, day, book.ladder)
    else:
        reasons = reasons_against_teaching(held, needs, day, book.ladder)
    return any(each.code == EXPIRED for each in reasons)
