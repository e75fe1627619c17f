"""Nobody could come, and then somebody is free: who asks again, and when. Each gap once for each such moment."""

from datetime import timedelta
from uuid import UUID

from contracts.values import CollegeId
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.offers import store
from instructor_dispatch.offers.assisting import assistants_of
from servicekit.clock import now
from servicekit.db import Cause, Position, Tx
from servicekit.timers import set_deadline

AGAIN = "duty.again"
AFTER = timedelta(microseconds=1)
"""From one gap to the next, so that they are looked at in the order of their time."""


async def look_again(tx: Tx, college_id: CollegeId, *, because: Cause | Position | None) -> None:
    """The college has somebody free, or may send one more: gaps that its people might close are looked at again.

    The choosing is held, so that no gap comes in meanwhile. One that waits already is not touched: it is looked
    at when the choosing is free, and sees what we have changed.
    """
    moment = await now(tx)
    gaps = await store.gaps(tx, AGAIN, after=moment)
    held = await instructors.occupations(tx, college_id) if gaps else set()
    for number, gap in enumerate(each for each in gaps if each.occupation in held):
        due = moment + number * AFTER
        await set_deadline(tx, AGAIN, key=gap.duty_id, subject=gap.order_id, due=due, because=because)


async def look_again_at(tx: Tx, duty_id: UUID, *, because: Cause | Position | None) -> None:
    """Something about this session, its assistants too, or batch may let somebody come; nothing when it is no gap."""
    moment = await now(tx)
    for gap in await store.gaps(tx, AGAIN, after=moment):
        if gap.duty_id in {duty_id, assistants_of(duty_id)}:
            await set_deadline(tx, AGAIN, key=gap.duty_id, subject=gap.order_id, due=moment, because=because)
