"""What colleges, the union and the people sent see of offers and assignments."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from contracts.values import AssignmentId, CollegeId, OrderId, PersonId
from instructor_dispatch.offers import store
from instructor_dispatch.offers.rules import Duty, Offer, OfferState
from servicekit.db import Tx

Listed = tuple[Offer, int, Duty]
"""An offer, its version, and what it is for."""


async def offers(
    tx: Tx,
    *,
    college_id: CollegeId | None = None,
    person_id: PersonId | None = None,
    duty_id: UUID | None = None,
    states: Collection[OfferState] = (),
    since: date | None = None,
) -> list[Listed]:
    """Offers by what is given, by day; nothing given = all."""
    return await store.listed(
        tx, college_id=college_id, person_id=person_id, duty_id=duty_id, states=states, since=since
    )


async def swapped_with(tx: Tx, subjects: Collection[str]) -> Collection[object]:
    """The orders that work on these subjects may touch: those of the other halves of their swaps."""
    return await store.swapped_with(tx, [found for each in subjects if (found := _order(each))])


async def offer(tx: Tx, assignment_id: AssignmentId, *, college_id: CollegeId | None) -> Listed:
    """One offer; `offer.unknown`, also when it was made to another college."""
    return await store.one(tx, assignment_id, college_id=college_id)


def _order(subject: str) -> OrderId | None:
    """The order of this subject; nothing for one that is none, as of a record that nobody can read."""
    try:
        return UUID(subject)
    except ValueError:
        return None
