"""The tables of a rebuild: made beside the running ones in a schema of their own, and put in their place at the end.

Whoever works on them has nothing else in sight (`search_path`), so that no slip can touch a running table.
"""

import asyncio
from typing import TypeAlias

import asyncpg

from portal.beside import CannotBe
from portal.boards import story
from portal.reactions import BOARDS, reactions
from servicekit import alone
from servicekit.db import Tx

Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
TABLES = (*(board.table.name for board in BOARDS), story.story_fact.name)
ALONE = f"select pg_advisory_lock({alone.REBUILD})"
ALONE_SECONDS = 3
"""A rebuild that was killed a moment ago is still being cleaned up by the server."""
VERSION = "select version_num from public.alembic_version"
CONSTRAINTS = """
select conname, pg_get_constraintdef(oid) as said from pg_constraint
where conrelid = $1::regclass and contype in ('p', 'u', 'x', 'c') order by contype"""
INDEXES = """
select pg_get_indexdef(i.indexrelid) as said from pg_index i
where i.indrelid = $1::regclass and not exists (select from pg_constraint c where c.conindid = i.indexrelid)"""
DROP = "drop schema if exists rebuilding cascade"
IN_SIGHT = """
set search_path = rebuilding; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off"""
"""Plans are made while the tables are empty: without the last three they would read whole tables for good."""
LATE = "create table rebuilding.late (n bigint generated always as identity primary key, subject text, body bytea)"
LACKING = """
select count(*) as pairs, min(h.sender || ' ' || h.subject) as first
from public.head h left join rebuilding.head r using (consumer, sender, subject)
where h.consumer = $1 and h.sequence > coalesce(r.sequence, 0)"""
HOLD_HEADS = "lock table public.head in share row exclusive mode"
NO_VACUUM = f"lock table {', '.join(f'public.{table}' for table in TABLES)} in share update exclusive mode"
WAIT_MILLISECONDS = 500
"""Under `deadlock_timeout` (1 s): where a page and the swap wait for each other it is the swap that gives way."""
TRIES = 20
LOOK = "select pg_notify('portal_cards', ' 0')"
"""To every open page: look at everything once."""


async def be_the_only_one(driver: Driver) -> None:
    """For as long as the connection lives; `CannotBe` when another rebuild is at it."""
    await driver.execute(f"set lock_timeout = '{ALONE_SECONDS}s'")
    try:
        await driver.execute(ALONE)
    except asyncpg.LockNotAvailableError:
        raise CannotBe("another rebuild of the read model is at work: wait until it has ended") from None
    await driver.execute("reset lock_timeout")


async def make(driver: Driver) -> str:
    """Empty tables like the running ones, whatever an earlier rebuild has left; answers the tables' version."""
    async with driver.transaction():
        await driver.execute(DROP)
        await driver.execute("create schema rebuilding")
        for table in (*TABLES, "head"):
            await _like(driver, table)
        await driver.execute(LATE)
        version: str = await driver.fetchval(VERSION)
    await driver.execute(IN_SIGHT)
    return version


async def drop(driver: Driver) -> None:
    """Leave nothing beside the running tables."""
    await driver.execute(DROP)


async def _like(driver: Driver, table: str) -> None:
    """With the same names for constraints and indexes: a later migration refers to them."""
    await driver.execute(
        f"create table rebuilding.{table} (like public.{table} including all excluding indexes excluding constraints)"
    )
    for made in await driver.fetch(CONSTRAINTS, f"public.{table}"):
        await driver.execute(
            f'alter table rebuilding.{table} add constraint "{made["conname"]}" {made["said"]}'
        )
    for made in await driver.fetch(INDEXES, f"public.{table}"):
        await driver.execute(made["said"].replace(f" ON public.{table} ", f" ON rebuilding.{table} "))


async def analyse(driver: Driver) -> None:
    """So that the first pages after the swap are planned as well as before it."""
    for table in TABLES:
        await driver.execute(f"analyze rebuilding.{table}")


async def keep_vacuum_out(tx: Tx) -> None:
    """Pages and the consumer go on. The server ends a vacuum of its own for who waits longer than a second."""
    try:
        await tx.driver.execute(NO_VACUUM)
    except asyncpg.QueryCanceledError:
        raise CannotBe(
            "somebody is at work on the tables (vacuum, a new index): wait until it has ended"
        ) from None


async def lacking(tx: Tx) -> str:
    """What the running model has taken and these tables have not; empty when nothing."""
    await tx.driver.execute("set local enable_seqscan = on; set local enable_hashjoin = on")
    row = await tx.driver.fetchrow(LACKING, reactions.consumer)
    assert row is not None
    return f"{row['pairs']} subjects, the first {row['first']}" if row["pairs"] else ""


async def swap(tx: Tx, version: str) -> None:
    """Put the new tables in the place of the running ones. The heads are held, and say what the new tables hold."""
    if await tx.driver.fetchval(VERSION) != version:
        raise CannotBe("the tables were migrated meanwhile: begin the rebuild anew")
    await _lock_out_readers(tx)
    for table in TABLES:
        await tx.driver.execute(f"drop table public.{table}")
        await tx.driver.execute(f"alter table rebuilding.{table} set schema public")
    await drop(tx.driver)
    await tx.driver.execute(LOOK)


async def _lock_out_readers(tx: Tx) -> None:
    """All tables at once, in short tries: a page is waited for, and waits for us, for less than a second."""
    lock = f"lock table {', '.join(f'public.{table}' for table in TABLES)} in access exclusive mode"
    for _ in range(TRIES):
        try:
            async with tx.savepoint():
                await tx.driver.execute(f"set local statement_timeout = {WAIT_MILLISECONDS}")
                await tx.driver.execute(lock)
        except asyncpg.QueryCanceledError:
            await asyncio.sleep(WAIT_MILLISECONDS / 1000)
        else:
            await tx.driver.execute("reset statement_timeout")
            return
    raise CannotBe("the pages are too busy to put the new tables in place: try again at a quieter time")
