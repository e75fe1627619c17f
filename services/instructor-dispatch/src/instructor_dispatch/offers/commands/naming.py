"""Two steps: the college takes an offer for itself, then says who comes. Accepting does both at once."""

from contracts.refusals import Refused
from contracts.values import AssignmentId, CollegeId, PersonId
from instructor_dispatch.offers import ranking, rules, store
from instructor_dispatch.offers.commands import answers, field
from instructor_dispatch.offers.commands.saying import Why, remind_then, say, wait_for_answer
from instructor_dispatch.offers.commands.taking import duty_of
from instructor_dispatch.offers.commands.terms import term
from instructor_dispatch.offers.rules import Offer
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.facts import record
from servicekit.identity import Actor

MOST_CHOICES = 5
"""People who are proposed instead of one who cannot come (count)."""


async def take(tx: Tx, assignment_id: AssignmentId, *, college_id: CollegeId, by: Actor) -> None:
    """The place is the college's; whom the offer proposes stays held until somebody is named."""
    offer = await store.lock(tx, assignment_id, college_id=college_id)
    moment = await now(tx)
    hours = await term(tx, offer.order_id, lambda programme: programme.naming_hours)
    name_by = rules.answer_by(hours, now=moment, starts_at=offer.slot.starts_at)
    fact = rules.take(offer, name_by=name_by, now=moment)
    taken, position = await say(tx, offer, fact, by=by)
    await wait_for_answer(tx, taken, because=position)
    await remind_then(tx, taken, because=position)


async def confirm(tx: Tx, assignment_id: AssignmentId, *, college_id: CollegeId, by: Actor) -> None:
    """Whom the offer proposed comes."""
    rules.must_be_taken(await store.lock(tx, assignment_id, college_id=college_id))
    await answers.accept(tx, assignment_id, None, college_id=college_id, by=by)


async def name(
    tx: Tx, assignment_id: AssignmentId, person_id: PersonId, *, college_id: CollegeId, by: Actor
) -> None:
    """This person of the college comes; one who cannot is refused with the reasons, and with who could, best first."""
    offer = await store.lock(tx, assignment_id, college_id=college_id)
    rules.must_be_taken(offer)
    if person_id == offer.person_id:
        await answers.accept(tx, assignment_id, None, college_id=college_id, by=by)
        return
    try:
        await answers.substitute(tx, assignment_id, person_id, college_id=college_id, by=by)
    except Refused as refused:
        if refused.code in {"person.cannot_come", "person.taken"}:
            refused.parameters["choices"] = await _choices(tx, offer)
        raise


async def remind(tx: Tx, assignment_id: AssignmentId, *, because: Why = None) -> None:
    """The time to name somebody is nearly over; nothing when somebody is named, or the place given back."""
    fact = rules.remind(await store.read(tx, assignment_id))
    if fact is not None:
        await record(tx, fact, because=because)


async def _choices(tx: Tx, offer: Offer) -> list[dict[str, object]]:
    """Who of the college can come; whom the offer proposes is free for it. The choosing is held."""
    duty = await duty_of(tx, offer)
    of_college = await field.load(tx, duty, college_id=offer.college_id, without=offer.assignment_id)
    return [
        {"person_id": str(each.person_id), "minutes": each.minutes, "sessions": each.sessions}
        for each in ranking.rank(of_college).choices[:MOST_CHOICES]
    ]
