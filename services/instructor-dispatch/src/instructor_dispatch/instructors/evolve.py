"""What the facts about a person do to their row and their time, when they are all that is left.

A name is in no fact: until the college gives it again there is none, and the person shows as a number.
"""

from contracts.instructor_dispatch import InstructorAvailable, InstructorListed, PersonFact
from instructor_dispatch.instructors import rules, store
from instructor_dispatch.reservations import commands as reservations
from servicekit.db import Cause, Tx
from servicekit.facts import hold_subject


async def listed(tx: Tx, fact: InstructorListed, _cause: Cause) -> None:
    """A new person, own lessons reserved."""
    await hold_subject(tx, fact.person_id)
    await store.add(tx, rules.evolve(None, fact), store.NO_NAME)
    for away in fact.away:
        await reservations.reserve_away(tx, fact.person_id, away)


async def changed(tx: Tx, fact: PersonFact, _cause: Cause) -> None:
    """Another state; what was promised is freed by facts of its own."""
    await store.save(tx, rules.evolve(None, fact))


async def available(tx: Tx, fact: InstructorAvailable, cause: Cause) -> None:
    """Not away in this time any more."""
    await changed(tx, fact, cause)
    await reservations.free_away(tx, fact.person_id, fact.starts_at, fact.ends_at, fact.away)
