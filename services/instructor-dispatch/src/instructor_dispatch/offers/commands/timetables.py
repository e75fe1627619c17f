"""A calendar of somebody who is sent is told anew: what it said before is free, what it says now is not."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.instructor_dispatch import Away
from contracts.values import AssignmentId, Code, CollegeId, PersonId
from contracts.values import because as reason
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.instructors.rules import Person, timetable_change
from instructor_dispatch.offers import store
from instructor_dispatch.offers.commands.absences import (
    falls_away,
    free_offers,
    hold_with_promises,
    make_room,
    staff_scarcest_first,
)
from instructor_dispatch.offers.commands.gaps import look_again
from instructor_dispatch.reservations import commands as reservations
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.identity import Actor


@dataclass(frozen=True, slots=True)
class Change:
    """What a calendar takes, what it gives back, and which promises do not go with it."""

    taken: tuple[Away, ...]
    given_back: tuple[Away, ...]
    collides: list[AssignmentId]


async def preview(tx: Tx, person: Person, calendar: Code, told: Sequence[Away]) -> Change:
    """What would happen; nothing is changed. The person is held."""
    moment = await now(tx)
    given_back, taken = timetable_change(person, calendar, told, now=moment)
    collides: dict[AssignmentId, None] = {}
    for away in taken:
        gone = await reservations.that_cannot_stay(tx, person.person_id, away, now=moment)
        collides |= dict.fromkeys(gone)
    return Change(taken, given_back, list(collides))


async def tell(
    tx: Tx,
    person_id: PersonId,
    calendar: Code,
    told: Sequence[Away],
    *,
    college_id: CollegeId | None,
    by: Actor,
) -> Change:
    """Replace what this calendar said before. What does not go with it is freed, and the next best are asked."""
    person = await hold_with_promises(tx, person_id, college_id)
    moment = await now(tx)
    given_back, taken = timetable_change(person, calendar, told, now=moment)
    position = await instructors.note_timetable(tx, person, calendar, told, by=by)
    live = await store.live_of_person(tx, person_id)
    still = (await instructors.known(tx, person_id)).away
    gone = await replaced(tx, person_id, given_back, taken, still)
    asked = [each for each in live if any(falls_away(each, gone, away) for away in taken)]
    duties = await free_offers(tx, asked, reason("person.away"), position)
    await staff_scarcest_first(tx, duties, position)
    if given_back:
        await look_again(tx, person.college_id, because=position)
    return Change(taken, given_back, [each.assignment_id for each in asked])


async def replaced(
    tx: Tx, person_id: PersonId, given_back: Sequence[Away], taken: Sequence[Away], still: Sequence[Away]
) -> set[AssignmentId]:
    """Free what is given back but for what else is told of it, reserve what is taken; what could not stay."""
    kept = [each for each in still if each not in taken]
    for away in given_back:
        await reservations.free_away(tx, person_id, away.starts_at, away.ends_at, kept)
    gone: set[AssignmentId] = set()
    for away in taken:
        gone |= await make_room(tx, person_id, away, moment=await now(tx))
    return gone
