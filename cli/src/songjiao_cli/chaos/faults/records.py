"""What lies on the topics twice, and what should not lie there at all."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from servicekit.from_beginning import read_to_end
from songjiao_cli.chaos.faults import fault
from songjiao_cli.chaos.oracle.world import CONSUMERS, ROGUE
from songjiao_cli.chaos.siege import Siege
from songjiao_cli.installation import SERVICES, SPEAKERS

ORDERS = "songjiao.orders"
SEEN_SECONDS = 5.0


async def _produce(siege: Siege, records: list[tuple[str, bytes, bytes]]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=siege.system.where.kafka, acks="all")
    await producer.start()
    try:
        for topic, key, value in records:
            await producer.send_and_wait(topic, value=value, key=key)
    finally:
        await producer.stop()


@fault("records delivered one to five times", row=7, quick=True)
async def repeat_records(siege: Siege) -> None:
    """A sender that crashes often enough sends anything again."""
    there = await read_to_end(siege.system.where.kafka)
    chosen = sorted(siege.draw.sample(range(len(there)), min(200, len(there))))
    again = [
        (there[at].topic, there[at].key, there[at].value)
        for at in chosen
        for _ in range(siege.draw.randint(1, 4))
    ]
    await _produce(siege, again)
    siege.seen.append(f"{len(again)} repeats of {len(chosen)} records")


@fault("everything read again from the beginning", row=7)
async def read_again(siege: Siege) -> None:
    """A consumer's offsets are set to 0."""
    service = siege.draw.choice(SERVICES)
    await siege.system.down(service)
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
    await siege.system.up(service)
    siege.seen.append(f"{service} read everything again")


async def _has_all(consumer: AIOKafkaConsumer) -> bool:
    assignment: set[TopicPartition] = consumer.assignment()
    return len(assignment) >= 36  # noqa: PLR2004  three topics of twelve partitions


def rogue(subject: str, sequence: int, type_: str, data: dict[str, object]) -> bytes:
    """A record that a sender of ours would never have sent."""
    return orjson.dumps(
        {
            "specversion": "1.0", "id": str(uuid4()), "source": ROGUE, "type": type_, "subject": subject,
            "time": datetime.now(UTC).isoformat(), "datacontenttype": "application/json",
            "dataschema": f"urn:songjiao:schema:{type_}", "sequence": sequence, "actor": ROGUE, "data": data,
        }
    )  # fmt: skip


@fault("poison of five kinds, and an unknown type", row=11, quick=True)
async def poison(siege: Siege) -> None:
    """Bad JSON on a living order, an unknown version, a missing field, a gap, a handler's bug; beside them a type
    that nobody knows, which passes. Parked within five seconds, told with its error, mended by a person.
    """
    kind = siege.draw.choice(("bad JSON", "unknown version", "missing field", "gap", "handler bug"))
    if kind == "handler bug":
        await handler_bug(siege)
        return
    subject = str(uuid4())
    type_: str = "order.unheard.v1"
    data: dict[str, object] = {}
    records = [rogue(subject, 1, type_, data)]
    if kind == "bad JSON":
        subject = siege.some_order() or subject
        records = [b'{"specversion": "1.0", "id": ']
    elif kind == "unknown version":
        records = [rogue(subject, 1, "scheme.withdrawn.v9", data), rogue(subject, 2, type_, data)]
    elif kind == "missing field":
        records = [rogue(subject, 1, "scheme.withdrawn.v1", {"version": 1}), rogue(subject, 2, type_, data)]
    elif kind == "gap":
        records += [rogue(subject, 3, type_, data)]
    siege.spoilt.add(subject)
    await _produce(siege, [(ORDERS, subject.encode(), each) for each in records])
    seen = await siege.until(lambda: siege.waits("portal", subject), SEEN_SECONDS)
    busy = await siege.until(lambda: siege.waits("portal", subject), SEEN_SECONDS) if not seen else True
    siege.check(
        holds=seen or busy, told=f"{kind} of {subject} is not seen as parked within {SEEN_SECONDS * 2:.0f} s"
    )
    if kind == "gap":
        await asyncio.sleep(0.5)
        await _produce(siege, [(ORDERS, subject.encode(), rogue(subject, 2, type_, data))])
    siege.seen.append(f"{kind}: parked and seen")


@fault("a handler's bug, killed while it is replayed, replayed twice at once", row=12)
async def handler_bug(siege: Siege) -> None:
    """One order's facts fail in one service until the bug is mended; only that order waits."""
    subject = siege.some_order()
    service = siege.draw.choice(SPEAKERS)
    if subject is None:
        return
    bug = siege.system.fault_file(service, "consumer.reaction")
    siege.spoilt.add(subject)
    bug.write_text(f"bug {subject}")
    parked = await siege.until(lambda: siege.waits(service, subject), 10)
    bug.unlink(missing_ok=True)
    if not parked:
        siege.seen.append(f"handler bug in {service}: nothing came for this order")
        return
    siege.system.fault_file(service, "replay.in_transaction").write_text("kill")
    for each in [one for where, one in await siege.parked() if where == service]:
        await asyncio.gather(*(siege.replay(service, each) for _ in range(2)), return_exceptions=True)
    siege.system.fault_file(service, "replay.in_transaction").unlink(missing_ok=True)
    await siege.system.ready(service)
    siege.seen.append(f"handler bug in {service}: parked, replayed twice at once and killed in it")
