"""The system's topics read from their beginning, with no group and nothing committed: for whoever folds anew."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaConnectionError

from contracts.base import TOPICS
from servicekit.topics import TopicProblem

STALLED_SECONDS = 30.0
Records = Sequence[ConsumerRecord[bytes, bytes]]


class FromBeginning:
    """A reader of every partition. It reads up to the ends as they were when it looked last."""

    def __init__(self, consumer: "AIOKafkaConsumer[bytes, bytes]", places: Sequence[TopicPartition]) -> None:
        self._consumer = consumer
        self._places = places
        self._begins: Mapping[TopicPartition, int] = {}
        self._ends: Mapping[TopicPartition, int] = {}
        self._at: dict[TopicPartition, int] = {}
        self._waiting: set[TopicPartition] = set()

    @property
    def total(self) -> int:
        """Records up to the ends."""
        return sum(end - self._begins[place] for place, end in self._ends.items())

    @property
    def done(self) -> int:
        """Records read; those put back are not."""
        return sum(at - self._begins[place] for place, at in self._at.items())

    @property
    def at_end(self) -> bool:
        """Whether nothing is left but where it waits."""
        return all(
            self._at[place] >= self._ends[place] for place in self._places if place not in self._waiting
        )

    async def look(self) -> None:
        """See the ends as they are now, and go on where it waited."""
        if not self._at:
            await self._consumer.seek_to_beginning(*self._places)
            self._begins = await self._consumer.beginning_offsets(self._places)
            self._at = dict(self._begins)
        self._ends = await self._consumer.end_offsets(self._places)
        self._consumer.resume(*self._waiting)
        self._waiting.clear()

    async def some(self, most: int) -> Mapping[TopicPartition, Records]:
        """The next records; none at all when it is `at_end`. A `KafkaConnectionError` when none come."""
        limit = time.monotonic() + STALLED_SECONDS
        while not self.at_end:
            found: dict[TopicPartition, Records] = {}
            for place, records in (await self._consumer.getmany(timeout_ms=500, max_records=most)).items():
                found[place] = [record for record in records if record.offset < self._ends[place]]
            await self._see_where_it_is()
            if any(found.values()):
                return found
            if time.monotonic() > limit:
                raise KafkaConnectionError("no facts came for half a minute")
        return {}

    async def _see_where_it_is(self) -> None:
        """What was said after the look is put back. Offsets without a record are stepped over."""
        for place in self._places:
            if place in self._waiting:
                continue
            at = await self._consumer.position(place)
            if at > self._ends[place]:
                at = self._ends[place]
                self._consumer.seek(place, at)
            self._at[place] = at

    def wait_before(self, place: TopicPartition, offset: int) -> None:
        """Put back this record and what follows it on its partition, till the next look."""
        self._consumer.seek(place, offset)
        self._consumer.pause(place)
        self._at[place] = offset
        self._waiting.add(place)


@asynccontextmanager
async def from_beginning(kafka: str, prefix: str = "") -> AsyncIterator[FromBeginning]:
    """Open the topics. Raises `TopicProblem` when one is not there: nothing read would look like nothing said."""
    names = [f"{prefix}{topic}" for topic in TOPICS]
    await _check_there(kafka, names)
    # Without a group the consumer takes every partition of its topics, and commits nothing.
    consumer: AIOKafkaConsumer[bytes, bytes] = AIOKafkaConsumer(
        *names, bootstrap_servers=kafka.split(","), group_id=None, auto_offset_reset="earliest"
    )
    try:
        await consumer.start()
        reader = FromBeginning(consumer, sorted(consumer.assignment()))
        await reader.look()
        yield reader
    finally:
        await consumer.stop()


async def _check_there(kafka: str, names: Sequence[str]) -> None:
    """Asked before anything is read: a consumer waits the better part of a minute for a topic that never comes."""
    client: AIOKafkaConsumer[bytes, bytes] = AIOKafkaConsumer(
        bootstrap_servers=kafka.split(","), group_id=None
    )
    try:
        await client.start()
        there = await client.topics()
    finally:
        await client.stop()
    if missing := [name for name in names if name not in there]:
        raise TopicProblem(f"not all topics are there, missing: {', '.join(missing)}")


async def read_to_end(kafka: str, prefix: str = "") -> list[ConsumerRecord[bytes, bytes]]:
    """Every record of the system's topics up to their present end; each partition in its order."""
    read: list[ConsumerRecord[bytes, bytes]] = []
    async with from_beginning(kafka, prefix) as reader:
        while found := await reader.some(5000):
            for records in found.values():
                read += records
    return read
