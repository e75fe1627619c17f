"""Killed, restarted, repeated: the two services as processes on a real Kafka and PostgreSQL of their own."""

import asyncio
import os
import re
import signal
import time
from uuid import uuid4

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from kit_house.system import System, until

from contracts.base import ORDERS
from servicekit.local import LocalServers, processes
from servicekit.testing_servers import database_url


@pytest.fixture(scope="module")
def own_servers():
    """Servers of this module alone: they are killed."""
    servers = LocalServers(ephemeral=True)
    servers.start()
    yield servers
    servers.stop()


@pytest.fixture(scope="module")
async def system(own_servers, tmp_path_factory):
    addresses = own_servers.start()
    databases = {name: database_url(addresses.database, name) for name in ("sender", "reader")}
    system = System(addresses.kafka, databases, "p.", tmp_path_factory.mktemp("logs"))
    await asyncio.gather(system.sender.start(), system.reader.start())
    yield system
    await asyncio.gather(system.sender.stop(), system.reader.stop())


@pytest.fixture
def orders():
    return [uuid4() for _ in range(5)]


async def test_a_commands_fact_has_its_effect_in_the_other_service_at_once(system, orders):
    await system.steps(20, orders)
    await system.quiet()
    assert await system.check(orders) == 0
    connection = await asyncpg.connect(system.databases["reader"])
    began = time.monotonic()
    await system.steps(1, orders[:1])
    await until(
        lambda: connection.fetchval(
            "select true from effect where order_id = $1 and sequence = 5", str(orders[0])
        )
    )
    await connection.close()
    assert time.monotonic() - began < 2


async def test_kill_of_the_relay_between_acknowledgement_and_delete_repeats_the_same_bytes(system, orders):
    await system.sender.stop()
    await system.sender.start(SONGJIAO_FAULT="relay.after_ack_before_delete:3")
    commands = asyncio.create_task(system.steps(60, orders))
    assert await system.sender.died() == -signal.SIGKILL
    await system.sender.start()
    await commands
    await system.quiet()
    assert await system.check(orders) > 0, "the fault was not where it should be"


async def test_kill_of_a_consumer_after_the_database_commit_and_before_the_kafka_commit(system, orders):
    await system.reader.stop()
    await system.steps(40, orders)
    await system.quiet(system.sender)
    await system.reader.start(SONGJIAO_FAULT="consumer.after_commit_before_ack:2")
    await system.steps(20, orders)
    assert await system.reader.died() == -signal.SIGKILL
    await system.reader.start()
    await system.quiet()
    await system.check(orders)


async def test_kill_of_a_consumer_in_its_transaction(system, orders):
    await system.reader.stop()
    await system.steps(40, orders)
    await system.reader.start(SONGJIAO_FAULT="consumer.in_transaction:2")
    assert await system.reader.died() == -signal.SIGKILL
    await system.reader.start()
    await system.quiet()
    await system.check(orders)


@pytest.mark.parametrize("point", ["command.before_commit", "command.after_commit"])
async def test_kill_of_a_service_around_its_commit_leaves_a_command_whole_or_absent(system, orders, point):
    await system.sender.stop()
    await system.sender.start(SONGJIAO_FAULT=f"{point}:20")
    commands = asyncio.create_task(system.steps(40, orders))
    assert await system.sender.died() == -signal.SIGKILL
    await system.sender.start()
    await commands
    await system.quiet()
    await system.check(orders)


async def test_the_whole_topic_delivered_again_changes_nothing(system, orders):
    await system.steps(30, orders)
    await system.quiet()
    await system.reader.stop()
    name = f"{system.prefix}songjiao.orders"
    for group in ("scheduling", "scheduling-boards"):
        consumer = AIOKafkaConsumer(
            name, bootstrap_servers=system.kafka, group_id=f"{system.prefix}{group}", enable_auto_commit=False,
            session_timeout_ms=6000,
        )  # fmt: skip
        await consumer.start()
        await until(lambda: len(consumer.assignment()) == 12, what="all partitions")  # noqa: B023
        await consumer.commit({TopicPartition(name, n): 0 for n in range(12)})
        await consumer.stop()
    await system.reader.start()
    await system.quiet()
    await system.check(orders)


