"""`python -m portal rebuild`: the read model anew from nothing but facts, for after a mend or an upgrade.

New tables are made beside the running ones and folded from the topics' beginning, in chunks, with heads of their
own; pages and the running consumer go on. When they hold what the consumer has taken, one short transaction holds
its heads, folds the last few facts, and puts the new tables in place. Killed before that, nothing has changed.
"""

import contextlib
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from aiokafka import TopicPartition

from contracts.base import Envelope
from portal import rebuilt_tables
from portal.beside import CannotBe, Database, database, said_by
from portal.reactions import reactions
from portal.rebuilt_rows import ReadModel, few_collections
from portal.settings import Settings
from servicekit import heads
from servicekit.db import Tx
from servicekit.from_beginning import FromBeginning, Records, from_beginning
from servicekit.heads import Pair
from servicekit.reactions import Arrived

AT_ONCE = 5000
CAUGHT_UP_SECONDS = 1.0
MOST_PASSES = 20
SAY_SECONDS = 1.0
SEEN = """
select t.s, t.k, coalesce(h.sequence, 0) as running, coalesce(r.sequence, 0) as rebuilt
from unnest($2::text[], $3::text[]) t(s, k)
left join public.head h on h.consumer = $1 and h.sender = t.s and h.subject = t.k
left join rebuilding.head r on r.consumer = $1 and r.sender = t.s and r.subject = t.k"""
PARKED = "select distinct subject from public.parked where consumer = $1 and subject = any($2::text[])"
WITHOUT = """
select id from public.parked where consumer = $1 and id = any($2::uuid[])
union select id from public.skipped where consumer = $1 and id = any($2::uuid[])"""
"""Of these facts: those that have changed no row, as in `verify`."""
PUT_LATE = "insert into late (subject, body) select * from unnest($1::text[], $2::bytea[])"
LATE = "select body from late where subject = $1 order by n"
Progress = Callable[[int, int], None]


async def rebuild(settings: Settings, progress: Progress = lambda _done, _total: None) -> int:
    """Fold every fact that the running portal has taken; how many there were. `progress` hears done and total."""
    async with (
        from_beginning(settings.kafka, settings.topic_prefix) as topics,
        database(settings, "rebuild") as db,
    ):
        await rebuilt_tables.be_the_only_one(db.driver)
        version = await rebuilt_tables.make(db.driver)
        try:
            with few_collections():
                return await _Rebuild(db, topics, progress).run(version)
        except BaseException:
            with contextlib.suppress(Exception):  # what went wrong before is told
                await rebuilt_tables.drop(db.driver)
            raise


class _Rebuild:
    def __init__(self, db: Database, topics: FromBeginning, progress: Progress) -> None:
        self._db = db
        self._topics = topics
        self._progress = progress
        self._model = ReadModel()
        self._late: set[str] = set()
        """Subjects of which a fact was parked when we came by, or is missing: their facts come at the end."""
        self._facts = 0

    async def run(self, version: str) -> int:
        for _ in range(MOST_PASSES):
            began = time.monotonic()
            await self._catch_up()
            if time.monotonic() - began < CAUGHT_UP_SECONDS:
                break
            await self._topics.look()
        async with self._db.begin() as tx:
            await self._model.write(tx)
        await rebuilt_tables.analyse(self._db.driver)
        async with self._db.begin() as tx:
            await rebuilt_tables.keep_vacuum_out(tx)
            await tx.driver.execute(rebuilt_tables.HOLD_HEADS)
            await self._finish(tx)
            await self._model.write(tx)
            await rebuilt_tables.swap(tx, version)
        return self._facts

    async def _catch_up(self) -> None:
        """Up to what the running consumer has taken, each chunk in a transaction of its own."""
        while found := await self._topics.some(AT_ONCE):
            async with self._db.begin() as tx:
                await self._take(tx, found)
            self._progress(self._topics.done, self._topics.total)

    async def _finish(self, tx: Tx) -> None:
        """With the running heads held: the rest, and that nothing is missing."""
        for beyond in (False, True):
            await self._topics.look()
            while found := await self._topics.some(AT_ONCE):
                await self._take(tx, found, beyond=beyond)
            for subject in sorted(self._late):
                await self._take_late(tx, subject)
            missing = await rebuilt_tables.lacking(tx)
            if not missing:
                return
        raise CannotBe(
            f"the topics lack facts that the portal has taken ({missing}), and they cannot be folded anew: "
            "if Kafka's data are lost or new, `songjiao resend` fills the topics again"
        )

    async def _take(self, tx: Tx, found: Mapping[TopicPartition, Records], *, beyond: bool = False) -> None:
        """What the running consumer has taken of these. Where it has not come yet we wait, or step over it."""
        arrived = {
            place: [
                (r.offset, reactions.read(r.topic, r.partition, r.offset, r.key, r.value)) for r in records
            ]
            for place, records in found.items()
        }
        chunk = await _Chunk.of(tx, [fact for facts in arrived.values() for _, fact in facts])
        late: list[Arrived] = []
        for place, facts in arrived.items():
            for offset, fact in facts:
                if fact.envelope is None or fact.sender == tx.source or chunk.is_repeat(fact):
                    continue
                if fact.subject not in self._late and chunk.has_to_wait(fact):
                    self._late.add(fact.subject)
                if fact.subject in self._late:
                    late.append(fact)
                elif chunk.was_taken(fact):
                    chunk.take(fact)
                elif not beyond:
                    self._topics.wait_before(place, offset)
                    break
        if late:
            await tx.driver.execute(PUT_LATE, [fact.subject for fact in late], [fact.body for fact in late])
        await self._fold(tx, chunk)

    async def _take_late(self, tx: Tx, subject: str) -> None:
        """The facts of a subject that had to wait: in their order, stepping over what a person has done without."""
        bodies = [row["body"] for row in await tx.driver.fetch(LATE, subject)]
        left = [reactions.read("late", 0, n, None, body) for n, body in enumerate(bodies)]
        chunk = await _Chunk.of(tx, left)
        while left := [fact for fact in left if chunk.was_taken(fact) and not chunk.is_repeat(fact)]:
            chunk.take(next((fact for fact in left if chunk.is_next(fact)), left[0]))
        await self._fold(tx, chunk)

    async def _fold(self, tx: Tx, chunk: "_Chunk") -> None:
        await self._model.take(tx, chunk.new)
        if chunk.moved:
            await heads.advance(tx, reactions.consumer, chunk.moved)
        self._facts += len(chunk.new)


