"""Clocks that are wrong."""

import asyncio
from datetime import timedelta

from songjiao_cli.chaos.faults import fault
from songjiao_cli.chaos.siege import Siege
from songjiao_cli.installation import SERVICES

DATABASE_SECONDS = 30.0


@fault("a clock an hour wrong", row=16, quick=True)
async def set_a_clock_wrong(siege: Siege) -> bool:
    """One service's clock an hour ahead or behind, then back: order and effects never depend on it."""
    service, hours = siege.draw.choice(SERVICES), siege.draw.choice((1, -1))
    await _turn(siege, service, hours)
    try:
        await asyncio.sleep(siege.draw.uniform(1.5, 3))
    finally:
        await _turn(siege, service, -hours)
    siege.seen.append(f"the clock of {service} {hours:+} h and back")
    return True


async def _turn(siege: Siege, service: str, hours: int) -> None:
    """As soon as the database lets us: a clock that stays wrong would be another fault."""
    turned = await siege.until(
        lambda: siege.sql(
            service, "update clock set moved = moved + $1 returning true", timedelta(hours=hours)
        ),
        DATABASE_SECONDS,
    )
    siege.check(holds=turned, told=f"the clock of {service} cannot be turned: its database is away")
