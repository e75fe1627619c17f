"""Somebody is listed, or something about them is different: they may close a gap. The choosing is held first."""

from contracts.instructor_dispatch import InstructorChanged, InstructorListed
from contracts.values import CollegeId, PersonId
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.instructors.rules import Person
from instructor_dispatch.offers.commands.gaps import look_again
from instructor_dispatch.reservations import commands as reservations
from servicekit.db import Tx
from servicekit.identity import Actor


async def held(tx: Tx, person_id: PersonId, *, college_id: CollegeId | None) -> Person:
    """The person, whom nobody changes before our change; `person.unknown`, also when of another college."""
    await reservations.hold_choosing(tx)
    return await instructors.known(tx, person_id, college_id=college_id)


async def list_person(tx: Tx, listed: InstructorListed, name: str, *, by: Actor) -> None:
    """One more who is sent."""
    await reservations.hold_choosing(tx)
    position = await instructors.list_person(tx, listed, name, by=by)
    await look_again(tx, listed.college_id, because=position)


async def change_person(tx: Tx, changed: InstructorChanged, *, name: str | None, by: Actor) -> None:
    """Another qualification, home or limit; what is promised stays promised."""
    await reservations.hold_choosing(tx)
    position = await instructors.change_person(tx, changed, name=name, by=by)
    await look_again(tx, changed.college_id, because=position)
