"""A database that is slow, that says no for a moment, that others hold."""

import asyncio
import os
import signal
import time
from contextlib import suppress

import asyncpg

from songjiao_cli.chaos.desk import Json
from songjiao_cli.chaos.faults import fault
from songjiao_cli.chaos.siege import Siege
from songjiao_cli.installation import SPEAKERS

SLOW_SECONDS = 5.0
STATEMENT_SECONDS = 0.2
HELD_SECONDS = 8.0
STRUCK_SECONDS = 1.5
COUNTED_SECONDS = 3.0
CROSSED, CROSSED_SECONDS = 2, 7.0
DISPATCH = "instructor-dispatch"
KEYS = "select distinct hashtextextended(x, 0) k from unnest($1::text[]) x order by 1"
HOLD = "select pg_advisory_xact_lock($1)"
WAITING = """
select count(*) > 0 from pg_locks l join pg_database d on d.oid = l.database
where l.locktype = 'advisory' and not l.granted and d.datname = current_database()"""
DEADLOCKS = "select deadlocks from pg_stat_database where datname = current_database()"


@fault("database slow", row=13, quick=True)
async def slow_down(siege: Siege) -> bool:
    """Every process of the server stands still for 200 ms, again and again."""
    limit = time.monotonic() + SLOW_SECONDS
    while time.monotonic() < limit:
        pids = siege.backends()
        for number in (signal.SIGSTOP, signal.SIGCONT):
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
            await asyncio.sleep(STATEMENT_SECONDS if number == signal.SIGSTOP else 0.02)
    siege.seen.append(f"database slow for {SLOW_SECONDS:.0f} s")
    return True


@fault("serialisation failures and deadlocks injected", row=13, quick=True)
async def inject_failures(siege: Siege) -> bool:
    """40001 and 40P01 where a consumer or a command is about to commit."""
    struck = 0
    for _ in range(8):
        service = siege.draw.choice(SPEAKERS)
        point = siege.draw.choice(("consumer.in_transaction", "command.before_commit"))
        file = siege.system.fault_file(service, point)
        file.write_text(siege.draw.choice(("serialization", "deadlock")))
        struck += await siege.until(lambda: siege.taken(file), STRUCK_SECONDS)  # noqa: B023  awaited at once
        file.unlink(missing_ok=True)
    siege.seen.append(f"{struck} of 8 passing failures injected")
    return struck > 0


@fault("real deadlocks", row=13)
async def lock_the_wrong_way_round(siege: Siege) -> bool:
    """A college accepts two orders' offers in one command while somebody holds the later lock and wants the earlier:
    the database ends one of both, and the command is done all the same.
    """
    before = await _deadlocks(siege)
    done, limit = 0, time.monotonic() + CROSSED_SECONDS
    while done < CROSSED and time.monotonic() < limit:
        pair = await siege.two_offers()
        if pair is None:
            await asyncio.sleep(0.2)
        else:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                done += await _crossed(siege, pair)
    met = await siege.until(lambda: _more_deadlocks(siege, before), COUNTED_SECONDS) if done else False
    siege.seen.append(f"two orders locked crosswise {done} times: {'deadlocks' if met else 'no deadlock'}")
    return met


async def _crossed(siege: Siege, pair: list[Json]) -> bool:
    """The later lock, then the command, and when that waits for us the earlier one."""
    connection = await asyncpg.connect(siege.system.database_url(DISPATCH))
    try:
        keys = await connection.fetch(KEYS, [each["order_id"] for each in pair])
        async with connection.transaction():
            await connection.execute(HOLD, keys[-1]["k"])
            command = asyncio.create_task(siege.accept(pair))
            waits = await siege.until(lambda: siege.sql(DISPATCH, WAITING), STRUCK_SECONDS)
            if waits:
                await connection.execute(HOLD, keys[0]["k"])
    except asyncpg.DeadlockDetectedError:
        waits = True  # it was us that was ended
    finally:
        await connection.close()
    await command
    return waits


async def _deadlocks(siege: Siege) -> int:
    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return int(await siege.sql(DISPATCH, DEADLOCKS))
    return 0


async def _more_deadlocks(siege: Siege, before: int) -> bool:
    return await _deadlocks(siege) > before


@fault("a long writing transaction", row=10)
async def hold_a_transaction_open(siege: Siege) -> bool:
    """In a service's database and in another one of the same server: everybody else's facts flow."""
    service = siege.draw.choice(SPEAKERS)
    urls = (siege.system.database_url(service), f"{siege.system.where.database.rstrip('/')}/postgres")
    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connections = [await asyncpg.connect(url) for url in urls]
        for connection in connections:
            await connection.execute("create table if not exists chaos_note (at timestamptz)")
            await connection.execute("begin")
            await connection.execute("insert into chaos_note values (now())")
        before = siege.answered()
        await asyncio.sleep(HELD_SECONDS)
        siege.check(holds=siege.answered() > before, told="nothing was answered beside a long transaction")
        siege.check(
            holds=(await siege.operations(service))["unsent_seconds"] < HELD_SECONDS / 2,
            told=f"a long transaction held back the facts of {service}",
        )
        for connection in connections:
            await connection.execute("rollback")
            await connection.close()
        siege.seen.append(f"a writing transaction open for {HELD_SECONDS:.0f} s beside {service}")
        return True
    siege.seen.append("a long writing transaction: the database was away")
    return False
