"""Somebody cannot come any more: ill, own lessons, retired. The sessions go to the next best, scarcest first."""

import contextlib
from collections.abc import Collection
from datetime import datetime

from contracts.instructor_dispatch import Away
from contracts.refusals import NotFound
from contracts.values import AssignmentId, CollegeId, PersonId, Reason
from contracts.values import because as reason
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.instructors.rules import Person, check_division
from instructor_dispatch.instructors.rules import unavailable as away_is_told
from instructor_dispatch.offers import ranking, rules, store
from instructor_dispatch.offers.commands import field
from instructor_dispatch.offers.commands.endings import release, staff_again
from instructor_dispatch.offers.commands.gaps import look_again
from instructor_dispatch.offers.commands.saying import Why, say
from instructor_dispatch.offers.commands.seeing import Seen
from instructor_dispatch.offers.rules import Duty, Offer, OfferState
from instructor_dispatch.reservations import commands as reservations
from servicekit.clock import now
from servicekit.db import Position, Tx
from servicekit.identity import Actor


async def register_absence(
    tx: Tx, person_id: PersonId, away: Away, *, college_id: CollegeId | None, by: Actor
) -> list[AssignmentId]:
    """Note the time away and free what does not go with it, drives counted; answers what was freed.

    What has begun stays: the person is there.
    """
    person = await hold_with_promises(tx, person_id, college_id)
    position = await instructors.note_away(tx, person, away, by=by)
    live = await store.live_of_person(tx, person_id)
    gone = await make_room(
        tx, person_id, away, moment=await now(tx)
    )  # before anybody is asked: not him again
    asked = [each for each in live if falls_away(each, gone, away)]
    duties = await free_offers(tx, asked, reason("person.away"), position)
    await staff_scarcest_first(tx, duties, position)
    return [each.assignment_id for each in asked]


async def touched_by(
    tx: Tx, person_id: PersonId, away: Away, *, college_id: CollegeId | None
) -> list[AssignmentId]:
    """What `register_absence` would free, earliest first; nothing is changed, and what it refuses is refused."""
    person = await instructors.known(tx, person_id, college_id=college_id)
    moment = await now(tx)
    away_is_told(person, away, now=moment)
    if away.division is not None:
        check_division(away.division, tx.known)
    gone = set(await reservations.that_cannot_stay(tx, person_id, away, now=moment))
    live = await store.live_of_person(tx, person_id)
    touched = [each for each in live if falls_away(each, gone, away)]
    return [each.assignment_id for each in sorted(touched, key=lambda each: each.slot.starts_at)]


async def end_absence(
    tx: Tx,
    person_id: PersonId,
    away: Away,
    ended_at: datetime | None,
    *,
    college_id: CollegeId | None,
    by: Actor,
) -> None:
    """A time away ends early, or was a mistake: whoever lacks somebody like that is looked at again."""
    await reservations.hold_choosing(tx)
    person = await instructors.known(tx, person_id, college_id=college_id)
    fact, position = await instructors.note_available(tx, person, away, ended_at, by=by)
    await reservations.free_away(tx, person_id, fact.starts_at, fact.ends_at, fact.away)
    await look_again(tx, person.college_id, because=position)


async def make_room(tx: Tx, person_id: PersonId, away: Away, *, moment: datetime) -> set[AssignmentId]:
    """Reserve the time away instead of whatever does not go with it; which assignments that were."""
    gone = set(await reservations.that_cannot_stay(tx, person_id, away, now=moment))
    await reservations.free(tx, gone)
    await reservations.reserve_away(tx, person_id, away)
    return gone


async def retire(
    tx: Tx, person_id: PersonId, *, college_id: CollegeId | None, by: Actor
) -> list[AssignmentId]:
    """The person is no longer sent: all that has not begun goes to others; answers what was freed."""
    person = await hold_with_promises(tx, person_id, college_id)
    position = await instructors.note_retired(tx, person, by=by)
    moment = await now(tx)
    asked = [each for each in await store.live_of_person(tx, person_id) if each.slot.starts_at > moment]
    duties = await free_offers(tx, asked, reason("person.retired"), position)
    await staff_scarcest_first(tx, duties, position)
    return [each.assignment_id for each in asked]


async def hold_with_promises(tx: Tx, person_id: PersonId, college_id: CollegeId | None) -> Person:
    """The person, with all that may be touched held in the order that everybody keeps: orders come first.

    Which orders is known for certain only when the choosing is held; if one came in meanwhile, all is let go
    and taken again, for nobody may wait for an order while others wait for the choosing.
    """
    while True:
        with contextlib.suppress(_OneMore):
            async with tx.savepoint():
                before = {each.assignment_id for each in await store.live_of_person(tx, person_id)}
                await store.hold_orders(tx, before)
                await reservations.hold_choosing(tx)
                known = await instructors.people(tx, [person_id])
                if not known or college_id not in (None, known[0].college_id):
                    raise NotFound("person.unknown", person_id=str(person_id))
                await reservations.hold_colleges(tx, [known[0].college_id])
                if {each.assignment_id for each in await store.live_of_person(tx, person_id)} - before:
                    raise _OneMore
            return await instructors.known(tx, person_id)


class _OneMore(Exception):  # noqa: N818  takes a savepoint back
    """The person was asked for one session more before we held everything."""


def falls_away(offer: Offer, gone: Collection[AssignmentId], away: Away) -> bool:
    """What is reserved and cannot stay, or half of a swap, not reserved yet, at that time."""
    if offer.assignment_id in gone:
        return True
    meets = offer.slot.starts_at < away.ends_at and away.starts_at < offer.slot.ends_at
    return offer.linked is not None and offer.state.value != "firm" and meets


async def free_offers(tx: Tx, offers: Collection[Offer], why: Reason, because: Why = None) -> list[Duty]:
    """End these; what they were for, and is to be staffed again."""
    duties: list[Duty] = []
    for offer in offers:
        if not (await store.read(tx, offer.assignment_id)).live:
            continue  # the other half of a swap ended with the first
        if offer.state is OfferState.TAKEN:  # the place is the college's: it names somebody else
            await reservations.free(tx, [offer.assignment_id])
            await say(tx, offer, rules.without_person(offer), because=because)
            continue
        await release(tx, offer, why, because=because)
        duty = await store.duty_of(tx, offer.duty_id)
        if duty is not None:
            duties.append(duty)
    return duties


async def staff_scarcest_first(tx: Tx, duties: Collection[Duty], because: Position) -> None:
    """What fewest people can take comes first: the others have more to choose from."""
    seen = Seen()  # nobody is asked while they are counted
    scarce = [
        (len(ranking.rank(await field.load(tx, duty, seen=seen)).choices), duty.slot.starts_at, duty)
        for duty in duties
    ]
    for _, _, duty in sorted(scarce, key=lambda each: each[:2]):
        await staff_again(tx, duty.duty_id, because=because)
