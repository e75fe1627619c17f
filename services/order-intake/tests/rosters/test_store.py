"""The rows of rosters at the size of a city: more people than a statement has parameters."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from order_intake.rosters import store
from order_intake.rosters.rules import Person
from servicekit.testing import tx_of

TOLD = {"purpose": "evaluation", "at": datetime(2027, 3, 1, tzinfo=UTC)}
MANY = 33_000
"""PostgreSQL takes 32,767 parameters."""


def somebody(number: int) -> Person:
    return Person(
        name="演示甲", id_number=f"35042819800101{number % 10_000:04d}", worker_id=UUID(int=number + 1), crew="A",
        birth_date=date(1980, 1, 1), years_in_trade=5, holds_level="L5",
    )  # fmt: skip


@pytest.fixture
async def desk(intake, given):
    """A transaction with an order of very many people, and another one."""
    order, other = [UUID(await given.a_draft(people=0)) for _ in range(2)]
    async with tx_of(intake) as tx:
        await store.put(tx, order, [somebody(n) for n in range(MANY)])
        yield tx, order, other


async def test_a_desk_may_hold_more_people_than_a_statement_has_parameters(desk):
    tx, order, other = desk
    workers = [UUID(int=n + 1) for n in range(MANY)]
    assert await store.elsewhere(tx, workers, other) == {order: set(workers)}
    assert len(await store.of_workers(tx, workers)) == MANY
    assert await store.disclose(tx, order, "service:evaluation", workers, **TOLD) == MANY
    assert await store.disclose(tx, order, "service:evaluation", [*workers[:5], uuid4()], **TOLD) == 1
    await store.drop_all_but(tx, order, workers[1:])
    assert set(await store.of_order(tx, order)) == set(workers[1:])


async def test_nobody_stays_where_nobody_stands(desk):
    tx, order, _ = desk
    await store.drop_all_but(tx, order, [])
    assert await store.of_order(tx, order) == {}
