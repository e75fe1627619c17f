"""A portal with many seasons behind it: the season's facts are told to it again, until so many sessions are stored.

What is told again lies on topics of its own that nothing reads but `portal rebuild`: the services, which would plan and
offer what they hear of, do not hear it, but are given the rows of what has ended (`desks_rows`). The portal folds it as
it folds all: nothing is written into its tables here but how far it has heard each sender.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import asyncpg

from servicekit.from_beginning import read_to_end
from servicekit.topics import create_topics, drop_topics
from songjiao_cli.bench.bare import producer_at
from songjiao_cli.bench.desks_again import Head, Said, Season, heads_of, read
from songjiao_cli.bench.desks_rows import database_of, store_rows
from songjiao_cli.system import System
from songjiao_cli.verify.run import portal_says

Say = Callable[[str], None]
AT_ONCE = 2000
SAY_EVERY = 10
HEADS = """
insert into head (consumer, sender, subject, sequence)
select 'portal-boards', a, b, c from unnest($1::text[], $2::text[], $3::bigint[]) u(a, b, c)"""
COUNTED = """
select (select count(*) from session_row) as sessions,
       (select count(*) from order_card where state <> '') as orders,
       (select count(*) from story_fact) as facts,
       (select count(*) from certificate_row) as certificates"""


@dataclass(frozen=True)
class Stored:
    """What the portal has stored before the first pass: at least `asked` sessions, the season and so many `copies`."""

    asked: int
    copies: int
    sessions: int
    orders: int
    facts: int
    certificates: int
    rows: dict[str, int]
    """Of the other services: rows that were stored beside the season's, of orders that have ended."""
    seconds: float


async def store(system: System, sessions: int, say: Say) -> Stored:
    """Tell the season again until the portal has so many sessions; the system is quiet and stays so.

    `AssertionError` when the portal does not hold what it was told.
    """
    assert system.addresses is not None
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # of topics just made it tells each try
    began = time.monotonic()
    season = Season(
        [
            _said(record.topic, record.key, record.value)
            for record in await read_to_end(system.addresses.kafka)
        ]
    )
    copies = season.copies_for(sessions)
    database = database_of(system.addresses.database, "portal")
    if copies:
        await _tell(system, season, copies, database, say)
    rows = await store_rows(system.addresses.database, season, copies)
    say(f"  rows of orders that have ended: {', '.join(f'{name} {count:,}' for name, count in rows.items())}")
    stored = Stored(
        asked=sessions, copies=copies, rows=rows, seconds=time.monotonic() - began, **await _counted(database)
    )
    if stored.sessions < sessions:
        raise AssertionError(f"the portal has {stored.sessions} sessions of {sessions} that it was told of")
    say(f"  the portal has {stored.sessions:,} sessions of {stored.orders:,} orders, {stored.facts:,} facts")
    return stored


def _said(topic: str, key: bytes | None, value: bytes | None) -> Said:
    assert key is not None
    assert value is not None
    return read(topic, key, value)


async def _tell(system: System, season: Season, copies: int, database: str, say: Say) -> None:
    assert system.addresses is not None
    kafka, prefix = system.addresses.kafka, f"again{uuid.uuid4().hex[:8]}."
    await create_topics(kafka, prefix)
    try:
        await _publish(kafka, prefix, season.facts)
        for copy in range(1, copies + 1):
            told = list(season.again(copy))
            await _publish(kafka, prefix, told)
            await _heard(database, heads_of(told))
            if copy % SAY_EVERY == 0 or copy == copies:
                say(f"  the season is told again: {copy} of {copies}")
        environment = system.full_environment("portal") | {"SONGJIAO_TOPIC_PREFIX": prefix}
        status, said = await asyncio.to_thread(portal_says, "rebuild", environment, progress=True)
        if status:
            raise AssertionError(f"the portal did not fold what it was told: {said[-1]}")
    finally:
        await drop_topics(kafka, prefix)


async def _publish(kafka: str, prefix: str, facts: Iterable[Said]) -> None:
    async with producer_at(kafka) as producer:
        acks = []
        for one in facts:
            acks.append(await producer.send(f"{prefix}{one.topic}", one.value, one.key))
            if len(acks) == AT_ONCE:
                await asyncio.gather(*acks)
                acks = []
        await asyncio.gather(*acks)


async def _heard(database: str, heads: list[Head]) -> None:
    """A rebuild folds what was taken."""
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(
            HEADS,
            [one.source for one in heads],
            [one.subject for one in heads],
            [one.sequence for one in heads],
        )
    finally:
        await connection.close()


async def _counted(database: str) -> dict[str, int]:
    connection = await asyncpg.connect(database)
    try:
        row = await connection.fetchrow(COUNTED)
        assert row is not None
        return dict(row)
    finally:
        await connection.close()
