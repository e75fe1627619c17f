"""A service starts closed: first it looks whether the topics know more of it than its own tables.

That is so when its database was restored from a backup: it would say facts under numbers that are given
already. Up to where everything is known is kept in `taken` every few seconds, so the look costs a question to
Kafka and one to the database, and reads what came after only.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import asyncpg
from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, KafkaError
from fastapi import Request as HttpRequest
from starlette.types import ASGIApp, Receive, Scope, Send

from contracts.base import all_facts
from servicekit import alone
from servicekit.db import Tx, passing
from servicekit.problems import problem
from servicekit.restoring import CannotRestore, Restoring
from servicekit.surveying import Survey, Surveyor
from servicekit.topics import PARTITIONS, create_topics

if TYPE_CHECKING:
    from servicekit.service import Service

READ = 'select consumer, topic, partition, "offset" from taken'
KEEP = """
insert into taken as t (consumer, topic, partition, "offset")
select c, n, p, o from unnest($1::text[], $2::text[], $3::int[], $4::bigint[]) u(c, n, p, o) order by c, n, p
on conflict (consumer, topic, partition) do update set "offset" = excluded."offset"
where t."offset" < excluded."offset" """
FORGET = "delete from taken"
ALONE = f"select pg_advisory_lock({alone.RESTORE})"
"""One replica restores; the others wait, look again and find nothing missing."""
OWN = ""
"""Stands for the consumer on a topic that the service speaks on and does not listen to."""
KEEP_SECONDS = 10.0
FIRST_PAUSE, LAST_PAUSE = 0.1, 5.0
RETRY_SECONDS = "2"
OPEN_ALWAYS = frozenset({"/live", "/ready", "/metrics", "/asyncapi.json", "/operations"})

Taken = dict[tuple[str, TopicPartition], int]


@dataclass(frozen=True)
class Done:
    """What an opening has come to."""

    read: int = 0
    own: int = 0
    foreign: int = 0


class Opening:
    """The gate of one process. `closed` says why nobody is let in; nothing = open, as before a start."""

    def __init__(self, service: "Service") -> None:
        self._service = service
        self.closed: str | None = None
        self._kept: Taken = {}

    async def open(self) -> None:
        """Look, make up for what is missing, and open; until it is done, or the process ends."""
        self.closed = "starting: looks whether its topics know more than its tables"
        began, pause = time.monotonic(), FIRST_PAUSE
        while True:
            try:
                done = await self.look()
            except CannotRestore as error:
                self.closed = f"cannot be restored: {error}"
                self._service.log.critical("stays closed", because=str(error))
                pause = LAST_PAUSE
            except Exception as error:  # noqa: BLE001  whatever it is, it is told
                if passing(error) or isinstance(error, KafkaError):
                    self.closed = "starting: Kafka or the database does not answer"
                    self._service.log.warning("looks again", error=repr(error))
                else:
                    self.closed = f"cannot open: {error!r}"
                    self._service.log.critical("stays closed", because=repr(error))
            else:
                if done.own or done.foreign:
                    self._service.log.warning("restored", own=done.own, foreign=done.foreign)
                self._service.log.info("open", read=done.read, seconds=round(time.monotonic() - began, 3))
                self.closed = None
                return
            await asyncio.sleep(pause)
            pause = min(LAST_PAUSE, pause * 2)

    async def look(self, *, whole: bool = False) -> Done:
        """Once: compare, and fold what is missing. `whole` reads the topics from their beginning."""
        service = self._service
        await create_topics(service.settings.kafka, service.settings.topic_prefix)
        ends = await service.topics.of(self._places())
        starts = await self._starts(ends, whole=whole)
        if all(starts.get(place, 0) >= end for place, end in ends.items()):
            return Done()
        found = await self._surveyor().survey(starts, ends, self._compares)
        if not found.lost:
            return Done(found.read)
        async with self._alone():
            found = await self._surveyor().survey(starts, ends, self._compares)
            if found.lost:
                await self._make_up(found, starts, ends)
        return Done(found.read, found.own, found.foreign)

    def _compares(self, read: int) -> None:
        if self.closed is not None:
            self.closed = f"starting: compares its topics with its tables, {read:,} records read"

    async def _make_up(
        self, found: Survey, starts: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
    ) -> None:
        service = self._service
        service.log.warning("older than its topics", own=found.own, foreign=found.foreign, read=found.read)
        if service.evolution is None:
            if found.own:
                raise CannotRestore(f"{found.own} facts of {service.name} are not in its log")
            await self._rewind(starts)
            return

        def report(read: int) -> None:
            topics = ", ".join(sorted({place.topic for place in ends}))
            self.closed = f"restoring: reading {topics}, {read:,} of {found.read:,}"

        report(0)
        consumers = [each.reactions for each in service.consumers.values()]
        restoring = Restoring(service.transactions, service.evolution, consumers, service.settings, report)
        await restoring.fold(found, starts, ends)

    async def _rewind(self, starts: Mapping[TopicPartition, int]) -> None:
        """Who says nothing hears it all again from where the tables end; heads drop what is known."""
        for consumer in self._service.consumers.values():
            names = {self._service.settings.topic(topic) for topic in consumer.reactions.topics}
            try:
                await consumer.rewind({p: starts.get(p, 0) for p in self._places() if p.topic in names})
            except CommitFailedError:
                raise CannotRestore(
                    f"another process of {self._service.name} is at work, or was until a moment ago: "
                    "stop all of them before a database is restored"
                ) from None

    def _places(self) -> list[TopicPartition]:
        """The partitions that this service speaks on or listens to."""
        service = self._service
        topics = {fact.topic for fact in all_facts() if fact.source == service.name}
        topics |= {topic for each in service.consumers.values() for topic in each.reactions.topics}
        return [
            TopicPartition(service.settings.topic(t), p) for t in sorted(topics) for p in range(PARTITIONS)
        ]

    def _surveyor(self) -> Surveyor:
        service = self._service
        reactions = [each.reactions for each in service.consumers.values()]
        return Surveyor(service.name, service.transactions, reactions, service.settings)

    def _readers(self, place: TopicPartition) -> list[str]:
        """Who of this service listens there; `OWN` where nobody does."""
        topic = self._service.settings.topic
        consumers = self._service.consumers.items()
        heard = [name for name, each in consumers if place.topic in map(topic, each.reactions.topics)]
        return heard or [OWN]

    async def _starts(self, ends: Mapping[TopicPartition, int], *, whole: bool) -> dict[TopicPartition, int]:
        """From where each partition must be read. A topic that is shorter than it was is another one."""
        if whole:
            return {}
        async with self._service.transactions.begin() as tx:
            noted = await _noted(tx)
            starts = {
                place: min(noted.get((reader, place), 0) for reader in self._readers(place)) for place in ends
            }
            if any(offset > ends.get(place, offset) for (_, place), offset in noted.items()):
                self._service.log.error(
                    "Kafka holds less than it did: what it lost can be sent again",
                    command=f"python -m {self._service.name.replace('-', '_')} resend --all",
                )
                await tx.driver.execute(FORGET)
                return {}
        return starts

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        connection = await asyncpg.connect(self._service.database, timeout=5)
        try:
            await connection.execute(ALONE)
            yield
        finally:
            connection.terminate()

    async def keep(self) -> None:
        """Every few seconds: note up to where everything is known."""
        while True:
            await asyncio.sleep(KEEP_SECONDS)
            try:
                await self.note()
            except Exception as error:  # noqa: BLE001  Kafka or the database is away: the next note tells more
                self._service.log.debug("not noted", error=repr(error))

    async def note(self) -> None:
        """Up to here every fact of these partitions is in the tables: own ones are in the log before they are
        sent, others are acknowledged after they were taken. A note that went back tells of a database that was
        exchanged under a running service: it must start again.
        """
        if self.closed is not None:
            return
        taken = await self._taken_now()
        async with self._service.transactions.begin() as tx:
            stored = await _noted(tx)
            if any(stored.get(key, 0) < offset for key, offset in self._kept.items()):
                self._service.give_up("the database is older than it was: it was restored under this process")
                return
            if taken:
                columns = zip(
                    *((c, p.topic, p.partition, o) for (c, p), o in sorted(taken.items())), strict=True
                )
                await tx.driver.execute(KEEP, *(list(column) for column in columns))
        self._kept = {key: max(offset, stored.get(key, 0)) for key, offset in taken.items()}

    async def _taken_now(self) -> Taken:
        service = self._service
        taken: Taken = {}
        heard: set[str] = set()
        for name, consumer in service.consumers.items():
            heard |= {service.settings.topic(topic) for topic in consumer.reactions.topics}
            taken |= {(name, place): offset for place, offset in consumer.taken().items()}
        rest = [place for place in self._places() if place.topic not in heard]
        if rest:
            taken |= {(OWN, place): end for place, end in (await service.topics.of(rest)).items()}
        return {key: offset for key, offset in taken.items() if offset}


async def _noted(tx: Tx) -> Taken:
    rows = await tx.driver.fetch(READ)
    return {(row["consumer"], TopicPartition(row["topic"], row["partition"])): row["offset"] for row in rows}


class Closed:
    """Refuses whatever is asked of a service that is not open yet, but health and figures."""

    def __init__(self, app: ASGIApp, opening: Opening) -> None:
        self.app = app
        self.opening = opening

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self.opening.closed is None or scope["path"] in OPEN_ALWAYS:
            await self.app(scope, receive, send)
            return
        request = HttpRequest(scope, receive)
        answer = problem(
            request,
            503,
            "service.closed",
            parameters={"because": self.opening.closed},
            headers={"retry-after": RETRY_SECONDS},
        )
        await answer(scope, receive, send)
