"""Sixteen writers reserve, release and move at random; a model that does the same one by one ends with the same."""

import asyncio
import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from instructor_dispatch.main import build
from instructor_dispatch.reservations import commands as reservations
from instructor_dispatch.reservations.rules import Row, fixed
from instructor_dispatch.settings import Settings
from servicekit.testing import service_on

from ..conftest import PROGRAMMES

WRITERS = 16
MIDNIGHT = datetime(2027, 2, 28, 16, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
PLACES = [("350404", "a"), ("350404", "b"), ("350405", "c"), ("350424", "d"), ("350481", "e")]
PEOPLE = [UUID(int=number) for number in range(1, 11)]
DAYS = 4


@pytest.fixture(scope="module")
async def on_database(database):
    """As elsewhere, with a connection for every writer."""
    async with service_on(
        database, build, Settings, programmes=PROGRAMMES, database_connections=WRITERS + 4
    ) as service:
        yield service


@dataclass
class Done:
    """What one writer did: assignments that it released, a row that it wanted, and whether it has it."""

    number: int
    """Drawn while the people were held: for each person the order in which it happened."""
    released: UUID | None
    wanted: Row | None
    taken: bool

    @property
    def changes_nothing(self) -> bool:
        """A move to where somebody is bound is taken back whole."""
        return self.released is not None and self.wanted is not None and not self.taken


@dataclass
class Writers:
    """All at the same table; what was done is kept in the order of the database's locks."""

    dispatch: object
    chance: random.Random
    done: list[Done] = field(default_factory=list)
    rows: dict[UUID, Row] = field(default_factory=dict)

    def a_row(self, assignment: UUID | None = None) -> Row:
        day, start = self.chance.randrange(DAYS), self.chance.randrange(28, 80)
        begins = MIDNIGHT + timedelta(days=day) + start * QUARTER
        length = self.chance.randint(2, 12) * QUARTER
        division, site = self.chance.choice(PLACES)
        person = self.chance.choice(PEOPLE)
        return Row(person, begins, begins + length, "session", "held", assignment or uuid4(), division, site)

    async def act(self) -> None:
        """Reserve, release or move; a move frees the time before it asks for the other, or changes nothing."""
        lot = self.chance.random()
        known = self.chance.choice(list(self.rows)) if self.rows and lot > 0.5 else None
        wanted = None if known and lot > 0.75 else self.a_row(known)
        try:
            async with self.dispatch.transactions.begin() as tx:
                done = await self.once(tx, known, wanted)
        except _NoRoom as refused:
            done = refused.done
        self.done.append(done)
        if known is not None and (wanted is None or done.taken):
            self.rows.pop(known, None)
        if wanted is not None and done.taken:
            self.rows[wanted.assignment_id] = wanted

    async def once(self, tx, known: UUID | None, wanted: Row | None) -> Done:
        if known is not None:
            await reservations.hold_choosing(tx)  # two people at once: as a dispatch does it
            await reservations.free(tx, [known])
        taken = wanted is not None and await reservations.reserve(tx, wanted)
        number = await tx.driver.fetchval("select nextval('in_their_order')")
        done = Done(number, known, wanted, taken)
        if done.changes_nothing:
            raise _NoRoom(done)
        return done

    async def write(self, times: int) -> None:
        for _ in range(times):
            await self.act()


class _NoRoom(Exception):  # noqa: N818  takes the transaction back
    def __init__(self, done: Done) -> None:
        super().__init__()
        self.done = done


class Model:
    """The same one by one: everybody's day is a list, two places need the drive and the buffer between them."""

    def __init__(self, book) -> None:
        self.book = book
        self.rows: dict[UUID, Row] = {}

    def takes(self, wanted: Row) -> bool:
        """Whether the row goes with all others of the person, each pair looked at."""
        return all(
            wanted.ends_at + self.drive(wanted, other) <= other.starts_at
            or other.ends_at + self.drive(wanted, other) <= wanted.starts_at
            for other in self.rows.values()
            if other.person_id == wanted.person_id
        )

    def drive(self, a: Row, b: Row) -> timedelta:
        return timedelta(minutes=self.book.travel.needed(fixed(a, self.book), fixed(b, self.book)))

    def do(self, done: Done) -> None:
        given_up = None if done.released is None else self.rows.pop(done.released, None)
        if done.wanted is not None:
            assert self.takes(done.wanted) == done.taken, done
            if done.taken:
                self.rows[done.wanted.assignment_id] = done.wanted
        if done.changes_nothing and given_up is not None:
            self.rows[given_up.assignment_id] = given_up

    def drives(self) -> set[tuple[UUID, datetime, datetime]]:
        found = set()
        ordered = sorted(self.rows.values(), key=lambda each: (each.person_id, each.starts_at))
        for a, b in pairwise(ordered):
            same_day = (a.starts_at - MIDNIGHT).days == (b.starts_at - MIDNIGHT).days
            if a.person_id == b.person_id and same_day and self.drive(a, b):
                found.add((a.person_id, b.starts_at - self.drive(a, b), b.starts_at))
        return found


async def compare(dispatch, book, times: int, seed: int) -> None:
    writers = Writers(dispatch, random.Random(seed))
    async with dispatch.transactions.begin() as tx:
        await tx.driver.execute("drop sequence if exists in_their_order; create sequence in_their_order")
    await asyncio.gather(*(writers.write(times) for _ in range(WRITERS)))
    model = Model(book)
    for each in sorted(writers.done, key=lambda each: each.number):
        model.do(each)
    async with dispatch.transactions.begin() as tx:
        rows = [
            row
            for of in (
                await reservations.in_time(tx, PEOPLE, MIDNIGHT, MIDNIGHT + timedelta(days=DAYS + 1))
            ).values()
            for row in of
        ]
        twice = await tx.driver.fetchval(
            "select count(*) from reservation a join reservation b on a.person_id = b.person_id"
            " and a.reservation_id < b.reservation_id and a.during && b.during"
        )
        await tx.driver.execute("drop sequence in_their_order")
    assert twice == 0
    kept = {row.assignment_id: replace(row, reservation_id=None) for row in rows if not row.is_drive}
    assert kept == model.rows
    assert {(row.person_id, *row.times) for row in rows if row.is_drive} == model.drives()
    taken = sum(each.taken for each in writers.done)
    assert 0 < taken < len(writers.done)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", [1, 2])
async def test_what_is_reserved_is_what_one_by_one_would_be(dispatch, book, seed):
    await compare(dispatch, book, times=120, seed=seed)


@pytest.mark.slow
@pytest.mark.timeout(7200)
async def test_ten_thousand_times_each(dispatch, book):
    await compare(dispatch, book, times=10_000, seed=11)
