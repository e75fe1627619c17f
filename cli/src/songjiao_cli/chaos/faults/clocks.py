"""Clocks that are wrong."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import asyncpg

from songjiao_cli.chaos.faults import fault
from songjiao_cli.chaos.siege import Siege
from songjiao_cli.installation import SERVICES


@fault("a clock an hour wrong", row=16, quick=True)
async def set_a_clock_wrong(siege: Siege) -> None:
    """One service's clock an hour ahead or behind, then back: order and effects never depend on it."""
    service, hours = siege.draw.choice(SERVICES), siege.draw.choice((1, -1))
    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection = await asyncpg.connect(siege.system.database_url(service))
        for sign in (hours, -hours):
            await connection.execute("update clock set moved = moved + $1", timedelta(hours=sign))
            await asyncio.sleep(siege.draw.uniform(1.5, 3))
        await connection.close()
    siege.seen.append(f"the clock of {service} {hours:+} h and back")
