"""A database that is older than the topics learns what it lacks, before its service opens.

In the order of the topic: an own fact that the log lacks is appended and folded (`evolution`); a fact of
others that had been taken is remembered (`Reactions.on(remember=)`), for what was decided about it follows as
own facts. What had not been taken is left to the consumer, as if nothing had happened.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from uuid import UUID

import structlog
from aiokafka import TopicPartition

from contracts.base import Envelope
from servicekit import replay
from servicekit.db import Transactions, Tx, passing
from servicekit.evolution import Evolution
from servicekit.patience import Patience
from servicekit.reactions import Arrived, Reactions, cause_of
from servicekit.reading import Bytes, Places, Read, read_merged
from servicekit.settings import Settings
from servicekit.surveying import KNOWN, Survey
from servicekit.taking import Outcome, Taking

WINDOW = 200
"""Records folded in one transaction."""
LAST = "select subject, max(sequence) as last from event where subject = any($1::text[]) group by subject"
APPEND = """
insert into event (id, subject, sequence, type, topic, body, at)
select i, s, n, t, p, b, a
from unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bytea[], $7::timestamptz[])
     with ordinality u(i, s, n, t, p, b, a, o)
order by o"""
SENT = "delete from unsent using event e where e.position = unsent.position and e.id = any($1::uuid[])"
"""What was waiting in the backup, and lies on the topic since."""
ANSWER_LOST = """
insert into answered (actor, key, request, status, headers, body)
select distinct a, k, ''::bytea, 409, '{}'::jsonb, ''::bytea from unnest($1::text[], $2::text[]) u(a, k)
on conflict do nothing"""
"""A command's key that was used, and whose answer is gone: it is never done twice (`http`)."""
FOLLOW_THE_SEASON = """
update clock set moved = greatest(moved, $1::timestamptz - clock_timestamp())"""
"""Practice mode: the clock is in no fact; it stands at the newest one at least."""
REPLAYED = "select distinct consumer, subject from parked where id = any($1::uuid[])"

log = structlog.get_logger("restoring")


class CannotRestore(RuntimeError):  # noqa: N818  said to whoever restores
    """The topics hold what this program cannot fold; the service stays closed, and the message says why."""


