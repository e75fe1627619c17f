"""Somebody of the college is reserved for an offer: refused with everything that stands against it."""

from contracts.refusals import Conflict, Refused
from contracts.values import PersonId
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.offers import store
from instructor_dispatch.offers.commands import field
from instructor_dispatch.offers.commands.saying import row_of
from instructor_dispatch.offers.rules import Duty, Offer
from instructor_dispatch.reservations import commands as reservations
from servicekit.db import Tx


async def take(tx: Tx, offer: Offer, person_id: PersonId) -> None:
    """Reserve somebody of the college for the offer; `person.cannot_come` or `person.taken`."""
    await reservations.hold_colleges(tx, [offer.college_id])
    person = await instructors.known(tx, person_id, college_id=offer.college_id)
    if person.retired:
        raise Conflict("person.retired", person_id=str(person_id))
    duty = await duty_of(tx, offer)
    against = await field.reasons_against_person(tx, duty, person, without=offer.assignment_id)
    if against:
        raise Refused(
            "person.cannot_come",
            field="person_id",
            rule=against[0].code,
            reasons=[each.model_dump(mode="json") for each in against],
        )
    if not await reservations.reserve(tx, row_of(duty, person_id, offer.assignment_id)):
        raise Conflict("person.taken", field="person_id", person_id=str(person_id))


async def duty_of(tx: Tx, offer: Offer) -> Duty:
    """What the offer is for."""
    duty = await store.duty_of(tx, offer.duty_id)
    if duty is None:
        raise LookupError(f"offer {offer.assignment_id} is for nothing")
    return duty
