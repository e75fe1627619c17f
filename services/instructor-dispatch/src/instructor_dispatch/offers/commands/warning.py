"""The date is near and nobody is certain: the union is told, the sooner the longer the drive."""

from contracts.values import AssignmentId
from instructor_dispatch.offers import nearness, store
from instructor_dispatch.offers.commands.driving import drive_of
from instructor_dispatch.offers.commands.saying import NEARS, Why
from instructor_dispatch.offers.rules import UNSETTLED
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.facts import record
from servicekit.timers import set_deadline
from staffing.rulebook import Rulebook


async def warn(tx: Tx, assignment_id: AssignmentId, *, because: Why = None) -> None:
    """Say so, or look again nearer to the date where the drive is shorter; nothing when it is settled."""
    offer = await store.read(tx, assignment_id)
    if offer.state not in UNSETTLED:
        return
    book: Rulebook = tx.known
    moment, drive = await now(tx), await drive_of(tx, offer)
    days = book.programmes.rules.dispatch.days_before(offer.slot.day, drive)
    fact = nearness.unconfirmed(offer, drive or 0, days, now=moment)
    if fact is not None:
        await record(tx, fact, because=because)
        return
    at = nearness.near_at(offer, days)
    if at is not None and moment < at:
        await set_deadline(tx, NEARS, key=assignment_id, subject=offer.order_id, due=at, because=because)