class Restoring:
    """Folds what a survey has found missing. One at a time per service."""

    def __init__(
        self,
        transactions: Transactions,
        evolution: Evolution,
        reactions: Sequence[Reactions],
        settings: Settings,
        report: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._transactions = transactions
        self._source = transactions.source
        self._evolution = evolution
        self._takings = [Taking(each, transactions, remembering=True) for each in reactions]
        self._settings = settings
        self._report = report
        self._patience = Patience(lambda error, pause: log.warning("again", error=repr(error), pause=pause))
        self.folded = 0
        """Own facts that were appended."""
        self._newest: datetime | None = None

    async def fold(self, survey: Survey, starts: Places, ends: Places) -> None:
        """Bring the tables up to `ends`."""
        await self._patience.with_(lambda: self._replay_parked(survey))
        window: list[Read] = []
        done = 0
        async for read in read_merged(self._settings.kafka, starts, ends):
            window.append(read)
            if len(window) == WINDOW:
                await self._take(window, survey)
                done += len(window)
                self._report(done)
                window = []
        await self._take(window, survey)
        if self._settings.practice and self._newest is not None:
            async with self._transactions.begin() as tx:
                await tx.driver.execute(FOLLOW_THE_SEASON, self._newest)

    async def _replay_parked(self, survey: Survey) -> None:
        """What was parked in the backup, and has led to an own fact since, was replayed meanwhile."""
        takings = {each.consumer: each for each in self._takings}
        async with self._transactions.begin() as tx:
            for row in await tx.driver.fetch(REPLAYED, list(survey.causes)):
                if taking := takings.get(row["consumer"]):  # or its consumer exists no more
                    await replay.replay(taking, tx, row["subject"])

    async def _take(self, window: Sequence[Read], survey: Survey) -> None:
        """The window in one transaction; when one of its records is at fault, each in its own."""
        try:
            await self._patience.with_(lambda: self._together(window, survey))
        except Exception as error:
            if passing(error):
                raise
            log.info("one by one", records=len(window), because=repr(error)[:300])
            for read in window:
                await self._patience.with_(lambda one=read: self._alone(one, survey))  # type: ignore[misc]

    async def _together(self, window: Sequence[Read], survey: Survey) -> None:
        folded = 0
        async with self._transactions.begin() as tx:
            for own, run in self._runs(window):
                if own:
                    folded += await self._append(tx, run)
                    continue
                for taking in self._takings:
                    if chunk := self._had_taken(taking, run, survey):
                        await taking.within(tx, chunk, Outcome())
        self.folded += folded
        await asyncio.sleep(0)

    async def _alone(self, read: Read, survey: Survey) -> None:
        """One record; a fact of others that cannot be taken is parked, as the consumer would."""
        if said := read.said_by(self._source):
            try:
                async with self._transactions.begin() as tx:
                    self.folded += await self._append(tx, [read])
            except Exception as error:
                if passing(error) or isinstance(error, CannotRestore):
                    raise
                raise CannotRestore(f"{said.type} {said.sequence} of {said.subject}: {error!r}") from error
            return
        for taking in self._takings:
            if chunk := self._had_taken(taking, [read], survey):
                await taking.one_by_one(chunk, most_parked=2)

    def _runs(self, window: Sequence[Read]) -> list[tuple[bool, list[Read]]]:
        """Own facts and facts of others by turns, each run as long as it goes."""
        turns = groupby(window, key=lambda read: read.said_by(self._source) is not None)
        return [(own, list(run)) for own, run in turns]

    def _had_taken(self, taking: Taking, run: Sequence[Read], survey: Survey) -> list[Arrived]:
        """Of these records, what the consumer had taken before the database was lost."""
        topics = {self._settings.topic(topic) for topic in taking.reactions.topics}
        taken = survey.taken[taking.consumer]
        return [
            taking.reactions.read(r.topic, r.partition, r.offset, r.key, r.value)
            for r in (read.record for read in run)
            if r.topic in topics and r.offset < taken.get(TopicPartition(r.topic, r.partition), 0)
        ]

    async def _append(self, tx: Tx, run: Sequence[Read]) -> int:
        """Own facts into the log, byte for byte and without a second sending, and what they did; how many."""
        read = [(each.record, each.envelope) for each in run if each.envelope]
        rows = await tx.driver.fetch(LAST, list({each.subject for _, each in read}))
        last: dict[str, int] = {row["subject"]: row["last"] for row in rows}
        rows = await tx.driver.fetch(KNOWN, [each.id for _, each in read])
        here: set[UUID] = {row["id"] for row in rows}
        new: list[tuple[Bytes, Envelope]] = []
        known: list[UUID] = []
        for record, each in read:
            seen = last.get(each.subject, 0)
            if each.id in here:
                known.append(each.id)
                continue
            if each.sequence <= seen:
                raise CannotRestore(
                    f"{each.type} {each.id} of {each.subject} is not the fact that is here under its number "
                    f"{each.sequence}: somebody else spoke as {self._source}, or it forgot what it had said"
                )
            if each.sequence > seen + 1:
                raise CannotRestore(
                    f"{each.type} of {each.subject} has the number {each.sequence}, and {seen} is the last that "
                    f"is here: Kafka lacks what is between, or somebody else spoke as {self._source}"
                )
            last[each.subject] = each.sequence
            here.add(each.id)
            new.append((record, each))
        if known:
            await tx.driver.execute(SENT, known)
        if not new:
            return 0
        await self._write(tx, new)
        for _, each in new:
            await self._fold_one(tx, each)
        return len(new)

    async def _write(self, tx: Tx, new: Sequence[tuple[Bytes, Envelope]]) -> None:
        prefix = self._settings.topic_prefix
        rows = [
            (
                each.id,
                each.subject,
                each.sequence,
                each.type,
                record.topic.removeprefix(prefix),
                record.value,
                datetime.fromtimestamp(record.timestamp / 1000, UTC),
            )
            for record, each in new
        ]
        await tx.driver.execute(APPEND, *(list(column) for column in zip(*rows, strict=True)))
        asked = {
            (each.actor, each.correlationid)
            for _, each in new
            if each.actor and each.correlationid and each.causationid is None
        }
        if asked:
            actors, keys = zip(*sorted(asked), strict=True)
            await tx.driver.execute(ANSWER_LOST, list(actors), list(keys))

    async def _fold_one(self, tx: Tx, envelope: Envelope) -> None:
        self._newest = max(self._newest or envelope.time, envelope.time)
        tx.as_of, tx.correlation, tx.traceparent = (
            envelope.time,
            envelope.correlationid,
            envelope.traceparent,
        )
        try:
            await self._evolution.fold(tx, envelope.fact(), cause_of(envelope))
        finally:
            tx.as_of = tx.correlation = tx.traceparent = None
