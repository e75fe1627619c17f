"""What would lie on the topic of orders beside a service without Kafka, and a database made of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from contracts.base import ORDERS, Envelope
from evaluation.main import build
from evaluation.settings import Settings
from servicekit.testing import ServiceUnderTest, service_on
from servicekit.topics import PARTITIONS, create_topics

from .. import builders as a

SAID = "select position, subject, body from event where position > $1 order by position"
Line = tuple[bytes, bytes]


class Topic:
    """Facts of others as they were delivered, twice, and the service's own as it said them: in one row."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self._service = service
        self._deliver = service.deliver_raw
        self._position = 0
        self.lines: list[Line] = []
        self.late: int | None = None
        self.sent = 0
        service.deliver_raw = self._hear  # type: ignore[method-assign]

    async def here(self) -> int:
        """Relay what was said; the place behind it. Set as `late`, what is heard from now on stands there."""
        async with self._service.transactions.begin() as tx:
            rows = await tx.driver.fetch(SAID, self._position)
            await tx.driver.execute("delete from unsent")
        for row in rows:
            self._position = row["position"]
            self.lines.append((row["subject"].encode(), row["body"]))
        return len(self.lines)

    async def said(self) -> list[Envelope]:
        """The service's own facts."""
        await self.here()
        read = [Envelope.from_bytes(body) for _, body in self.lines]
        return [each for each in read if each.source == self._service.service.name]

    async def _hear(self, records: list[Line], *, consumer: str | None = None) -> None:
        end = await self.here()
        at = end if self.late is None else self.late
        self.lines[at:at] = records
        self.late = None if self.late is None else self.late + len(records)
        await self._deliver(records, consumer=consumer)

    async def send(self, kafka: str, prefix: str) -> None:
        """All of it to Kafka, and a consumer that has taken it whole."""
        await self.here()
        await create_topics(kafka, prefix)
        async with AIOKafkaProducer(bootstrap_servers=kafka, enable_idempotence=True) as producer:
            for key, body in self.lines[self.sent :]:
                await producer.send(prefix + ORDERS, body, key=key)
        self.sent = len(self.lines)
        places = [TopicPartition(prefix + ORDERS, each) for each in range(PARTITIONS)]
        consumer = AIOKafkaConsumer(
            bootstrap_servers=kafka, group_id=f"{prefix}evaluation", enable_auto_commit=False
        )
        await consumer.start()
        try:
            consumer.assign(places)
            await consumer.commit(dict(await consumer.end_offsets(places)))
        finally:
            await consumer.stop()


@asynccontextmanager
async def restored(database: str, kafka: str, prefix: str, key: str) -> AsyncIterator[ServiceUnderTest]:
    """A service on this database, before it looks at the topics."""
    given = {"kafka": kafka, "topic_prefix": prefix, "check_key": key, "programmes": a.PROGRAMMES}
    async with service_on(database, build, Settings, **given) as again:
        try:
            yield again
        finally:
            await again.service.topics.stop()
