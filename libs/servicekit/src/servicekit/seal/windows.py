"""The chain of windows in the database: each fact in exactly one, in the order sent (that of positions).

Whoever seals holds the relay's lock; should there be two for a moment, the number of the window, and the
constraint that no fact is in two, let one of them through and fail the other, which starts anew.
"""

from collections.abc import AsyncIterator, Sequence
from typing import TypeAlias

import asyncpg

from servicekit.db import Tx
from servicekit.seal.chain import BEFORE_ALL, Window
from servicekit.seal.tree import leaf

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Rows = Sequence[asyncpg.Record]
"""Facts by position, with their `body`."""
PAGE = 1000

LAST = "select number, count, root, chained from seal order by number desc limit 1"
CLOSE = """
with gone as (delete from unsent where position = any($6::bigint[]) returning 1)
insert into seal (number, count, root, chained, positions)
select $1, case when count(*) = $2 then $2 end, $3, $4, $5 from gone"""
"""Another relay has deleted some of them: the count is null, which is refused, and nothing was done."""
FORGET = "delete from unsent where position = any($1::bigint[])"
ALREADY = "select p from unnest($1::bigint[]) p where exists (select from seal s where s.positions @> p)"
ADD = "insert into seal (number, count, root, chained, positions) values ($1, $2, $3, $4, $5)"
COMPLETE = """
select (select count(*) from event)
     = (select coalesce(sum(count), 0) from seal) + (select count(*) from unsent)"""
UNSEALED = """
select (select range_agg(int8range(position, position, '[]')) from event)
     - coalesce((select range_agg(r) from (
         select unnest(positions) from seal
         union all select int8range(position, position, '[]') from unsent) k (r)), '{}')"""
NEXT_UNSEALED = """
select position, body from event where position > $1 and $2::int8multirange @> position
order by position limit $3"""


async def last_window(connection: Connection) -> Window:
    """Where the chain stands."""
    row = await connection.fetchrow(LAST)
    return BEFORE_ALL if row is None else Window.model_construct(**row)


def window_after(last: Window, rows: Rows) -> Window:
    """The window over these facts."""
    return last.next([leaf(row["body"]) for row in rows])


async def close_window(connection: Connection, last: Window, window: Window, rows: Rows) -> Window:
    """Delete what was sent from the to-do list and seal it, in one statement; what is the last window then.

    Facts that were sealed before, as somebody has put them back to be sent again, are only deleted.
    """
    try:
        await _close(connection, window, rows)
    except asyncpg.ExclusionViolationError:
        positions = [row["position"] for row in rows]
        sealed = {row["p"] for row in await connection.fetch(ALREADY, positions)}
        await connection.execute(FORGET, sealed)
        fresh = [row for row in rows if row["position"] not in sealed]
        if not fresh:
            return last
        window = window_after(last, fresh)
        await _close(connection, window, fresh)
    return window


async def _close(connection: Connection, window: Window, rows: Rows) -> None:
    positions = [row["position"] for row in rows]
    await connection.execute(CLOSE, *_columns(window, positions), positions)


def _columns(window: Window, positions: Sequence[int]) -> tuple[object, ...]:
    return window.number, window.count, window.root, window.chained, _ranges(positions)


def _ranges(positions: Sequence[int]) -> list["asyncpg.Range[int]"]:
    """The same positions, ascending, as ranges without gaps; as a rule it is one."""
    begins = [at for at, before in zip(positions, (None, *positions), strict=False) if at - 1 != before]
    ends = [at + 1 for at, after in zip(positions, (*positions[1:], None), strict=True) if at + 1 != after]
    return [asyncpg.Range(begin, end) for begin, end in zip(begins, ends, strict=True)]


async def unsealed_pages(connection: Connection) -> AsyncIterator[Rows]:
    """Facts that no relay of ours has sent: those from before there was a seal, and those of a restore."""
    if await connection.fetchval(COMPLETE):
        return
    unsealed, at = await connection.fetchval(UNSEALED), 0
    while rows := await connection.fetch(NEXT_UNSEALED, at, unsealed, PAGE):
        yield rows
        at = rows[-1]["position"]


async def seal_page(connection: Connection, last: Window, rows: Rows) -> Window:
    """Close a window over facts that are not on the to-do list."""
    window = window_after(last, rows)
    await connection.execute(ADD, *_columns(window, [row["position"] for row in rows]))
    return window


async def seal_unsealed(tx: Tx) -> int:
    """Seal all facts that are in no window and wait for no relay; how many. For a service that is closed.

    After a restore the facts read back from the topics stand in the log like this. The relay does the same
    when it has nothing else to do, so this is for those who want it done before they open.
    """
    sealed, last = 0, await last_window(tx.driver)
    async for rows in unsealed_pages(tx.driver):
        last = await seal_page(tx.driver, last, rows)
        sealed += len(rows)
    return sealed
