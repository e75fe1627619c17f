"""What is done about the people who are sent. Other nouns read people through here."""

from collections.abc import Collection
from datetime import datetime

from contracts.instructor_dispatch import Away, InstructorAvailable, InstructorChanged, InstructorListed
from contracts.refusals import Conflict
from contracts.values import CollegeId, PersonId
from instructor_dispatch.colleges import commands as colleges
from instructor_dispatch.instructors import rules, store
from instructor_dispatch.instructors.rules import Person
from instructor_dispatch.reservations import commands as reservations
from servicekit.clock import now
from servicekit.db import Position, Tx
from servicekit.facts import hold_subject, record
from servicekit.identity import Actor


async def list_person(tx: Tx, listed: InstructorListed, name: str, *, by: Actor) -> Position:
    """A college puts a person on the list of those it sends; own lessons that are told are reserved."""
    rules.check(listed, tx.known)
    await colleges.known(tx, listed.college_id)
    await hold_subject(tx, listed.person_id)
    person = rules.evolve(None, listed)
    await store.add(tx, person, name)
    for away in person.away:
        await reservations.reserve_away(tx, person.person_id, away)
    return await record(tx, listed, by=by)


async def change_person(tx: Tx, changed: InstructorChanged, *, name: str | None, by: Actor) -> Position:
    """Something about the person is different: what is promised already stays promised."""
    before = await store.lock(tx, changed.person_id, college_id=changed.college_id)
    if before.retired:
        raise Conflict("person.retired", person_id=str(changed.person_id))
    fact = changed.model_copy(update={"away": before.away})
    rules.check(fact, tx.known)
    await store.save(tx, rules.evolve(before, fact), name)
    return await record(tx, fact, by=by)


async def note_away(tx: Tx, person: Person, away: Away, *, by: Actor) -> Position:
    """Tell that the person cannot come for a time; whoever asks frees what is inside, then reserves it."""
    if away.division is not None:
        rules.check_division(away.division, tx.known)
    fact = rules.unavailable(person, away, now=await now(tx))
    await store.save(tx, rules.evolve(person, fact))
    return await record(tx, fact, by=by)


async def note_available(
    tx: Tx, person: Person, away: Away, ended_at: datetime | None, *, by: Actor
) -> tuple[InstructorAvailable, Position]:
    """Tell that a time away ends early, or never was; whoever asks frees what was reserved for it."""
    fact = rules.available(person, away, ended_at, now=await now(tx))
    await store.save(tx, rules.evolve(person, fact))
    return fact, await record(tx, fact, by=by)


async def note_retired(tx: Tx, person: Person, *, by: Actor) -> Position:
    """Tell that the person is no longer sent; whoever asks frees what was promised."""
    fact = rules.retire(person)
    await store.save(tx, rules.evolve(person, fact))
    return await record(tx, fact, by=by)


async def version_of(tx: Tx, person_id: PersonId) -> int:
    """How often what is known of the person was changed."""
    return await store.version_of(tx, person_id)


async def known(tx: Tx, person_id: PersonId, *, college_id: CollegeId | None = None) -> Person:
    """The person, held to the end of the transaction; `person.unknown`, also when of another college."""
    return await store.lock(tx, person_id, college_id=college_id)


async def people(tx: Tx, ids: Collection[PersonId]) -> list[Person]:
    """These people, those that are known."""
    return await store.read(tx, ids)


async def everybody(tx: Tx) -> list[Person]:
    """All who are sent, whatever they teach."""
    return await store.everybody(tx)


async def with_occupation(tx: Tx, occupation: str, *, assessor: bool) -> list[Person]:
    """Everybody who might be asked for the occupation: ranking decides on level, date and all else."""
    return await store.with_occupation(tx, occupation, assessor=assessor)


async def occupations(tx: Tx, college_id: CollegeId) -> set[str]:
    """The occupations for which the college has somebody to send."""
    return await store.occupations(tx, college_id)


async def listed(tx: Tx, *, college_id: CollegeId | None) -> list[tuple[Person, str, int]]:
    """The people of a college (or all) with names and versions: for who may know them."""
    return await store.listed(tx, college_id=college_id)


async def names(tx: Tx, ids: Collection[PersonId]) -> dict[PersonId, str]:
    """Names in the clear, of those that are known."""
    return await store.names(tx, ids) if ids else {}
