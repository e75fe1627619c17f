"""The facts as they lie on Kafka, from the first to the last."""

from collections.abc import Sequence
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer

from contracts.base import TOPICS

RawFact = dict[str, Any]
"""A CloudEvent as it lies on the topic: attributes beside `data`."""


async def read_all(kafka: str, prefix: str = "") -> list[RawFact]:
    """Every fact of every topic; within a subject in its order. Repeats are still in it."""
    topics = [prefix + topic for topic in TOPICS]
    # Without a group the consumer takes every partition of its topics, and commits nothing.
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=kafka, group_id=None, auto_offset_reset="earliest")
    await consumer.start()
    facts: list[RawFact] = []
    try:
        partitions = sorted(consumer.assignment())
        if {partition.topic for partition in partitions} != set(topics):
            raise LookupError(f"not all topics are there: {', '.join(topics)}")
        ends = await consumer.end_offsets(partitions)
        await consumer.seek_to_beginning(*partitions)
        while any([await consumer.position(one) < ends[one] for one in partitions]):
            batches = await consumer.getmany(timeout_ms=500, max_records=5000)
            facts += [_read(record.value, record.key) for batch in batches.values() for record in batch]
    finally:
        await consumer.stop()
    return facts


def _read(value: bytes, key: bytes | None) -> RawFact:
    try:
        fact: RawFact = orjson.loads(value)
    except orjson.JSONDecodeError:
        return {"type": "unreadable", "subject": (key or b"").decode(errors="replace"), "data": {}}
    return fact


def without_repeats(facts: Sequence[RawFact]) -> list[RawFact]:
    """Each fact once, at its first place."""
    return list({fact.get("id"): fact for fact in reversed(facts)}.values())[::-1]
