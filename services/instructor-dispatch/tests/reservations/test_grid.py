"""Every pair of times on a quarter-hour grid: none that overlaps is let in, none that does not is refused."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest

from instructor_dispatch.reservations import commands as reservations
from instructor_dispatch.reservations import store
from instructor_dispatch.reservations.rules import Row, fixed

QUARTER = timedelta(minutes=15)
MIDNIGHT = datetime(2027, 2, 28, 16, tzinfo=UTC)
"""00:00 of a Monday in Sanming."""
SPANS = [(start, end) for start in range(12) for end in range(start + 1, 13)]
PAIRS = list(product(SPANS, SPANS))
SANYUAN, YONGAN = ("350404", "jinniu"), ("350481", "bgzb")


def at(hour: int, minute: int = 0, day: int = 0) -> datetime:
    return MIDNIGHT + timedelta(days=day, hours=hour, minutes=minute)


def row(person: UUID, starts_at: datetime, ends_at: datetime, place=SANYUAN) -> Row:
    division, site = place or (None, None)
    return Row(person, starts_at, ends_at, "session", "held", uuid4(), division, site)


@pytest.mark.parametrize(
    "begins",
    [at(6, 30), at(22, 30)],
    ids=["over eight, when a day begins in UTC", "over midnight"],
)
async def test_of_all_pairs_exactly_those_that_overlap_are_refused(dispatch, begins):
    people = [UUID(int=number) for number in range(1, len(PAIRS) + 1)]
    firsts, seconds = (
        [
            row(person, begins + pair[which][0] * QUARTER, begins + pair[which][1] * QUARTER)
            for person, pair in zip(people, PAIRS, strict=True)
        ]
        for which in (0, 1)
    )
    async with dispatch.transactions.begin() as tx:
        assert len(await store.insert(tx, firsts)) == len(PAIRS)
        written = await store.insert(tx, seconds)
        rows = await tx.driver.fetch(
            "select person_id from reservation where reservation_id = any($1::uuid[])", written
        )
    let_in = {each["person_id"] for each in rows}
    apart = {
        person
        for person, ((a, b), (c, d)) in zip(people, PAIRS, strict=True)
        if not {*range(a, b)} & {*range(c, d)}
    }
    assert (apart - let_in, let_in - apart) == (set(), set())


async def reserved(dispatch, *rows: Row) -> list[bool]:
    """Whether each was let in, one after the other, by the rule and the table together."""
    answers = []
    for each in rows:
        async with dispatch.transactions.begin() as tx:
            answers.append(await reservations.reserve(tx, each))
    return answers


class TestHandPicked:
    @pytest.mark.parametrize("turned", [False, True])
    async def test_half_past_seven_inside_seven_to_nine_at_midnight_utc(self, dispatch, turned):
        person = uuid4()
        pair = [row(person, at(7), at(9)), row(person, at(7, 30), at(8, 30))]
        assert at(8).hour == 0
        assert await reserved(dispatch, *(reversed(pair) if turned else pair)) == [True, False]

    async def test_a_session_over_midnight_meets_those_of_both_days(self, dispatch):
        person = uuid4()
        night = row(person, at(22), at(26))
        asked = [
            night,
            row(person, at(21), at(22, 15)),
            row(person, at(23, 45), at(24, 15)),
            row(person, at(1, day=1), at(3, day=1)),
            row(person, at(2, day=1), at(4, day=1)),
            row(person, at(20), at(22)),
        ]
        assert await reserved(dispatch, *asked) == [True, False, False, False, True, True]

    async def test_after_a_night_the_drive_of_the_new_day_is_counted(self, dispatch, book):
        person, needed = uuid4(), timedelta(minutes=_drive(book))
        night = row(person, at(22), at(25))
        soon = row(person, at(25) + needed - QUARTER, at(29), YONGAN)
        later = row(person, at(25) + needed, at(29), YONGAN)
        assert await reserved(dispatch, night, soon, later) == [True, False, True]

    async def test_back_to_back_at_one_place(self, dispatch):
        person = uuid4()
        assert await reserved(dispatch, row(person, at(8), at(10)), row(person, at(10), at(12))) == [True] * 2
        assert await kinds(dispatch, person) == ["session", "session"]

    @pytest.mark.parametrize("short", [0, 1])
    async def test_at_two_places_only_with_the_drive(self, dispatch, book, short):
        person = uuid4()
        leaves = timedelta(minutes=_drive(book) - short)
        first = row(person, at(8), at(10))
        then = row(person, at(10) + leaves, at(16), YONGAN)
        assert await reserved(dispatch, first, then) == [True, not short]
        assert await kinds(dispatch, person) == (["session"] if short else ["session", "drive", "session"])


def _drive(book) -> int:
    """Minutes from the one place to the other, buffer included."""
    first, last = (fixed(row(uuid4(), at(8), at(9), place), book) for place in (SANYUAN, YONGAN))
    return book.travel.needed(first, last)


async def kinds(dispatch, person) -> list[str]:
    async with dispatch.transactions.begin() as tx:
        rows = await tx.driver.fetch(
            "select kind from reservation where person_id = $1 order by lower(during)", person
        )
    return [each["kind"] for each in rows]
