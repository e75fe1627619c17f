"""What the product is measured against: the same work, written by hand without it, with the same durability."""

import asyncio
import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
import uuid_utils
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from contracts.base import ORDERS, TOPICS
from songjiao_cli.bench.shared import DAY, REQUEST, SENDER, reached
from songjiao_cli.bench.talk import Talk

AT_ONCE = 1000
EVENTS = "select subject, body from event order by position limit $1"
GIVEN = "select request, status, headers::text, body from answer_given($1, $2)"
DRAW = "select sequence, at from draw(array[$1::text])"
STATE = """
insert into step (order_id, steps) values ($1, 1)
on conflict (order_id) do update set steps = step.steps + 1 returning steps"""
RECORD = """
with e as (insert into event (id, subject, sequence, type, topic, body) values ($1, $2, $3, $4, $5, $6)
  returning position) insert into unsent select position from e"""
KEEP = """
insert into answered (actor, key, request, status, headers, body) values ($1, $2, $3, $4, $5::jsonb, $6)"""
EFFECTS = """
insert into effect (order_id, sequence, fact_id)
select a, b, c::uuid from unnest($1::text[], $2::int[], $3::text[]) u(a, b, c)"""

KEEP_FACTS = """
insert into kept (id, source, subject, sequence, type, data)
select a::uuid, b, c, d, e, f::json
from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[]) u(a, b, c, d, e, f)"""


def producer_at(kafka: str) -> AIOKafkaProducer:
    """As the relay's: idempotent, every replica asked."""
    return AIOKafkaProducer(
        bootstrap_servers=kafka, enable_idempotence=True, acks="all", linger_ms=0, compression_type="lz4",
        max_batch_size=262_144, max_request_size=1_048_576, request_timeout_ms=40_000,
    )  # fmt: skip


async def bare_producer(talk: Talk, told: dict[str, Any]) -> None:
    """Sends the bytes of the event table, read beforehand, and awaits every acknowledgement."""
    connection = await asyncpg.connect(told["database"])
    rows = await connection.fetch(EVENTS, told["facts"])
    await connection.close()
    pairs = [(row["subject"].encode(), row["body"]) for row in rows]
    topic = f"{told['prefix']}{ORDERS}"
    async with producer_at(told["kafka"]) as producer:
        await producer.partitions_for(topic)
        talk.say(ready=True)
        while await talk.heard() is not None:
            began = time.monotonic()
            for at in range(0, len(pairs), AT_ONCE):
                acks = [await producer.send(topic, value, key) for key, value in pairs[at : at + AT_ONCE]]
                await asyncio.gather(*acks)
            talk.say(began=began, ended=time.monotonic())


async def bare_consumer(talk: Talk, told: dict[str, Any]) -> None:
    """Reads, inserts a row a fact with one statement a batch, commits the offsets after the rows."""
    connection = await asyncpg.connect(told["database"])
    consumer = AIOKafkaConsumer(
        *(f"{told['prefix']}{topic}" for topic in told.get("topics", [ORDERS])),
        bootstrap_servers=told["kafka"], group_id=f"{told['prefix']}bare", enable_auto_commit=False,
        auto_offset_reset="earliest", isolation_level="read_committed", fetch_max_wait_ms=100,
    )  # fmt: skip
    talk.say(ready=True)
    await consumer.start()
    began, taken = await reached(lambda: len(consumer.assignment()), goal=1), 0
    word = await talk.heard()
    assert word is not None
    try:
        while taken < word["facts"]:
            batches = await consumer.getmany(timeout_ms=100, max_records=AT_ONCE)
            if not batches:
                continue
            facts = [orjson.loads(record.value) for records in batches.values() for record in records]
            await connection.execute(
                EFFECTS,
                [fact["subject"] for fact in facts],
                [fact["sequence"] for fact in facts],
                [fact["id"] for fact in facts],
            )
            await consumer.commit(_offsets(batches))
            taken += len(facts)
        talk.say(began=began, ended=time.monotonic())
    finally:
        await consumer.stop()
        await connection.close()


def _offsets(batches: dict[TopicPartition, list[Any]]) -> dict[TopicPartition, int]:
    return {place: records[-1].offset + 1 for place, records in batches.items()}


