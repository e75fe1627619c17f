"""The facts as they lie on Kafka, from the first to the last."""

from collections.abc import Sequence
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.base import TOPICS

RawFact = dict[str, Any]
"""A CloudEvent as it lies on the topic: attributes beside `data`."""


async def read_all(kafka: str, prefix: str = "") -> list[RawFact]:
    """Every fact of every topic; within a subject in its order. Repeats are still in it."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    await consumer.start()
    facts: list[RawFact] = []
    try:
        for topic in TOPICS:
            numbers = consumer.partitions_for_topic(prefix + topic) or await _partitions(
                consumer, prefix + topic
            )
            partitions = [TopicPartition(prefix + topic, number) for number in sorted(numbers)]
            if not partitions:
                continue
            consumer.assign(partitions)
            await consumer.seek_to_beginning(*partitions)
            ends = await consumer.end_offsets(partitions)
            while any([await consumer.position(one) < ends[one] for one in partitions]):
                batches = await consumer.getmany(timeout_ms=500, max_records=5000)
                facts += [_read(record.value, record.key) for batch in batches.values() for record in batch]
    finally:
        await consumer.stop()
    return facts


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> Sequence[int]:
    await consumer.topics()
    return sorted(consumer.partitions_for_topic(topic) or ())


def _read(value: bytes, key: bytes | None) -> RawFact:
    try:
        fact: RawFact = orjson.loads(value)
    except orjson.JSONDecodeError:
        return {"type": "unreadable", "subject": (key or b"").decode(errors="replace"), "data": {}}
    return fact


def without_repeats(facts: Sequence[RawFact]) -> list[RawFact]:
    """Each fact once, at its first place."""
    return list({fact.get("id"): fact for fact in reversed(facts)}.values())[::-1]
