"""What lies on the topics twice, and what should not lie there at all."""

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from servicekit.from_beginning import read_to_end
from songjiao_cli.chaos.faults import fault
from songjiao_cli.chaos.oracle.tables import digests
from songjiao_cli.chaos.oracle.world import CONSUMERS
from songjiao_cli.chaos.siege import Siege
from songjiao_cli.installation import SERVICES


async def produce(siege: Siege, records: list[tuple[str, bytes, bytes]]) -> None:
    """Lay these on the topics: topic, key, value."""
    producer = AIOKafkaProducer(bootstrap_servers=siege.system.where.kafka, acks="all")
    await producer.start()
    try:
        for topic, key, value in records:
            await producer.send_and_wait(topic, value=value, key=key)
    finally:
        await producer.stop()


@fault("records delivered one to five times", row=7, quick=True)
async def repeat_records(siege: Siege) -> bool:
    """A sender that crashes often enough sends anything again."""
    there = await read_to_end(siege.system.where.kafka)
    chosen = sorted(siege.draw.sample(range(len(there)), min(200, len(there))))
    again = [
        (there[at].topic, there[at].key, there[at].value)
        for at in chosen
        for _ in range(siege.draw.randint(1, 4))
    ]
    await produce(siege, again)
    siege.seen.append(f"{len(again)} repeats of {len(chosen)} records")
    return bool(again)


@fault("everything read again from the beginning", row=7)
async def read_again(siege: Siege) -> bool:
    """A consumer's offsets are set to 0 while all is calm: it reads all again, and no byte of its tables moves."""
    service = siege.draw.choice(SERVICES)
    await siege.end_load()
    await siege.calm()
    before = await digests(siege.system.database_url(service))
    await siege.system.down(service)
    await _rewind(siege, service)
    await siege.system.up(service)
    await siege.calm()
    after = await digests(siege.system.database_url(service))
    changed = sorted(table for table in before.keys() | after.keys() if before.get(table) != after.get(table))
    siege.check(
        holds=not changed, told=f"{service} read everything again and has otherwise: {', '.join(changed)}"
    )
    siege.begin_load()
    siege.seen.append(f"{service} read everything again, {len(before)} tables compared")
    return True


async def _rewind(siege: Siege, service: str) -> None:
    topics = [f"songjiao.{name}" for name in ("demand", "orders", "supply")]
    consumer = AIOKafkaConsumer(
        *topics, bootstrap_servers=siege.system.where.kafka, group_id=CONSUMERS[service], enable_auto_commit=False,
        session_timeout_ms=6000,
    )  # fmt: skip
    await consumer.start()
    try:
        assigned = await siege.until(lambda: _has_all(consumer), 30)
        siege.check(holds=assigned, told=f"the group of {service} gave no partitions within 30 s")
        await consumer.commit(dict.fromkeys(consumer.assignment(), 0))
    finally:
        await consumer.stop()


async def _has_all(consumer: AIOKafkaConsumer) -> bool:
    assignment: set[TopicPartition] = consumer.assignment()
    return len(assignment) >= 36  # noqa: PLR2004  three topics of twelve partitions