class _Chunk:
    """Some facts in hand: what the running consumer has of their subjects, and what was taken of them here."""

    def __init__(
        self, running: Mapping[Pair, int], rebuilt: dict[Pair, int], parked: set[str], without: set[UUID]
    ) -> None:
        self._running = running
        self._rebuilt = rebuilt
        self._parked = parked
        self._without = without
        self.new: list[Envelope] = []
        self.moved: dict[Pair, int] = {}

    @classmethod
    async def of(cls, tx: Tx, facts: Sequence[Arrived]) -> "_Chunk":
        """As it is now."""
        pairs = list({fact.pair for fact in facts})
        senders, subjects = [sender for sender, _ in pairs], [subject for _, subject in pairs]
        rows = await tx.driver.fetch(SEEN, reactions.consumer, senders, subjects)
        parked = await tx.driver.fetch(PARKED, reactions.consumer, list(set(subjects)))
        without = await tx.driver.fetch(WITHOUT, reactions.consumer, [fact.id for fact in facts])
        return cls(
            {(row["s"], row["k"]): row["running"] for row in rows},
            {(row["s"], row["k"]): row["rebuilt"] for row in rows},
            {row["subject"] for row in parked},
            {row["id"] for row in without},
        )

    def is_repeat(self, fact: Arrived) -> bool:
        return fact.sequence <= self._rebuilt[fact.pair]

    def is_next(self, fact: Arrived) -> bool:
        return fact.sequence == self._rebuilt[fact.pair] + 1

    def was_taken(self, fact: Arrived) -> bool:
        return fact.sequence <= self._running[fact.pair]

    def has_to_wait(self, fact: Arrived) -> bool:
        """Parked, or behind one that is; or its forerunner is not here."""
        return not self.is_next(fact) if self.was_taken(fact) else fact.subject in self._parked

    def take(self, fact: Arrived) -> None:
        """Next in its row; one that a person did without moves the head only."""
        self._rebuilt[fact.pair] = self.moved[fact.pair] = fact.sequence
        if fact.id in self._without:
            return
        if fact.fault or fact.envelope is None:
            raise CannotBe(
                f"fact {fact.id} ({fact.type} of {fact.subject}) cannot be read any more: {fact.fault}"
            )
        self.new.append(fact.envelope)


async def _work(settings: Settings) -> int:
    said = 0.0

    def say(done: int, total: int) -> None:
        nonlocal said
        if time.monotonic() - said >= SAY_SECONDS or done == total:
            said = time.monotonic()
            sys.stderr.write(f"{done:,} of {total:,} facts\n")

    sys.stdout.write(f"{await rebuild(settings, say)}\n")
    return 0


def main() -> int:
    """The command."""
    return said_by(_work)
