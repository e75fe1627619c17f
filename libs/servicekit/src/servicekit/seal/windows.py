"""The chain of windows in the database: each fact in exactly one, in the order sent (that of positions).

Whoever seals holds the relay's lock; should there be two for a moment, the number of the window, and the
constraint that no fact is in two, let one of them through and fail the other, which starts anew.
"""

from collections.abc import AsyncIterator, Sequence
from itertools import chain, islice
from typing import TypeAlias

import asyncpg

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
select (select count(*) from event) = (select coalesce(sum(count), 0) from seal) + (
  select count(*) from unsent u where not exists (select from seal s where s.positions @> u.position))"""
UNSEALED = """
with sealed as (select lower(r) as low, upper(r) as high from seal cross join unnest(positions) r),
gap as (
  select high as low, lead(low, 1, 9223372036854775807) over (order by low) as high from sealed
  union all select 0, coalesce(min(low), 9223372036854775807) from sealed),
unsealed as (
  select e.position, exists (select from unsent u where u.position = e.position) as waits
  from gap cross join lateral (
    select position from event where position >= gap.low and position < gap.high) e)
select range_agg(int8range(position, position, '[]')) from unsealed
where position <= (select max(position) from unsealed where not waits)"""
"""Up to the last that waits for no relay, with what waits before it: the order of positions is kept."""
BODIES = "select position, body from event where position = any($1::bigint[]) order by position"
LOOK_SECONDS = 600.0
"""Both looks read as many rows as there are facts or windows."""


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
    """Facts that nobody has sealed: from before there was a seal, of a restore, sent by an older version.

    To be sealed before anything newer is: a subject's facts stand in the chain by their numbers (`heads`).
    """
    if await connection.fetchval(COMPLETE, timeout=LOOK_SECONDS):
        return
    ranges = await connection.fetchval(UNSEALED, timeout=LOOK_SECONDS) or ()
    positions = chain.from_iterable(range(each.lower, each.upper) for each in ranges)
    while page := list(islice(positions, PAGE)):
        yield await connection.fetch(BODIES, page)


async def seal_page(connection: Connection, last: Window, rows: Rows) -> Window:
    """Close a window over facts that stay on the to-do list, if they are on it."""
    window = window_after(last, rows)
    await connection.execute(ADD, *_columns(window, [row["position"] for row in rows]))
    return window
