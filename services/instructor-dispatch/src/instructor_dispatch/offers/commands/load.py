"""The load of colleges and people over some days, and what falls with a qualification that ends."""

from dataclasses import dataclass
from datetime import date, timedelta

from contracts.refusals import Invalid
from contracts.values import CollegeId
from instructor_dispatch.offers import loads
from instructor_dispatch.offers.loads import CollegeRow, Ending, PersonRow, Promise
from servicekit.clock import now
from servicekit.db import Tx
from staffing.moments import at, day_of
from staffing.people import includes, reasons_against_assessing, reasons_against_teaching
from staffing.rulebook import Rulebook

MOST_DAYS = 800
"""Longest time that is counted at once (days)."""


@dataclass(frozen=True, slots=True)
class Loads:
    """Of some days, both included."""

    colleges: list[CollegeRow]
    people: list[PersonRow]
    ending: list[tuple[Ending, list[Promise]]]
    """With the firm assignments that nobody may hold by what is left."""


async def load_of(
    tx: Tx, first: date, last: date, *, ends_within: int, college_id: CollegeId | None
) -> Loads:
    """Of a college, or of all; `ends_within`: days from today in which a qualification's last day is told of."""
    if not first <= last:
        raise Invalid("load.ends_before_it_begins", field="to")
    if (last - first).days >= MOST_DAYS:
        raise Invalid("load.too_long", field="to", most=MOST_DAYS)
    book: Rulebook = tx.known
    instants = book.clock.instant(at(first)), book.clock.instant(at(last + timedelta(days=1)))
    today = day_of(book.clock.minute(await now(tx)))
    return Loads(
        colleges=await loads.of_colleges(tx, first, last, college_id),
        people=await loads.of_people(tx, (first, last), instants, college_id),
        ending=await ending_of(tx, today, today + timedelta(days=ends_within), college_id),
    )


async def ending_of(
    tx: Tx, first: date, last: date, college_id: CollegeId | None
) -> list[tuple[Ending, list[Promise]]]:
    """Qualifications whose last day lies between the two, and what falls with each; not what another includes."""
    book: Rulebook = tx.known
    return [
        (each, [p for p in each.promises if _falls(each, p, book)])
        for each in await loads.ending(tx, first, last, college_id)
        if not any(includes(other, each.held, book.ladder) for other in each.qualifications)
    ]


def _falls(ending: Ending, promise: Promise, book: Rulebook) -> bool:
    """Whether nothing else that the person holds is good for it on its day."""
    if promise.assessor:
        return bool(
            reasons_against_assessing(
                ending.person_id, ending.qualifications, promise.needs, promise.day, book.ladder
            )
        )
    return bool(reasons_against_teaching(ending.qualifications, promise.needs, promise.day, book.ladder))
