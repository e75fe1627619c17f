"""What the facts about a person do to their row and their time, when they are all that is left.

A name is in no fact: until the college gives it again there is none, and the person shows as a number.
"""

from contracts.instructor_dispatch import (
    InstructorAvailable,
    InstructorChanged,
    InstructorListed,
    InstructorRetired,
    PersonFact,
    QualificationFact,
)
from instructor_dispatch.instructors import notices, rules, store
from instructor_dispatch.reservations import commands as reservations
from servicekit.db import Cause, Tx
from servicekit.evolution import position_of
from servicekit.facts import hold_subject


async def listed(tx: Tx, fact: InstructorListed, cause: Cause) -> None:
    """A new person, own lessons reserved."""
    await hold_subject(tx, fact.person_id)
    person = rules.evolve(None, fact)
    await store.add(tx, person, store.NO_NAME)
    await notices.look_when_something_ends(tx, person, because=position_of(cause))
    for away in fact.away:
        await reservations.reserve_away(tx, fact.person_id, away)


async def changed(tx: Tx, fact: PersonFact, cause: Cause) -> None:
    """Another state; what was promised is freed by facts of its own."""
    person = rules.evolve(None, fact)
    await store.save(tx, person)
    if isinstance(fact, InstructorChanged | InstructorRetired):
        await notices.look_when_something_ends(tx, person, because=position_of(cause))


async def ends(tx: Tx, fact: QualificationFact, cause: Cause) -> None:
    """It was said, and is not said again."""
    person = await store.lock(tx, fact.person_id)
    await notices.keep(tx, fact)
    await notices.look_when_something_ends(tx, person, because=position_of(cause))


async def available(tx: Tx, fact: InstructorAvailable, cause: Cause) -> None:
    """Not away in this time any more."""
    await changed(tx, fact, cause)
    await reservations.free_away(tx, fact.person_id, fact.starts_at, fact.ends_at, fact.away)
