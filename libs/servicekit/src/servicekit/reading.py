"""Records of several partitions in one row: each partition in its order, between them by the time of sending.

A relay sends by position, so its facts stand in the order they were said; what was sent in the same
millisecond stands by the facts' ids, which grow. Kept small whatever the topics hold: a partition is read on
when all that was read of it is given away.
"""

import heapq
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping
from typing import NamedTuple, TypeAlias

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaConnectionError
from pydantic import ValidationError

from contracts.base import Envelope
from servicekit.from_beginning import STALLED_SECONDS

WAIT_MILLISECONDS = 500
Places: TypeAlias = Mapping[TopicPartition, int]
Bytes: TypeAlias = ConsumerRecord[bytes, bytes]


class Read(NamedTuple):
    """A record, and the envelope in it; none when it holds none."""

    record: Bytes
    envelope: Envelope | None

    @classmethod
    def of(cls, record: Bytes) -> "Read":
        """As far as it can be read."""
        try:
            return cls(record, Envelope.from_bytes(record.value or b""))
        except (ValidationError, ValueError):
            return cls(record, None)

    @property
    def place(self) -> TopicPartition:
        """Where it lies."""
        return TopicPartition(self.record.topic, self.record.partition)

    @property
    def turn(self) -> tuple[int, int]:
        """What decides between partitions."""
        return self.record.timestamp, self.envelope.id.int if self.envelope else 0

    def said_by(self, source: str) -> Envelope | None:
        """The envelope, if it is this service's."""
        return self.envelope if self.envelope and self.envelope.source == source else None


async def read_merged(kafka: str, starts: Places, ends: Places) -> AsyncIterator[Read]:
    """From each partition's start (offset) up to its end, the end itself left out.

    A `KafkaConnectionError` when nothing comes for half a minute.
    """
    reader = _Reader(kafka, starts, ends)
    await reader.start()
    try:
        while (read := await reader.next()) is not None:
            yield read
    finally:
        await reader.stop()


class _Reader:
    """A consumer without a group; the heap has an entry for each partition that has records here."""

    def __init__(self, kafka: str, starts: Places, ends: Places) -> None:
        self._kafka = AIOKafkaConsumer(
            bootstrap_servers=kafka.split(","),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
        )
        self._starts = starts
        self._ends = ends
        self._read: dict[TopicPartition, deque[Read]] = {
            place: deque() for place, end in ends.items() if starts.get(place, 0) < end
        }
        self._turns: list[tuple[tuple[int, int], TopicPartition]] = []

    async def start(self) -> None:
        await self._kafka.start()
        self._kafka.assign(list(self._read))
        for place in self._read:
            self._kafka.seek(place, self._starts.get(place, 0))

    async def stop(self) -> None:
        await self._kafka.stop()

    async def next(self) -> Read | None:
        """The next record; nothing at the end of all."""
        limit = time.monotonic() + STALLED_SECONDS
        while True:
            lacking = [place for place, records in self._read.items() if not records]
            lacking = [place for place in lacking if not await self._ended(place)]
            if not lacking:
                break
            if await self._read_on(lacking):
                limit = time.monotonic() + STALLED_SECONDS
            elif time.monotonic() > limit:
                raise KafkaConnectionError("no facts came for half a minute")
        if not self._turns:
            return None
        _, place = heapq.heappop(self._turns)
        read = self._read[place].popleft()
        self._take_turn(place)
        return read

    async def _read_on(self, lacking: list[TopicPartition]) -> bool:
        """Whether something came."""
        batches = await self._kafka.getmany(*lacking, timeout_ms=WAIT_MILLISECONDS)
        for place, records in batches.items():
            self._read[place].extend(Read.of(each) for each in records if each.offset < self._ends[place])
            self._take_turn(place)
        return bool(batches)

    async def _ended(self, place: TopicPartition) -> bool:
        """Whether all of the partition was given away; it is looked at no more then."""
        ended: bool = await self._kafka.position(place) >= self._ends[place]
        if ended:
            del self._read[place]
        return ended

    def _take_turn(self, place: TopicPartition) -> None:
        if self._read[place]:
            heapq.heappush(self._turns, (self._read[place][0].turn, place))
