"""What is done about the people who are sent. Other nouns read people through here."""

from collections.abc import Collection, Sequence
from datetime import datetime

from contracts.instructor_dispatch import Away, InstructorAvailable, InstructorChanged, InstructorListed
from contracts.refusals import Conflict
from contracts.values import Code, CollegeId, PersonId
from instructor_dispatch.colleges import commands as colleges
from instructor_dispatch.instructors import ending, notices, rules, store
from instructor_dispatch.instructors.ending import Terms
from instructor_dispatch.instructors.rules import Person, Wishes
from instructor_dispatch.reservations import commands as reservations
from servicekit.clock import now, today
from servicekit.db import Cause, Position, Tx
from servicekit.facts import hold_subject, record
from servicekit.identity import Actor
from staffing.rulebook import Rulebook


async def list_person(tx: Tx, listed: InstructorListed, name: str, *, by: Actor) -> Position:
    """A college puts a person on the list of those it sends; own lessons that are told are reserved."""
    rules.check(listed, tx.known)
    await colleges.known(tx, listed.college_id)
    await hold_subject(tx, listed.person_id)
    person = rules.evolve(None, listed)
    await store.add(tx, person, name)
    for away in person.away:
        await reservations.reserve_away(tx, person.person_id, away)
    position = await record(tx, listed, by=by)
    await notices.look_when_something_ends(tx, person, because=position)
    return position


async def change_person(tx: Tx, changed: InstructorChanged, *, name: str | None, by: Actor) -> Position:
    """Something about the person is different: what is promised already stays promised."""
    before = await store.lock(tx, changed.person_id, college_id=changed.college_id)
    if before.retired:
        raise Conflict("person.retired", person_id=str(changed.person_id))
    kept = ("away", "prefers_divisions", "prefers_units", "most_evenings_week")  # told by routes of their own
    fact = changed.model_copy(update={name: getattr(before, name) for name in kept})
    rules.check(fact, tx.known)
    person = rules.evolve(before, fact)
    await store.save(tx, person, name)
    position = await record(tx, fact, by=by)
    await notices.look_when_something_ends(tx, person, because=position)
    return position


async def wish(tx: Tx, person: Person, wishes: Wishes, *, by: Actor) -> None:
    """The person, who is held, wishes otherwise; whoever may come may come as before."""
    fact = rules.wish(person, wishes)
    rules.check(fact, tx.known)
    await store.save(tx, rules.evolve(person, fact))
    await record(tx, fact, by=by)


async def say_what_ends(
    tx: Tx, person_id: PersonId, *, because: Cause | Position | None
) -> tuple[Person, Position | None]:
    """Say which qualifications of the person end soon or have ended, each once; the place of what was said last."""
    book: Rulebook = tx.known
    person = await store.lock(tx, person_id)
    position: Position | None = None
    if not person.retired:
        said = await notices.said_of(tx, person_id)
        for fact in ending.to_be_said(person, said, await today(tx), Terms.of(book), book.ladder):
            await notices.keep(tx, fact)
            position = await record(tx, fact, because=because)
    await notices.look_when_something_ends(tx, person, because=position or because)
    return person, position


async def note_away(tx: Tx, person: Person, away: Away, *, by: Actor) -> Position:
    """Tell that the person cannot come for a time; whoever asks frees what is inside, then reserves it."""
    if away.division is not None:
        rules.check_division(away.division, tx.known)
    fact = rules.unavailable(person, away, now=await now(tx))
    await store.save(tx, rules.evolve(person, fact))
    return await record(tx, fact, by=by)


async def note_timetable(
    tx: Tx, person: Person, calendar: Code, told: Sequence[Away], *, by: Actor
) -> Position:
    """Tell that a calendar of the person says otherwise; whoever asks frees and reserves what follows."""
    for division in {each.division for each in told if each.division is not None}:
        rules.check_division(division, tx.known)
    fact = rules.timetabled(person, calendar, told, now=await now(tx))
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
    retired = rules.evolve(person, fact)
    await store.save(tx, retired)
    position = await record(tx, fact, by=by)
    await notices.look_when_something_ends(tx, retired, because=position)
    return position


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