async def test_told_to_stop_under_load_each_ends_in_order_and_nothing_is_delivered_twice(system, orders):
    before = await system.repeats()
    async with system.load(orders):
        await system.more(30)
        assert await system.reader.stop() == 0
        await system.reader.start()
        assert await system.sender.stop() == 0
        await system.sender.start()
        await system.more(10)
    await system.quiet()
    assert await system.check(orders) == before
    assert await system.duplicates() == 0


async def test_told_to_stop_while_a_batch_waits_longer_than_it_may_the_batch_comes_again(system, orders):
    await system.reader.stop()
    await system.reader.start(SONGJIAO_GRACEFUL_SECONDS="2")
    connection = await asyncpg.connect(system.databases["reader"])
    async with connection.transaction():
        await connection.execute("lock table effect")
        await system.steps(20, orders)
        await until(
            lambda: connection.fetchval("select true from pg_locks where not granted limit 1"),
            what="a batch that waits",
        )
        began = time.monotonic()
        assert await system.reader.stop() == 0
        assert time.monotonic() - began < 25  # 15 s are its limits for requests, consumers, work and a note
    await connection.close()
    await system.reader.start()
    await system.quiet()
    await system.check(orders)


def lives(pid):
    """Whether this process of ours still works; one that nobody has buried yet does not."""
    return any(pid == other for other, _ in processes.commands())


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_what_computes_for_a_service_ends_with_it(system, orders, tmp_path, how):
    await system.sender.stop()
    await system.sender.start(SONGJIAO_GRACEFUL_SECONDS="1")
    dream = tmp_path / "dream"
    dream.touch()
    async with httpx.AsyncClient(headers=system.headers | {"Idempotency-Key": str(uuid4())}) as client:
        answer = await client.post(f"{system.sender.url}/orders/{orders[0]}/dream?file={dream}")
    assert answer.status_code == 202
    await until(dream.read_text, what="the job is computed")
    computes = int(dream.read_text())
    assert lives(computes)
    assert await system.sender.stop(how) == (0 if how == signal.SIGTERM else -how)
    await until(lambda: not lives(computes), seconds=5, what="nothing computes on")
    dream.unlink()
    await system.sender.start()
    await system.quiet()


async def test_a_job_whose_process_dies_is_computed_again(system, orders, tmp_path):
    dream = tmp_path / "dream"
    dream.touch()
    async with httpx.AsyncClient(headers=system.headers | {"Idempotency-Key": str(uuid4())}) as client:
        await client.post(f"{system.sender.url}/orders/{orders[0]}/dream?file={dream}")
    await until(dream.read_text, what="the job is computed")
    first = dream.read_text()
    os.kill(int(first), signal.SIGKILL)
    await until(lambda: dream.read_text() not in ("", first), what="it is computed again")
    dream.unlink()
    await system.quiet()


async def test_broker_restart_under_load(system, own_servers, orders):
    async with system.load(orders):
        await system.more(30)
        os.kill(own_servers.kafka.pid(), signal.SIGKILL)
        await system.more(30)
        await asyncio.to_thread(own_servers.kafka.start)
    await system.quiet()
    await system.check(orders)


async def test_database_restart_under_load(system, own_servers, orders):
    async with system.load(orders):
        await system.more(30)
        os.kill(own_servers.database.pid(), signal.SIGKILL)
        await until(lambda: own_servers.database.pid() is None)
        await until(lambda: system.answers(system.sender, "/ready", 503), what="not ready")
        assert await system.answers(system.sender, "/live", 200)
        await asyncio.to_thread(own_servers.database.start)
        await system.more(30)
    await system.quiet()
    await system.check(orders)
    assert system.sender.process.returncode is None
    assert system.reader.process.returncode is None


async def test_a_parked_fact_is_a_metric_of_its_consumer_within_five_seconds(system):
    order = str(uuid4())
    async with AIOKafkaProducer(bootstrap_servers=system.kafka) as producer:
        await producer.send_and_wait(f"p.{ORDERS}", b"{no fact", key=order.encode())
    began = time.monotonic()

    async def told():
        async with httpx.AsyncClient() as client:
            text = (await client.get(f"{system.reader.url}/metrics")).text
        return re.search(r'^songjiao_parked\{consumer="[a-z-]+"\} [1-9]', text, re.MULTILINE)

    await until(told, seconds=5, what="songjiao_parked above zero")
    assert time.monotonic() - began < 5
    connection = await asyncpg.connect(system.databases["reader"])
    await connection.execute("delete from parked where subject = $1", order)  # the other tests begin clean
    await connection.close()
