"""Reserve somebody's time, and the drives that follow from it. The person is held while this is done.

Whoever chooses between several people holds the choosing first, then the colleges, then a person: one order
for everybody, so that two transactions never wait for each other. Orders are held before all of them.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from contracts.instructor_dispatch import Away
from contracts.values import AssignmentId, CollegeId, PersonId
from instructor_dispatch.reservations import rules, store
from instructor_dispatch.reservations.rules import Row
from servicekit.db import Tx
from servicekit.facts import hold_subject
from staffing.moments import at, day_of
from staffing.rulebook import Rulebook

CHOOSING = "dispatch"
"""Held by whoever chooses between people, or touches more than one: one at a time, some milliseconds each."""


async def hold_choosing(tx: Tx) -> None:
    """One chooser at a time; answers about one person go on beside it."""
    await hold_subject(tx, CHOOSING)


async def hold_colleges(tx: Tx, colleges: Collection[CollegeId]) -> None:
    """What these colleges still may send is counted from here on: nobody else adds to it."""
    await hold_subject(tx, *colleges)


async def reserve(tx: Tx, row: Row) -> bool:
    """Write the reservation with the drives that it needs; no = taken, or the drive does not fit."""
    await hold_subject(tx, row.person_id)
    book: Rulebook = tx.known
    around = await _around(tx, row)
    if book.travel.clash(rules.fixed(row, book), rules.diary(around, book)) is not None:
        return False
    stale, new = rules.difference(
        [each for each in around if each.is_drive], rules.drives(row.person_id, [*around, row], book)
    )
    await store.delete(tx, [each.reservation_id for each in stale])
    written = await store.insert(tx, [row, *new])
    if len(written) == 1 + len(new):
        return True
    await store.delete(tx, written)  # the table refused a row: leave everything as it was
    await store.insert(tx, stale)
    return False


async def free(tx: Tx, assignments: Collection[AssignmentId]) -> None:
    """These are not reserved any more; drives that nobody needs now go with them."""
    people = {row.person_id for row in await store.of_assignments(tx, assignments)}
    await hold_subject(tx, *people)
    gone = await store.of_assignments(tx, assignments)
    await store.delete(tx, [row.reservation_id for row in gone])
    for row in gone:
        await _draw_drives(tx, row)


async def reserved(tx: Tx, assignments: Collection[AssignmentId]) -> set[AssignmentId]:
    """Which of these hold somebody."""
    rows = await store.of_assignments(tx, assignments)
    return {row.assignment_id for row in rows if row.assignment_id is not None}


async def make_firm(tx: Tx, assignment_id: AssignmentId) -> None:
    """Held no more, but promised."""
    await store.make_firm(tx, assignment_id)


async def reserve_away(tx: Tx, person_id: PersonId, away: Away) -> None:
    """Reserve own lessons or an absence, as far as the time is not reserved already.

    Whoever asks has released the sessions that do not go with it; one that has begun stays.
    """
    await hold_subject(tx, person_id)
    row = away_row(person_id, away)
    around = await _around(tx, row)
    in_the_way = [
        each
        for each in around
        if each.is_drive and each.starts_at < row.ends_at and row.starts_at < each.ends_at
    ]
    await store.delete(tx, [each.reservation_id for each in in_the_way])
    await store.insert(tx, rules.uncovered(row, [each for each in around if not each.is_drive]))
    await _draw_drives(tx, row)


async def free_away(
    tx: Tx, person_id: PersonId, starts_at: datetime, ends_at: datetime, still: Collection[Away]
) -> None:
    """Reserve a time no longer for being away, but for what else is told of it (`still`)."""
    await hold_subject(tx, person_id)
    free = Row(person_id, starts_at, ends_at, "absence")
    rows = await store.in_time(tx, [person_id], starts_at, ends_at)
    gone = [row for row in rows if not row.is_drive and not row.is_duty]
    await store.delete(tx, [row.reservation_id for row in gone])
    await store.insert(tx, [piece for row in gone for piece in rules.outside(row, starts_at, ends_at)])
    for away in still:
        if away.starts_at < ends_at and starts_at < away.ends_at:
            await reserve_away(tx, person_id, away)
    await _draw_drives(tx, free)


def away_row(person_id: PersonId, away: Away) -> Row:
    """The reservation of own lessons (with a place) or an absence (without)."""
    kind = "absence" if away.division is None else "lesson"
    return Row(person_id, away.starts_at, away.ends_at, kind, division=away.division)


async def that_cannot_stay(tx: Tx, person_id: PersonId, away: Away, *, now: datetime) -> list[AssignmentId]:
    """Which assignments do not go with a new time away, drives counted. What has begun stays."""
    await hold_subject(tx, person_id)
    row = away_row(person_id, away)
    gone = rules.that_cannot_stay(row, await _around(tx, row), tx.known, now=now)
    return [each.assignment_id for each in gone if each.assignment_id is not None]


async def in_time(
    tx: Tx, people: Collection[PersonId], starts_at: datetime, ends_at: datetime
) -> dict[PersonId, list[Row]]:
    """What each of these people has in a time, drives included, earliest first."""
    found: dict[PersonId, list[Row]] = {person: [] for person in people}
    for row in await store.in_time(tx, people, starts_at, ends_at):
        found[row.person_id].append(row)
    return found


async def _draw_drives(tx: Tx, beside: Row) -> None:
    """The drives of these days as they must be now."""
    around = await _around(tx, beside)
    wanted = rules.drives(beside.person_id, around, tx.known)
    stale, new = rules.difference([each for each in around if each.is_drive], wanted)
    await store.delete(tx, [each.reservation_id for each in stale])
    await store.insert(tx, new)


async def _around(tx: Tx, row: Row) -> list[Row]:
    """All of the person's local days that the row touches: drives stay within a day, at night all are at home."""
    book: Rulebook = tx.known
    first = day_of(book.clock.minute(row.starts_at))
    last = day_of(book.clock.minute(row.ends_at))
    starts_at, ends_at = book.clock.instant(at(first)), book.clock.instant(at(last + timedelta(days=1)))
    return await store.in_time(tx, [row.person_id], starts_at, ends_at)
