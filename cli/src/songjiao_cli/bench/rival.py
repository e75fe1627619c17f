"""faststream-outbox with the same payload and effect, in a setting that keeps the order of a subject.

A queue has one worker; a subject's facts always take the same queue. The state row, locked by its own upsert, counts.
"""

import asyncio
import logging
import time
import zlib
from collections.abc import Iterable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import uuid_utils
from aiokafka import AIOKafkaProducer
from faststream_outbox import OutboxBroker, OutboxMessage, make_outbox_table
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from contracts.base import ORDERS
from songjiao_cli.bench.bare import GIVEN, KEEP, STATE, envelope
from songjiao_cli.bench.shared import REQUEST
from songjiao_cli.bench.talk import Talk

QUEUES = 8
AT_ONCE = 500
metadata = MetaData()
table = make_outbox_table(metadata)


def _engine(url: str, connections: int) -> AsyncEngine:
    return create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1), pool_size=connections, max_overflow=4
    )


def _queue(subject: str) -> str:
    return f"facts-{zlib.crc32(subject.encode()) % QUEUES}"


async def rival_writer(talk: Talk, told: dict[str, Any]) -> None:
    """The same command; the fact goes to the outbox table in its transaction."""
    engine = _engine(told["database"], told["writers"])
    broker = OutboxBroker(engine, outbox_table=table, logger=None)
    await broker.start()
    writers = told["writers"]
    orders = [UUID(order) for order in told["orders"]]
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(engine.connect()) for _ in range(writers)]
        talk.say(ready=True)
        while (word := await talk.heard()) is not None:
            each = word["commands"] // writers

            async def work(connection: AsyncConnection, mine: Iterable[UUID]) -> None:
                for order in mine:
                    await _command(broker, connection, order)

            began = time.monotonic()
            await asyncio.gather(
                *(
                    work(opened[at], [orders[(at + n * writers) % len(orders)] for n in range(each)])
                    for at in range(writers)
                )
            )
            talk.say(began=began, ended=time.monotonic(), commands=each * writers)
    await broker.stop()
    await engine.dispose()


async def _command(broker: OutboxBroker, connection: AsyncConnection, order: UUID) -> None:
    key, subject = str(uuid4()), str(order)
    async with connection.begin():
        driver: Any = (await connection.get_raw_connection()).driver_connection
        given = await connection.exec_driver_sql(GIVEN, ("u-1", key))  # begins the transaction
        if given.first() is not None:
            return
        steps: int = await driver.fetchval(STATE, order)
        body = envelope(str(uuid_utils.uuid7()), subject, steps, datetime.now(UTC), key, "u-1")
        queue = _queue(subject)
        await broker.publish(body, queue=queue, session=connection, headers={"key": subject})
        await driver.execute(KEEP, "u-1", key, REQUEST, 201, "{}", b'{"steps":%d}' % steps)


async def rival_relay(talk: Talk, told: dict[str, Any]) -> None:
    """A subscriber a queue, each with one worker; a row is gone only after Kafka has acknowledged."""
    logging.basicConfig(level=logging.WARNING)
    engine = _engine(told["database"], 2 * QUEUES + 2)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    broker = OutboxBroker(engine, outbox_table=table, logger=None, apply_types=False)
    producer = AIOKafkaProducer(
        bootstrap_servers=told["kafka"], enable_idempotence=True, acks="all", compression_type="lz4"
    )
    topic = f"{told['prefix']}{ORDERS}"

    async def send(message: OutboxMessage) -> OutboxMessage:
        await producer.send_and_wait(topic, message.body, key=message.headers["key"].encode())
        return message

    async def nothing(message: Any) -> None:
        """Sent already, by the decoder: the shortest way through the library."""

    for n in range(QUEUES):
        subscriber = broker.subscriber(
            f"facts-{n}", max_workers=1, fetch_batch_size=AT_ONCE, min_fetch_interval=0.01,
            max_fetch_interval=0.05, terminal_flush_batch_size=100, decoder=send,
        )  # fmt: skip
        subscriber(nothing)
    await producer.start()
    await broker.start()
    talk.say(ready=True)
    while await talk.heard() is not None:
        talk.say(working=True)
    await broker.stop()
    await producer.stop()
    await engine.dispose()
