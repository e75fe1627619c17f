"""A database that is slow, that says no for a moment, that others hold."""

import asyncio
import os
import signal
import time
from contextlib import suppress

import asyncpg

from songjiao_cli.chaos.faults import fault
from songjiao_cli.chaos.siege import Siege
from songjiao_cli.installation import SPEAKERS

SLOW_SECONDS = 5.0
STATEMENT_SECONDS = 0.2
HELD_SECONDS = 8.0
STRUCK_SECONDS = 1.5


@fault("database slow", row=13, quick=True)
async def slow_down(siege: Siege) -> None:
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


@fault("serialisation failures and deadlocks injected", row=13, quick=True)
async def inject_failures(siege: Siege) -> None:
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


@fault("real deadlocks", row=13)
async def lock_the_wrong_way_round(siege: Siege) -> None:
    """Somebody takes the locks of two orders in the wrong order and waits between."""
    done = 0
    for _ in range(5):
        service = siege.draw.choice(SPEAKERS)
        subjects = [each for each in (siege.some_order(), siege.some_order()) if each]
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            done += await _locked_backwards(siege.system.database_url(service), subjects)
    siege.seen.append(f"{done} times two orders locked the wrong way round")


async def _locked_backwards(url: str, subjects: list[str]) -> int:
    connection = await asyncpg.connect(url)
    try:
        keys = await connection.fetch(
            "select distinct hashtextextended(x, 0) k from unnest($1::text[]) x order by 1 desc", subjects
        )
        async with connection.transaction():
            for row in keys:
                await connection.execute("select pg_advisory_xact_lock($1)", row["k"])
                await asyncio.sleep(0.4)
    finally:
        await connection.close()
    return 1


@fault("a long writing transaction", row=10)
async def hold_a_transaction_open(siege: Siege) -> None:
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
