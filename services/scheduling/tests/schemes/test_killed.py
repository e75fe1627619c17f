"""The planner's process is killed in the middle: the scheme says that it is tried again, and it is, by itself."""

import asyncio
import os
import signal

import pytest

from scheduling.timers import timers
from servicekit.pool import CpuPool
from servicekit.runner import Runner

LEASED = "select leased_until is not null from due where kind = 'scheme.draft' and key = $1"


def own_number(_: object) -> int:
    """Of the process in which it is computed."""
    return os.getpid()


async def is_leased(scheduling, order) -> bool:
    """Whether somebody works on its draft."""
    async with scheduling.transactions.begin() as tx:
        return await tx.driver.fetchval(LEASED, str(order.order_id))


@pytest.fixture
def pool():
    pool = CpuPool()
    yield pool
    pool.stop()


async def test_a_draft_whose_process_was_killed_is_made_by_the_next(scheduling, given, union, pool):
    runner = Runner(timers, scheduling.transactions, pool=pool)
    process = await pool.run(own_number, None)
    os.kill(process, signal.SIGSTOP)  # it will not be done before it is killed
    order = await given.an_order()
    first = (await given.scheme(order))["drafting"]
    assert (first["attempt"], first["again_at"]) == (1, None)
    drafting = asyncio.create_task(runner.do_one())
    async with asyncio.timeout(30):
        while not await is_leased(scheduling, order):
            pass
    os.kill(process, signal.SIGKILL)
    assert await drafting
    scheme = await given.scheme(order)
    assert (scheme["version"], scheme["state"]) == (0, "planning")
    assert (scheme["drafting"]["attempt"], scheme["drafting"]["since"]) == (2, first["since"])
    (told,) = (await union.get("/trying")).json()
    assert (told["subject"], told["kind"], told["attempt"]) == (str(order.order_id), "scheme.draft", 2)

    running = asyncio.create_task(runner.run())
    async with asyncio.timeout(30):
        while (scheme := await given.scheme(order))["state"] == "planning":
            pass
    runner.stop()
    await running
    assert (scheme["version"], scheme["drafting"]) == (1, None)
    assert (await union.get("/trying")).json() == []
    assert await pool.run(own_number, None) != process
