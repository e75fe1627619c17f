"""A form waits until its own effect can be seen here, a moment at most."""

import asyncio
import time

from story_of_an_order import AnOrder, enterprise

from portal.arriving import arrived

LONG = 20.0


async def test_it_waits_for_what_the_service_said_and_for_no_more(portal):
    order = AnOrder("arriving", "2026-0900")
    known = [portal.envelope(fact) for fact in (enterprise(), order.submitted())]
    await portal.deliver_raw([(each.subject.encode(), each.to_bytes()) for each in known])
    next_one = portal.envelope(order.accepted())
    reached = f"{next_one.source}/{next_one.subject}/{next_one.sequence}"
    async with portal.transactions.begin() as tx:
        await arrived(
            tx, f"{known[1].source}/{known[1].subject}/{known[1].sequence}", seconds=LONG
        )  # is here
        waiting = asyncio.create_task(arrived(tx, reached, seconds=LONG))
        done, _ = await asyncio.wait({waiting}, timeout=0.2)
        assert not done
        await portal.deliver_raw([(next_one.subject.encode(), next_one.to_bytes())])
        await asyncio.wait_for(waiting, LONG)


async def test_what_does_not_come_is_waited_for_no_longer_than_told(portal):
    async with portal.transactions.begin() as tx:
        began = time.monotonic()
        await arrived(tx, "order-intake/nobody/1", seconds=0.1)
        await arrived(tx, "", seconds=LONG)
        await arrived(tx, "order-intake/nobody/1", seconds=0)
        assert time.monotonic() - began < LONG
