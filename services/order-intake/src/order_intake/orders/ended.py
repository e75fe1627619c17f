"""An order that has ended keeps its people's names for a time: the class of that time, and its deadline."""

from datetime import date, datetime, time, timedelta

from contracts.programme_personal import KeptClass, PersonalRules
from order_intake.known import known
from order_intake.orders import store
from order_intake.orders.rules import OPEN, Order, State
from order_intake.orders.store import Stored
from servicekit.db import Cause, Tx
from servicekit.timers import set_deadline

ROSTER_ENDS = "kept.roster"
"""The last day on which the names of an ended order's people are kept is over."""
UNDER_WAY = OPEN | {State.POOLING}
"""As long as an order is in one of these states its people are needed by name."""
CAME_TO_NOTHING = frozenset({State.REJECTED, State.WITHDRAWN, State.DISSOLVED})
"""Nobody was taught for it. One that was cancelled may have been begun."""

WITHOUT = """
select distinct order_id from roster_person r
where not exists (select from due where kind = $1 and key = r.order_id::text)"""


def class_of(order: Order) -> KeptClass:
    """As which data the roster of an ended order is kept."""
    return "roster_unused" if order.state in CAME_TO_NOTHING else "roster"


def kept_until(order: Order, ended_on: date, rules: PersonalRules) -> date | None:
    """The last day on which an order's roster is kept after it ended; shorter where nothing came of it."""
    return None if order.state in UNDER_WAY else rules.last_day(class_of(order), ended_on)


async def save(tx: Tx, stored: Stored, *, because: Cause | None = None) -> None:
    """The order as it is now; with its end the time of its roster begins."""
    await store.save(tx, stored)
    await set_end(tx, stored, because)


async def set_missing(tx: Tx) -> None:
    """Orders that ended before there was an end of rosters, or whose deadline was lost with a database."""
    ids = [row["order_id"] for row in await tx.driver.fetch(WITHOUT, ROSTER_ENDS)]
    for stored in await store.read_some(tx, ids) if ids else ():
        await set_end(tx, stored, None)


async def set_end(tx: Tx, stored: Stored, because: Cause | None) -> None:
    """The time of an ended order's roster ends as the rules say now; nothing while its people are needed."""
    rules = known(tx).programmes.rules.personal
    until = kept_until(stored.order, stored.changed_at.astimezone(tx.zone).date(), rules)
    if until is not None:
        due = datetime.combine(until + timedelta(days=1), time(), tx.zone)
        about, data = stored.order.id, {"of": class_of(stored.order)}
        await set_deadline(tx, ROSTER_ENDS, key=about, subject=about, due=due, data=data, because=because)
