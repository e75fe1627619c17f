"""The fact log: append-only, one row after the other per subject, whatever runs beside."""

import asyncio
import contextlib
import random
from collections import defaultdict
from datetime import date
from uuid import uuid4

import asyncpg
import pytest

from contracts.order_intake import OrderStarted
from contracts.scheduling import SchemeWithdrawn
from contracts.values import Reason
from servicekit.facts import hold_subject, hold_with, record
from servicekit.identity import Actor
from servicekit.testing import tx_of

SOMEBODY = Actor("u-1", frozenset({"union"}))
DAY = date(2026, 5, 6)


@pytest.fixture
async def tx(sender):
    async with tx_of(sender) as tx:
        yield tx


class TestBoundSubjects:
    async def test_are_held_together_with_those_they_are_bound_to(self, tx):
        bound = {"a": ["b"], "b": []}

        async def others(_, subjects):
            return [each for subject in subjects for each in bound[subject]]

        await hold_with(tx, ["a"], others)
        assert set(tx.held) == {"a", "b"}

    async def test_one_that_is_bound_before_all_are_held_is_held_too(self, tx):
        asked = []

        async def others(_, subjects):
            asked.append(set(tx.held))
            return ["b"] if len(asked) == 1 else ["b", "c"]

        await hold_with(tx, ["a"], others)
        assert set(tx.held) == {"a", "b", "c"}
        assert asked == [set(), {"a", "b"}, set(), {"a", "b", "c"}]  # all was let go between

    async def test_nothing_bound_is_a_plain_lock(self, tx):
        await hold_with(tx, ["a"], None)
        assert set(tx.held) == {"a"}


class TestTheLog:
    @pytest.mark.parametrize("act", ["update event set type = 'x'", "delete from event", "truncate event"])
    async def test_is_append_only_in_the_database_itself(self, tx, act):
        order = uuid4()
        await hold_subject(tx, order)
        await record(tx, OrderStarted(order_id=order, started_on=DAY), by=SOMEBODY)
        await tx.said.write(tx.driver)
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await tx.driver.execute(act)

    async def test_takes_no_fact_whose_subject_is_not_held(self, tx):
        with pytest.raises(LookupError, match="not held"):
            await record(tx, OrderStarted(order_id=uuid4(), started_on=DAY), by=SOMEBODY)

    async def test_takes_no_fact_of_another_service(self, tx):
        order = uuid4()
        await hold_subject(tx, order)
        fact = SchemeWithdrawn(order_id=order, version=1, reason=Reason(code="a.b"))
        with pytest.raises(ValueError, match="scheduling's"):
            await record(tx, fact, by=SOMEBODY)

    async def test_counts_on_from_where_a_savepoint_was_taken_back(self, tx):
        order = uuid4()
        await hold_subject(tx, order)
        fact = OrderStarted(order_id=order, started_on=DAY)
        first = await record(tx, fact, by=SOMEBODY)
        with contextlib.suppress(ZeroDivisionError):
            async with tx.savepoint():
                await record(tx, fact, by=SOMEBODY)
                _ = 1 / 0
        second = await record(tx, fact, by=SOMEBODY)
        assert (first.sequence, second.sequence) == (1, 2)
        assert tx.reached == [first, second]
        assert [row[0] for row in tx.said] == [first.id, second.id]


class TestManyWritersOfTheSameOrders:
    async def test_no_fact_overtakes_its_forerunner_and_nobody_waits_in_a_ring(self, sender):
        """16 clients, 5 hot orders, two orders in a command, writes before the lock, commands taken back."""
        orders = [uuid4() for _ in range(5)]
        chance = random.Random(7)
        plan = [(chance.sample(orders, 2), chance.random() < 0.3, chance.random() < 0.2) for _ in range(320)]

        async def work(mine):
            for pair, early, taken_back in mine:
                with contextlib.suppress(ZeroDivisionError):
                    async with sender.transactions.begin() as tx:
                        if early:
                            await tx.driver.execute("insert into secret (id) values ($1)", id(pair) % 2**31)
                        await hold_subject(tx, *pair)
                        for order in pair:
                            await record(tx, OrderStarted(order_id=order, started_on=DAY), by=SOMEBODY)
                        _ = 1 / (0 if taken_back else 1)

        await asyncio.gather(*(work(plan[at::16]) for at in range(16)))
        async with sender.transactions.begin() as tx:
            rows = await tx.driver.fetch(
                "select subject, sequence from event where subject = any($1::text[]) order by position",
                [str(order) for order in orders],
            )
        seen = defaultdict(list)
        for row in rows:
            seen[row["subject"]].append(row["sequence"])
        assert len(rows) == 2 * sum(1 for *_, taken_back in plan if not taken_back)
        for sequences in seen.values():
            assert sequences == list(range(1, len(sequences) + 1))
