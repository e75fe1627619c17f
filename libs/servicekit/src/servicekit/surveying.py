"""What lies on the topics and is not in this database: the look before a service opens.

`taken` says up to where everything is known, so only what came after is read. What is missing tells that the
database is older than the topics: it was restored from a backup.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from contracts.base import Envelope
from servicekit import heads
from servicekit.db import Transactions, Tx
from servicekit.reactions import Reactions
from servicekit.reading import Places, Read, read_merged
from servicekit.settings import Settings

AT_ONCE = 1000
"""Records that one question to the database is about."""
KNOWN = "select id from event where id = any($1::uuid[])"
PARKED = "select id from parked where consumer = $1 and id = any($2::uuid[])"


@dataclass
class Survey:
    """What was found, and up to where each consumer had taken the topics when the database was lost."""

    read: int = 0
    own: int = 0
    """Own facts that the log lacks."""
    foreign: int = 0
    """Facts of others that a consumer had taken, and whose effects the tables lack."""
    causes: set[UUID] = field(default_factory=set)
    """Why the lost own facts were said."""
    taken: dict[str, dict[TopicPartition, int]] = field(default_factory=dict)
    """By consumer and partition: what its group has acknowledged, and whatever has led to an own fact."""

    @property
    def lost(self) -> bool:
        """Whether anything is missing."""
        return bool(self.own or self.foreign)


class Surveyor:
    """Compares one service's topics with its tables."""

    def __init__(
        self, source: str, transactions: Transactions, reactions: Sequence[Reactions], settings: Settings
    ) -> None:
        self._source = source
        self._transactions = transactions
        self._reactions = reactions
        self._settings = settings
        self._unacknowledged: dict[UUID, list[tuple[str, TopicPartition, int]]] = {}

    async def survey(self, starts: Places, ends: Places, report: Callable[[int], None]) -> Survey:
        """Read from `starts` to `ends`, and look up what was read. `report` hears how many records were."""
        groups = {each.consumer: self._settings.topic(each.consumer) for each in self._reactions}
        found = Survey(taken=await acknowledged(self._settings.kafka, groups))
        page: list[Read] = []
        async for read in read_merged(self._settings.kafka, starts, ends):
            page.append(read)
            if len(page) == AT_ONCE:
                await self._look_up(page, found)
                report(found.read)
                page = []
        await self._look_up(page, found)
        self._move_on(found)
        return found

    async def _look_up(self, page: Sequence[Read], found: Survey) -> None:
        """Which of these records are in the tables."""
        found.read += len(page)
        others = [(each, each.envelope) for each in page if each.envelope and not each.said_by(self._source)]
        async with self._transactions.begin() as tx:
            await self._own(tx, [said for each in page if (said := each.said_by(self._source))], found)
            for reactions in self._reactions:
                topics = {self._settings.topic(topic) for topic in reactions.topics}
                heard = [(read, each) for read, each in others if read.record.topic in topics]
                await self._others(tx, reactions.consumer, heard, found)

    async def _own(self, tx: Tx, said: Sequence[Envelope], found: Survey) -> None:
        known = {row["id"] for row in await tx.driver.fetch(KNOWN, [each.id for each in said])}
        for each in said:
            if each.id not in known:
                found.own += 1
                if each.causationid:
                    found.causes.add(each.causationid)

    async def _others(
        self, tx: Tx, consumer: str, heard: Sequence[tuple[Read, Envelope]], found: Survey
    ) -> None:
        """Facts above the head: lost when the group had acknowledged them, and they are not parked themselves.

        What is parked is read first: whoever replays it meanwhile moves the head after.
        """
        rows = await tx.driver.fetch(PARKED, consumer, [each.id for _, each in heard])
        waits = {row["id"] for row in rows}
        seen = await heads.read(tx, consumer, {(each.source, each.subject) for _, each in heard})
        new = [(r, e) for r, e in heard if e.sequence > seen.get((e.source, e.subject), 0)]
        taken = found.taken[consumer]
        for read, each in new:
            if read.record.offset >= taken.get(read.place, 0):
                self._unacknowledged.setdefault(each.id, []).append(
                    (consumer, read.place, read.record.offset)
                )
            elif each.id not in waits:
                found.foreign += 1

    def _move_on(self, found: Survey) -> None:
        """What has led to an own fact was taken, and all before it, acknowledged or not."""
        for cause in found.causes & self._unacknowledged.keys():
            for consumer, place, offset in self._unacknowledged[cause]:
                taken = found.taken[consumer]
                taken[place] = max(taken.get(place, 0), offset + 1)


async def acknowledged(kafka: str, groups: Mapping[str, str]) -> dict[str, dict[TopicPartition, int]]:
    """By consumer, up to where its group has acknowledged each partition."""
    found: dict[str, dict[TopicPartition, int]] = {}
    if not groups:
        return found
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        for consumer, group in groups.items():
            offsets = await admin.list_consumer_group_offsets(group)
            found[consumer] = {place: each.offset for place, each in offsets.items() if each.offset > 0}
    finally:
        await admin.close()
    return found
