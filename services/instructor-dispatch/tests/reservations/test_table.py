"""The database itself refuses the second of two, whoever writes it."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

NINE = datetime(2027, 3, 1, 1, tzinfo=UTC)
WRITE = """insert into reservation (person_id, during, kind, state, assignment_id)
values ($1, tstzrange($2, $3, '[)'), $4, 'held', $5)"""


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


async def write(dispatch, person, start, length, kind="session"):
    assignment = uuid4() if kind in ("session", "batch") else None
    async with dispatch.transactions.begin() as tx:
        await tx.driver.execute(
            WRITE, person, NINE + hours(start), NINE + hours(start + length), kind, assignment
        )


class TestNobodyInTwoPlaces:
    @pytest.mark.parametrize(("start", "length"), [(0, 3), (2.99, 1), (-1, 1.01), (1, 1), (-1, 5)])
    @pytest.mark.parametrize("kind", ["session", "batch", "drive", "lesson", "absence"])
    async def test_what_overlaps_is_refused(self, dispatch, start, length, kind):
        person = uuid4()
        await write(dispatch, person, 0, 3)
        with pytest.raises(asyncpg.ExclusionViolationError):
            await write(dispatch, person, start, length, kind)

    async def test_what_follows_at_once_is_no_overlap(self, dispatch):
        person = uuid4()
        await write(dispatch, person, 0, 3)
        await write(dispatch, person, 3, 1, "drive")
        await write(dispatch, person, 4, 3)

    async def test_another_person_may(self, dispatch):
        await write(dispatch, uuid4(), 0, 3)
        await write(dispatch, uuid4(), 0, 3)

    async def test_of_two_at_the_same_moment_the_second_waits_and_is_refused(self, dispatch):
        person = uuid4()
        outcomes = await asyncio.gather(
            *(write(dispatch, person, at / 10, 3) for at in range(8)), return_exceptions=True
        )
        assert outcomes.count(None) == 1
        assert {type(each) for each in outcomes if each} <= {
            asyncpg.ExclusionViolationError,
            asyncpg.DeadlockDetectedError,  # two that each wait for the other: one is refused as well
        }

    @pytest.mark.parametrize(("kind", "assignment"), [("session", None), ("drive", uuid4()), ("party", None)])
    async def test_what_cannot_be_is_refused(self, dispatch, kind, assignment):
        with pytest.raises(asyncpg.CheckViolationError):
            async with dispatch.transactions.begin() as tx:
                await tx.driver.execute(WRITE, uuid4(), NINE, NINE + hours(1), kind, assignment)
