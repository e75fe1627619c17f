"""What open offers put on the people they propose, from the rows: read together, nobody is held."""

from typing import NamedTuple

from contracts.values import AssignmentId, CollegeId, PersonId
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.offers import store
from instructor_dispatch.offers.bearing import Bearing, bearing, week_span
from instructor_dispatch.offers.rules import UNSETTLED, Duty, Offer
from instructor_dispatch.reservations import commands as reservations
from instructor_dispatch.reservations import rules as reserved
from servicekit.db import Tx
from staffing.diary import Diary, Place
from staffing.rulebook import Rulebook


class Borne(NamedTuple):
    """An open offer and its person."""

    assignment_id: AssignmentId
    person_id: PersonId
    most_week: int
    bearing: Bearing


async def of_open_offers(tx: Tx, *, college_id: CollegeId | None) -> list[Borne]:
    """Every open offer that proposes somebody: of a college, or of all."""
    book: Rulebook = tx.known
    asked = [
        (offer, duty, offer.person_id)
        for offer, _, duty in await store.listed(tx, college_id=college_id, states=UNSETTLED)
        if offer.person_id is not None
    ]
    if not asked:
        return []
    weeks = [week_span(offer.slot.day) for offer, _, _ in asked]
    first, last = min(week.start for week in weeks), max(week.end for week in weeks)
    ids = {person for _, _, person in asked}
    people = {each.person_id: each for each in await instructors.people(tx, ids)}
    rows = await reservations.in_time(tx, ids, book.clock.instant(first), book.clock.instant(last))
    return [
        Borne(
            offer.assignment_id, person, people[person].most_sessions_week,
            bearing(offer.slot, _place(duty), people[person].home, _others(offer, rows[person], book), book),
        )
        for offer, duty, person in asked
    ]  # fmt: skip


def _others(offer: Offer, rows: list[reserved.Row], book: Rulebook) -> Diary:
    return reserved.diary((row for row in rows if row.assignment_id != offer.assignment_id), book)


def _place(duty: Duty) -> Place | None:
    return None if duty.division is None else Place(duty.division, duty.site)
