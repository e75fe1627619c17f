"""What the facts of an order do to its row, when they are all that is left of it.

What lay on the desk and was not asked for, and the free words of a note, are in no fact: they are gone.
"""

from contracts.order_intake import (
    OrderAccepted,
    OrderFact,
    OrderPoolProposed,
    OrderPoolWithdrawn,
    OrderSubmitted,
)
from order_intake.orders import ended, rules, store
from order_intake.orders.store import Stored
from servicekit.clock import now
from servicekit.db import Cause, Tx
from servicekit.facts import hold_subject
from servicekit.timers import drop_deadline, set_deadline

CONSENT_OVER = "consent.over"
"""Deadline of every joint order that is proposed: from then on silence is no consent."""


async def submitted(tx: Tx, fact: OrderSubmitted, cause: Cause) -> None:
    """The order as asked for; one whose draft is gone is made known by it."""
    await hold_subject(tx, fact.order_id)
    if not await store.read_some(tx, [fact.order_id]):
        await store.number_given(tx, fact.number)
        await store.add(tx, Stored(rules.begun(fact), 1, rules.Progress(), None, await now(tx)))
    await changed(tx, fact, cause)


async def proposed(tx: Tx, fact: OrderPoolProposed, cause: Cause) -> None:
    """The joint order; its number is given, and its members have their time to consent."""
    await hold_subject(tx, fact.order_id)
    await store.number_given(tx, fact.number)
    await store.add(tx, Stored(rules.begun_jointly(fact), 1, rules.Progress(), None, await now(tx)))
    await changed(tx, fact, cause)
    await set_deadline(
        tx, CONSENT_OVER, key=fact.order_id, subject=fact.order_id, due=fact.answer_by, because=cause
    )


async def changed(tx: Tx, fact: OrderFact, _cause: Cause) -> None:
    """The order after the fact."""
    stored = await store.lock(tx, fact.order_id, of=None)
    await ended.save(tx, store.after(stored, fact, at=await now(tx)))
    if isinstance(fact, OrderAccepted | OrderPoolWithdrawn):
        await drop_deadline(tx, CONSENT_OVER, fact.order_id)
