"""The batch consumer: records from Kafka in chunks to `taking`, one acknowledgement at the end, no raise.

Every setting below was tried, and why it is so stands in docs/decisions. In short: FastStream's default
acknowledgement loses facts, a raise under MANUAL skips them, and an undecodable record never reaches a
handler that has types in its signature.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from servicekit import replay, telemetry
from servicekit.db import Transactions
from servicekit.ends import Ends
from servicekit.faults import passed
from servicekit.passing import timed_out
from servicekit.patience import FIRST_PAUSE, Patience, Stopping
from servicekit.reactions import Arrived, Reactions
from servicekit.settings import Settings
from servicekit.taking import FaultOfAFact, Outcome, Taking

BATCH_SECONDS = 240.0
"""A batch ends before `max_poll_interval_ms`, whatever is left comes again."""
AIM_SECONDS = 1.0
MOST_PARKED = 20
PARKED_WITHIN_SECONDS = 60.0
NOTHING_APPLIED = "nothing_applied"
"""Why a consumer paused: so many subjects were parked in so short a time, and nothing was applied between."""
WHY_PAUSED = {
    NOTHING_APPLIED: f"paused by itself: {MOST_PARKED} subjects could not be taken within "
    f"{PARKED_WITHIN_SECONDS:.0f} seconds and nothing could between, so the program is wrong, not the facts; "
    "mend it, then let it work again: songjiao parked resume"
}
"""What a reason means to whoever asks whether the service is ready."""
PAUSED_LOOK_SECONDS = 1.0

log = structlog.get_logger("consumer")


class Paused(Exception):  # noqa: N818
    """A person must look first."""


class TooMuch(Exception):  # noqa: N818
    """A time-out: fewer facts at once may help."""


async def raw_records(message: KafkaMessage) -> list[ConsumerRecord[bytes, bytes]]:
    """No decoding here: what cannot be decoded must reach the handler, or it would be lost."""
    return list(message.raw_message)


class Consumer:
    """One consumer group's member in this process."""

    def __init__(self, reactions: Reactions, transactions: Transactions, settings: Settings) -> None:
        self.reactions = reactions
        self.name = reactions.consumer
        self.taking = Taking(reactions, transactions)
        self.transactions = transactions
        self.settings = settings
        self.most = settings.batch or reactions.most
        self.last_attempt = time.monotonic()
        self.paused: str | None = None
        self._chunk = self.most
        self._patience = Patience(self._again)
        self._stopping = False
        self._parked_lately: deque[tuple[float, str]] = deque()
        self._subscriber: Any = None
        self._done: dict[TopicPartition, int] = {}
        self._assigned: frozenset[TopicPartition] = frozenset()
        self._asked = -math.inf

    def listen(self, broker: KafkaBroker) -> None:
        """Subscribe on this broker. Starts when the broker starts."""
        settings = self.settings
        instance = f"{settings.topic_prefix}{self.name}-{settings.replica}" if settings.replica else None
        self._subscriber = broker.subscriber(
            *(settings.topic(topic) for topic in self.reactions.topics),
            batch=True,
            max_records=self.most,
            batch_timeout_ms=20,
            group_id=settings.topic(self.name),
            group_instance_id=instance,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            decoder=raw_records,
            fetch_max_wait_ms=500,  # an idle broker answers twice a second; what comes is answered at once
            session_timeout_ms=10_000,
            heartbeat_interval_ms=3_000,
            max_poll_interval_ms=300_000,
        )
        self._subscriber(self._handle)

    async def rewind(self, places: Mapping[TopicPartition, int]) -> None:
        """Let the group begin here again; no member may be at work."""
        kafka = AIOKafkaConsumer(
            bootstrap_servers=self.settings.kafka.split(","),
            group_id=self.settings.topic(self.name),
            enable_auto_commit=False,
        )
        await kafka.start()
        try:
            kafka.assign(list(places))
            await kafka.commit(dict(places))
        finally:
            await kafka.stop()

    def stop(self) -> None:
        """Finish the chunk in hand; no more retries."""
        self._stopping = True
        self._patience.stop()

    async def _handle(self, message: KafkaMessage) -> None:
        """A batch. Never raises: a raise would let the next acknowledgement skip these facts."""
        records: Sequence[ConsumerRecord[bytes, bytes]] = message.raw_message
        passed("consumer.after_poll")
        try:
            await self.take(
                [self.reactions.read(r.topic, r.partition, r.offset, r.key, r.value) for r in records]
            )
        except (Stopping, Paused):
            await message.nack()
            return
        except Exception as error:  # noqa: BLE001  passing for too long, or our own fault: no fact is skipped
            log.warning("batch comes again", consumer=self.name, error=repr(error))
            await asyncio.sleep(0 if self._stopping else FIRST_PAUSE)
            await message.nack()
            return
        passed("consumer.after_commit_before_ack")
        try:
            await message.ack()
        except Exception as error:  # noqa: BLE001  the facts come again and the heads drop them
            log.warning("not acknowledged", consumer=self.name, error=repr(error))
            return
        passed("consumer.after_ack")
        for record in records:
            place = TopicPartition(record.topic, record.partition)
            self._done[place] = max(self._done.get(place, 0), record.offset + 1)

    async def take(self, facts: Sequence[Arrived]) -> None:
        """Take these facts, in chunks, each its own transaction; own facts are passed over."""
        facts = [fact for fact in facts if fact.sender != self.transactions.source]
        ends = time.monotonic() + BATCH_SECONDS
        await self._wait_while_paused()
        at = 0
        while at < len(facts):
            if self._stopping:
                raise Stopping
            if time.monotonic() > ends:
                raise TimeoutError("the batch takes too long: the rest comes again")
            chunk = facts[at : at + self._chunk]
            began = time.monotonic()
            outcome = await self._take_chunk(chunk)
            seconds = time.monotonic() - began
            telemetry.CHUNK_SECONDS.labels(self.name).observe(seconds)
            if seconds < AIM_SECONDS / 2:
                self._chunk = min(self.most, self._chunk * 2)
            elif seconds > AIM_SECONDS:
                self._chunk = max(1, min(self._chunk, len(chunk)) // 2)
            at += len(chunk)
            await self._pause_when_all_fails(outcome)

    async def _take_chunk(self, chunk: Sequence[Arrived]) -> Outcome:
        """Whole; if a fact is at fault one by one; in halves when it takes too long."""
        try:
            return await self._patience.with_(lambda: self._attempt(chunk))
        except TooMuch:
            self._chunk = max(1, len(chunk) // 2)
            first = await self._take_chunk(chunk[: self._chunk])
            second = await self._take_chunk(chunk[self._chunk :])
            second.applied += first.applied
            second.parked = first.parked + second.parked
            return second

    async def _attempt(self, chunk: Sequence[Arrived]) -> Outcome:
        """Once; a time-out of many facts is not tried again as it is."""
        try:
            return await self._whole_or_one_by_one(chunk)
        except Exception as error:
            if timed_out(error) and len(chunk) > 1 and not isinstance(error, ConnectionError):
                raise TooMuch from error
            raise
        finally:
            self.last_attempt = time.monotonic()

    def _again(self, error: Exception, pause: float) -> None:
        self.last_attempt = time.monotonic()
        telemetry.RETRIES.labels(self.name).inc()
        log.warning("again after a pause", consumer=self.name, error=repr(error), pause=pause)

    async def _whole_or_one_by_one(self, chunk: Sequence[Arrived]) -> Outcome:
        try:
            return await self.taking.whole(chunk)
        except FaultOfAFact as fault:
            log.info("taken one by one", consumer=self.name, facts=len(chunk), because=str(fault)[:300])
            return await self.taking.one_by_one(chunk, most_parked=MOST_PARKED)

    async def _pause_when_all_fails(self, outcome: Outcome) -> None:
        """Many subjects parked and nothing applied between: not the data, the code is wrong."""
        if outcome.applied:
            self._parked_lately.clear()
        at = time.monotonic()
        self._parked_lately.extend((at, subject) for subject in outcome.parked)
        while self._parked_lately and self._parked_lately[0][0] < at - PARKED_WITHIN_SECONDS:
            self._parked_lately.popleft()
        if len({subject for _, subject in self._parked_lately}) >= MOST_PARKED:
            self._parked_lately.clear()
            await self._patience.with_(lambda: self._pause(NOTHING_APPLIED))
            log.error("consumer paused", consumer=self.name, because=NOTHING_APPLIED, subjects=MOST_PARKED)
            self.paused = NOTHING_APPLIED
            raise Paused
        if outcome.untaken:
            raise Paused

    async def _pause(self, reason: str) -> None:
        async with self.transactions.begin() as tx:
            await replay.pause(tx, self.name, reason)

    async def _why_paused(self) -> str | None:
        async with self.transactions.begin() as tx:
            return await replay.paused(tx, self.name)

    async def _wait_while_paused(self) -> None:
        """While a person has to look, the batch goes back each second; membership is kept."""
        assigned, at = self.assignment(), time.monotonic()
        lately = at < self._asked + PAUSED_LOOK_SECONDS  # another replica may have paused all since
        if self.paused is None and lately and assigned and assigned == self._assigned:
            return
        self.paused = await self._patience.with_(self._why_paused)
        self._assigned, self._asked = assigned, at
        telemetry.PAUSED.labels(self.name).set(0 if self.paused is None else 1)
        if self.paused is not None:
            self.last_attempt = time.monotonic()
            await asyncio.sleep(PAUSED_LOOK_SECONDS)
            raise Paused

    def assignment(self) -> frozenset[TopicPartition]:
        """The partitions this member has."""
        kafka: AIOKafkaConsumer | None = self._subscriber.consumer if self._subscriber else None
        return frozenset(kafka.assignment()) if kafka else frozenset()

    def taken(self) -> dict[TopicPartition, int]:
        """Up to where partitions are acknowledged, at least: those that are this member's, or were of late."""
        return dict(self._done)

    async def lag(self, topics: Ends) -> int | None:
        """Facts on this member's partitions not yet done; nothing when it has none or Kafka is away."""
        kafka: AIOKafkaConsumer | None = self._subscriber.consumer if self._subscriber else None
        if kafka is None or not (assigned := kafka.assignment()):
            return None
        try:
            ends = await topics.of(assigned)
            for place in self._done.keys() - assigned:
                del self._done[place]  # another member works there meanwhile
            for place in assigned - self._done.keys():
                self._done[place] = await asyncio.wait_for(kafka.committed(place), 5) or 0
        except Exception:  # noqa: BLE001  Kafka is away: the lag is unknown
            return None
        return int(sum(max(0, end - self._done[place]) for place, end in ends.items()))
