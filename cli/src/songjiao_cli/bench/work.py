"""Pieces that several figures share."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID, uuid5

import asyncpg

from servicekit.migrate import create_database, migrate
from songjiao_cli.bench import shared
from songjiao_cli.bench.house import House
from songjiao_cli.bench.sizes import Sizes

SPACE = UUID("0190a000-0000-7000-8000-0000000be4c4")
FILL = """
with made as (
  insert into event (id, subject, sequence, type, topic, body)
  select i, s, q, 'order.started.v1', 'songjiao.orders', convert_to(format(
    '{"specversion":"1.0","id":"%s","source":"order-intake","type":"order.started.v1","subject":"%s",'
    '"time":"2026-05-06T06:30:00.123456Z","datacontenttype":"application/json",'
    '"dataschema":"urn:songjiao:schema:order.started.v1","sequence":%s,"correlationid":"%s","actor":"u-1",'
    '"data":{"order_id":"%s","started_on":"2026-05-06"}}', i, s, q, gen_random_uuid(), s), 'UTF8')
  from (select gen_random_uuid() i, s, q from generate_series($2::int, $3::int) q,
        unnest($1::text[]) with ordinality t(s, o) order by q, o) x
  returning position)
"""
TO_SEND = "insert into unsent select position from made"
AT_ONCE = 200_000
SENT = "select count(*) from made"


Say = Callable[[str], None]


async def in_turns(
    sizes: Sizes,
    ours: Callable[[], Awaitable[float]],
    beside: Callable[[], Awaitable[float]],
    say: Say,
) -> list[tuple[float, float]]:
    """Paired runs, now one first, now the other."""
    runs: list[tuple[float, float]] = []
    for n in range(sizes.runs):
        if n % 2 == 0:
            one = await ours()
            other = await beside()
        else:
            other = await beside()
            one = await ours()
        say(f"  run {n + 1}: {one:,.0f} beside {other:,.0f}")
        runs.append((one, other))
    return runs


def subjects(count: int) -> list[str]:
    """The same orders in every run."""
    return [str(uuid5(SPACE, str(n))) for n in range(count)]


async def made(house: House, database: str, tables: str) -> None:
    """An empty database with these tables and none of the kit's."""
    await create_database(database)
    await house.sql(database, tables)


async def sender_tables(house: House, database: str) -> None:
    """The kit's tables and the sender's one."""
    await migrate(database, None)
    await house.sql(database, shared.SENDER_TABLES)


async def reader_tables(house: House, database: str) -> None:
    """The kit's tables and the reader's one."""
    await migrate(database, None)
    await house.sql(database, shared.READER_TABLES)


async def fill_events(database: str, facts: int, names: Sequence[str], *, unsent: bool = True) -> None:
    """Facts in the log, whole and valid, as if commands had said them; on the relay's list or sent long ago."""
    each = facts // len(names)
    connection = await asyncpg.connect(database, command_timeout=None)
    try:
        for first in range(
            1, each + 1, max(1, AT_ONCE // len(names))
        ):  # some at a time: one statement would take gigabytes
            last = min(each, first + max(1, AT_ONCE // len(names)) - 1)
            await connection.execute(FILL + (TO_SEND if unsent else SENT), list(names), first, last)
        await connection.execute("analyze event")
    finally:
        await connection.close()