async def bare_writer(talk: Talk, told: dict[str, Any]) -> None:
    """The same rows by hand: key, lock, state, event, unsent, answer, commit."""
    orders = [UUID(order) for order in told["orders"]]
    opened = [await asyncpg.connect(told["database"]) for _ in range(told["writers"])]
    talk.say(ready=True)
    while (word := await talk.heard()) is not None:
        began = time.monotonic()
        each = word["commands"] // told["writers"]

        async def work(connection: Any, mine: Iterable[UUID]) -> None:
            for order in mine:
                await command(connection, order, str(uuid4()), "u-1", REQUEST)

        await asyncio.gather(
            *(
                work(connection, [orders[(at + n * told["writers"]) % len(orders)] for n in range(each)])
                for at, connection in enumerate(opened)
            )
        )
        talk.say(began=began, ended=time.monotonic(), commands=each * told["writers"])
    for connection in opened:
        await connection.close()


async def command(connection: Any, order: UUID, key: str, actor: str, request: bytes) -> int:
    """One command, committed."""
    async with connection.transaction():
        if (given := await connection.fetchrow(GIVEN, actor, key)) is not None:
            return int(orjson.loads(given["body"])["steps"])
        drawn = await connection.fetchrow(DRAW, subject := str(order))
        steps: int = await connection.fetchval(STATE, order)
        id_ = uuid_utils.uuid7()
        body = envelope(str(id_), subject, drawn["sequence"], drawn["at"], key, actor)
        await connection.execute(RECORD, id_, subject, drawn["sequence"], "order.started.v1", ORDERS, body)
        answer = b'{"steps":%d}' % steps
        await connection.execute(KEEP, actor, key, request, 201, "{}", answer)
        return steps


def envelope(id_: str, subject: str, sequence: int, at: Any, key: str, actor: str) -> bytes:
    """The same bytes as the product's, as far as ids and times allow."""
    return orjson.dumps(
        {
            "specversion": "1.0", "id": id_, "source": SENDER, "type": "order.started.v1",
            "subject": subject, "time": at, "datacontenttype": "application/json",
            "dataschema": "urn:songjiao:schema:order.started.v1", "sequence": sequence,
            "correlationid": key, "actor": actor, "data": {"order_id": subject, "started_on": DAY},
        },
        option=orjson.OPT_UTC_Z,
    )  # fmt: skip


async def stream(talk: Talk, told: dict[str, Any]) -> None:
    """Puts stories of many orders on the topics; says how far each subject has come at each sender."""
    from songjiao_cli.bench.stream import told as stories  # noqa: PLC0415  no other role needs it

    async with producer_at(told["kafka"]) as producer:
        talk.say(ready=True)
        while (word := await talk.heard()) is not None:
            heads: dict[tuple[str, str], int] = {}
            acks = []
            for record in stories(word["facts"]):
                acks.append(await producer.send(f"{told['prefix']}{record.topic}", record.value, record.key))
                heads[record.source, record.subject] = record.sequence
            await asyncio.gather(*acks)
            talk.say(heads=[[*pair, sequence] for pair, sequence in heads.items()])


async def bare_keeper(talk: Talk, told: dict[str, Any]) -> None:
    """Reads every topic and keeps each fact as it is, a row each; nothing is folded."""
    connection = await asyncpg.connect(told["database"])
    consumer = AIOKafkaConsumer(
        *(f"{told['prefix']}{topic}" for topic in TOPICS), bootstrap_servers=told["kafka"], group_id=None,
        auto_offset_reset="earliest", isolation_level="read_committed", fetch_max_wait_ms=100,
    )  # fmt: skip
    talk.say(ready=True)
    while (word := await talk.heard()) is not None:
        await consumer.start()
        began, taken = time.monotonic(), 0
        while taken < word["facts"]:
            batches = await consumer.getmany(timeout_ms=100, max_records=AT_ONCE)
            bodies = [record.value for records in batches.values() for record in records]
            if bodies:
                await connection.execute(KEEP_FACTS, *_columns(bodies))
                taken += len(bodies)
        talk.say(began=began, ended=time.monotonic())
        await consumer.stop()
    await connection.close()


def _columns(bodies: list[bytes]) -> tuple[list[Any], ...]:
    facts = [orjson.loads(body) for body in bodies]
    return (
        [fact["id"] for fact in facts],
        [fact["source"] for fact in facts],
        [fact["subject"] for fact in facts],
        [fact["sequence"] for fact in facts],
        [fact["type"] for fact in facts],
        [orjson.dumps(fact["data"]).decode() for fact in facts],
    )
