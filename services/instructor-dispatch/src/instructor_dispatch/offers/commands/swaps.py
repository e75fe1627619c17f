"""A swap is done when both halves agree: then somebody gives a session up and comes to another."""

from contracts.values import because as reason
from instructor_dispatch.offers import rules, store
from instructor_dispatch.offers.commands import staffed
from instructor_dispatch.offers.commands.endings import staff_again
from instructor_dispatch.offers.commands.saying import Why, row_of, say
from instructor_dispatch.offers.rules import Offer, OfferState
from instructor_dispatch.reservations import commands as reservations
from servicekit.db import Tx


class _DoesNotFit(Exception):  # noqa: N818  takes a savepoint back
    """Meanwhile something else stands where the swap would put the person."""


async def complete(tx: Tx, agreed: Offer, *, because: Why = None) -> None:
    """One half has agreed; when the other has too, both become firm, or neither."""
    if agreed.linked is None:
        return
    other = await store.read(tx, agreed.linked)
    if other.state is not OfferState.AGREED:
        return
    halves = [agreed, other]
    try:
        async with tx.savepoint():
            await _exchange(tx, halves, because)
    except _DoesNotFit:
        for half in halves:
            await say(tx, half, rules.release(half, reason("swap.broken")), because=because)
        for half in halves:
            await staff_again(tx, half.duty_id, because=because)
        return
    for half in halves:
        await staffed.look(tx, half.order_id, because=because)


async def _exchange(tx: Tx, halves: list[Offer], because: Why) -> None:
    """Who gives a session up is freed from it and reserved for the other; who takes it over is held already."""
    await reservations.hold_colleges(tx, [half.college_id for half in halves])
    reserved = await reservations.reserved(tx, [half.assignment_id for half in halves])
    comes, takes_over = sorted(halves, key=lambda half: half.assignment_id in reserved)
    for firm in await store.offers_of_duty(tx, takes_over.duty_id):
        if firm.state is OfferState.FIRM and firm.person_id == comes.person_id:
            await say(tx, firm, rules.release(firm, reason("swap.done")), because=because)
    duty = await store.duty_of(tx, comes.duty_id)
    if duty is None or comes.person_id is None:
        raise _DoesNotFit
    if not await reservations.reserve(tx, row_of(duty, comes.person_id, comes.assignment_id, "firm")):
        raise _DoesNotFit
    for half in (takes_over, comes):
        await say(tx, half, rules.make_firm(half), because=because)
