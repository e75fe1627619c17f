"""The relay alone, on a real Kafka: one at a time, a spare takes over, no first delivery out of order."""

import asyncio
import json
from collections import defaultdict
from datetime import date
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition
from kit_house.system import until

from contracts.order_intake import OrderStarted
from servicekit.facts import hold_subject, record_all
from servicekit.identity import Actor
from servicekit.relay import Relay
from servicekit.topics import create_topics

DAY = date(2026, 5, 6)


async def test_a_relay_whose_lock_is_cut_is_followed_by_its_spare_without_loss_or_disorder(
    sender, servers, topic_prefix
):
    await create_topics(servers.kafka, topic_prefix)
    orders = [uuid4() for _ in range(5)]
    relays = [
        Relay(
            sender.service.database, servers.kafka, topic=lambda name: f"{topic_prefix}{name}",
            recorded=asyncio.Event(), poll=0.01,
        )
        for _ in range(2)
    ]  # fmt: skip
    running = [asyncio.create_task(relay.run()) for relay in relays]
    for _ in range(5):
        async with sender.transactions.begin() as tx:
            await hold_subject(tx, *orders)
            facts = [OrderStarted(order_id=order, started_on=DAY) for _ in range(320) for order in orders]
            await record_all(tx, facts, by=Actor("u"))
        await until(lambda: any(relay.working for relay in relays), what="a relay works")
        assert not all(relay.working for relay in relays)
        async with sender.transactions.begin() as tx:
            await tx.driver.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'relay' "
                "and datname = current_database() and pid in (select pid from pg_locks where locktype = 'advisory')"
            )

    async def all_sent():
        async with sender.transactions.begin() as tx:
            return await tx.driver.fetchval("select count(*) = 0 from unsent")

    await until(all_sent, what="all sent")
    for relay in relays:
        relay.stop()
    await asyncio.gather(*running)

    consumer = AIOKafkaConsumer(bootstrap_servers=servers.kafka, auto_offset_reset="earliest")
    await consumer.start()
    places = [TopicPartition(f"{topic_prefix}songjiao.orders", n) for n in range(12)]
    consumer.assign(places)
    ends = await consumer.end_offsets(places)
    first_seen, bodies = defaultdict(list), {}
    while sum([await consumer.position(place) for place in places]) < sum(ends.values()):
        for batch in (await consumer.getmany(timeout_ms=200)).values():
            for found in batch:
                fact = json.loads(found.value)
                assert bodies.setdefault(fact["id"], found.value) == found.value
                if fact["sequence"] not in first_seen[fact["subject"]]:
                    first_seen[fact["subject"]].append(fact["sequence"])
    await consumer.stop()
    assert {str(order): list(range(1, 1601)) for order in orders} == first_seen
    async with sender.transactions.begin() as tx:
        windows, sealed = await tx.driver.fetchrow("select max(number) - count(*), sum(count) from seal")
    assert (windows, sealed) == (0, 8000), "not one chain with each fact once"
