"""A transaction is committed or it is not, whatever befalls its beginning."""

import asyncio

import pytest


async def test_a_beginning_that_was_cut_off_leaves_nothing_to_the_next_transaction(sender):
    transactions = sender.service.transactions
    async with transactions.begin() as tx:
        await tx.driver.execute("create table kept (n int)")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0), transactions.begin():
            raise AssertionError("not cut off")
    async with transactions.begin() as tx:
        await tx.driver.execute("insert into kept values (1)")
    async with transactions.begin() as first, transactions.begin() as other:
        assert await first.driver.fetchval("select count(*) from kept") == 1
        assert await other.driver.fetchval("select count(*) from kept") == 1
