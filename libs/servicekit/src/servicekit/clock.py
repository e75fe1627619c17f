"""The only source of now: the database's clock, plus an offset that only practice mode can move.

The offset is one row. Commands, reactions and timers ask `now(tx)` and `today(tx)`; within one transaction
the answer is the same, taken after its first subject was locked, so that the times of one subject never step
back. Tokens, limits and retries use the machine's own clock: they are not part of the played season.
"""

from datetime import UTC, date, datetime, timedelta

from contracts.refusals import Invalid
from servicekit.db import Tx

NOW = "select songjiao_now()"
OFFSET = "select moved from clock"
MOVE = "update clock set moved = $1"
BEGUN = "select exists (select from event) or (select moved <> interval '0' from clock)"


async def now(tx: Tx) -> datetime:
    """The moment of this transaction, UTC; while lost facts are folded, that of the fact."""
    if tx.as_of is not None:
        return tx.as_of.astimezone(UTC)
    if tx.time is None:
        tx.time = await tx.driver.fetchval(NOW)
    return tx.time.astimezone(UTC)


async def today(tx: Tx) -> date:
    """The day of this transaction on the local calendar (`SONGJIAO_ZONE`)."""
    return (await now(tx)).astimezone(tx.zone).date()


async def offset(tx: Tx) -> timedelta:
    """How far this service's clock is ahead of the database's."""
    moved: timedelta = await tx.driver.fetchval(OFFSET)
    return moved


async def move_clock(tx: Tx, to: datetime) -> datetime:
    """Set the clock to this moment; practice mode only.

    A season may begin in the past: the first move may go back while nothing was said, no later one may
    (`clock.backwards`).
    """
    tx.time = None
    here = await now(tx)
    if to < here and await tx.driver.fetchval(BEGUN):
        raise Invalid("clock.backwards", field="to", now=here.isoformat(), to=to.isoformat())
    await tx.driver.execute(MOVE, await offset(tx) + (to - here))
    tx.time = None
    return await now(tx)


def real_now() -> datetime:
    """The machine's own clock, UTC: a season that is played must not lock or unlock an account or end a link."""
    return datetime.now(UTC)
