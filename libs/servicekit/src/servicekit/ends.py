"""How far the topics reach, asked on a connection of its own.

On a consumer's connection the question would wait behind its fetch, which the broker holds back until there
are facts: a tenth of a second, each time anybody looks at the lag.
"""

import asyncio
import contextlib
from collections.abc import Collection

from aiokafka import AIOKafkaConsumer, TopicPartition

from servicekit.settings import Settings

ANSWER_SECONDS = 5.0
STOP_SECONDS = 1.0


class Ends:
    """One connection, made when first asked. Raises what Kafka raises; asks anew then."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._kafka: AIOKafkaConsumer | None = None
        self._door = asyncio.Lock()

    async def of(self, places: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """The offset that the next fact of each partition will have."""
        async with (
            asyncio.timeout(ANSWER_SECONDS),
            self._door,
        ):  # whoever waits, waits no longer than one answer
            try:
                kafka = await self._connected()
                return dict(await kafka.end_offsets(places))
            except BaseException:
                await self._disconnect()
                raise

    async def stop(self) -> None:
        """Close the connection."""
        async with self._door:
            await self._disconnect()

    async def _connected(self) -> AIOKafkaConsumer:
        if self._kafka is None:
            self._kafka = AIOKafkaConsumer(
                bootstrap_servers=self._settings.kafka.split(","), isolation_level="read_committed"
            )
            await self._kafka.start()
        return self._kafka

    async def _disconnect(self) -> None:
        kafka, self._kafka = self._kafka, None
        if kafka is not None:
            with contextlib.suppress(Exception):  # it is gone either way, and what went wrong before is told
                await asyncio.wait_for(kafka.stop(), STOP_SECONDS)
