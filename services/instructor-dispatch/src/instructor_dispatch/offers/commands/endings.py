"""What ends with an offer: the other half of its swap, and the search for somebody else."""

from uuid import UUID

from contracts.values import Reason
from contracts.values import because as reason
from instructor_dispatch.offers import rules, store
from instructor_dispatch.offers.commands import staffed
from instructor_dispatch.offers.commands.choosing import staff
from instructor_dispatch.offers.commands.saying import Why, say
from instructor_dispatch.offers.rules import WAITS, DutyState, Offer
from servicekit.clock import now
from servicekit.db import Tx


async def staff_again(tx: Tx, duty_id: UUID, *, because: Why = None) -> None:
    """Ask the next best, if somebody is missing now."""
    duty = await store.duty_of(tx, duty_id)
    if duty is not None:
        await staff(tx, duty, step=1, because=because)


async def try_again(tx: Tx, duty_id: UUID, *, because: Why = None) -> None:
    """Somebody is free who may close the gap; nothing when it is closed, off, or stands at another time by now."""
    duty = await store.duty_of(tx, duty_id)
    if duty is not None and duty.state is DutyState.UNSTAFFABLE and not duty.begun(await now(tx)):
        await staff(tx, duty, step=1, told=True, because=because)


async def release(tx: Tx, offer: Offer, why: Reason, *, because: Why = None) -> None:
    """Free whoever was held or firm; a gap takes `order.staffed` back. The choosing is held."""
    _, position = await say(tx, offer, rules.release(offer, why), because=because)
    await staffed.look(tx, offer.order_id, because=position)
    await end_other_half(tx, offer, because=position)


async def end_other_half(tx: Tx, ended: Offer, *, because: Why = None) -> None:
    """A swap is both or nothing: the other half is freed too, and its session asked for again if need be.

    Its order is held already: whoever holds the order of a half that waits holds both, before the choosing.
    """
    if ended.linked is None:
        return
    other = await store.read(tx, ended.linked)
    if other.state not in WAITS:
        return
    _, position = await say(tx, other, rules.release(other, reason("swap.broken")), because=because)
    await staff_again(tx, other.duty_id, because=position)
